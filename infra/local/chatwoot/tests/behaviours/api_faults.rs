//! Faults of the API.

use std::time::{Duration, Instant};

use local_chatwoot::{ApiFault, FaultRule, Options};
use reqwest::Method;
use serde_json::json;

use crate::kit::{Office, Reply};

async fn get_with(office: &Office, fault: ApiFault) -> Reply {
    office.chatwoot.inject_faults([FaultRule::next(fault)]);
    office.client().get("/agents").await
}

#[tokio::test]
async fn a_post_can_be_stored_and_never_answered() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let path = format!("/conversations/{}/messages", conversation.display_id);
    let client = office.client();
    let body = || Some(json!({"content": "Stored"}));
    office
        .chatwoot
        .inject_faults([FaultRule::next(ApiFault::LostReply)]);
    assert!(client.try_send(Method::POST, &path, body()).await.is_err());
    office
        .chatwoot
        .inject_faults([FaultRule::next(ApiFault::NoAnswer)]);
    let waited = Duration::from_millis(200);
    let post = client.try_send(Method::POST, &path, body());
    assert!(tokio::time::timeout(waited, post).await.is_err());
    let messages = client.messages(conversation.display_id, "").await;
    assert_eq!(messages.len(), 3);
    let creations = office
        .events()
        .iter()
        .filter(|it| *it == "message_created")
        .count();
    assert_eq!(creations, 2);
}

#[tokio::test]
async fn a_server_error_comes_after_a_delay() {
    assert_eq!(
        Options::default().server_error_delay,
        Duration::from_secs(15)
    );
    let delay = Duration::from_millis(50);
    let office = Office::with(Options {
        server_error_delay: delay,
        ..Options::default()
    })
    .await;
    let start = Instant::now();
    let reply = get_with(&office, ApiFault::SlowServerError).await;
    assert_eq!(reply.status, 500);
    assert_eq!(reply.content_type, "text/html");
    assert!(start.elapsed() >= delay);
}

#[tokio::test]
async fn a_response_can_be_slow_huge_or_garbage() {
    let office = Office::new().await;
    let delay = Duration::from_millis(50);
    let start = Instant::now();
    assert_eq!(get_with(&office, ApiFault::Slow(delay)).await.status, 200);
    assert!(start.elapsed() >= delay);
    let huge = get_with(&office, ApiFault::Huge(20_000_000)).await;
    assert!(huge.bytes.len() > 20_000_000);
    assert!(huge.json().is_array());
    let garbage = get_with(&office, ApiFault::Garbage).await;
    assert_eq!(garbage.status, 200);
    assert!(serde_json::from_slice::<serde_json::Value>(&garbage.bytes).is_err());
}

#[tokio::test]
async fn a_response_can_redirect_or_have_any_status() {
    let office = Office::new().await;
    let redirect = ApiFault::Redirect("http://169.254.169.254/".to_owned());
    assert_eq!(get_with(&office, redirect).await.status, 302);
    for status in [403, 404, 422, 500, 502, 503] {
        let reply = get_with(&office, ApiFault::Status(status)).await;
        assert_eq!(reply.status, status);
    }
    let limited = get_with(&office, ApiFault::RateLimited).await;
    assert_eq!(limited.status, 429);
    assert_eq!(limited.content_type, "text/plain");
}

#[tokio::test]
async fn a_fault_waits_for_its_call() {
    let office = Office::new().await;
    let rule = FaultRule::next_of("GET", "/inboxes", ApiFault::Status(503));
    office.chatwoot.inject_faults([rule.clone()]);
    let client = office.client();
    assert_eq!(client.get("/agents").await.status, 200);
    let unused = office.chatwoot.take_faults();
    assert_eq!(unused, [rule]);
    office.chatwoot.inject_faults(unused);
    assert_eq!(client.get("/inboxes").await.status, 503);
    assert_eq!(client.get("/inboxes").await.status, 200);
}
