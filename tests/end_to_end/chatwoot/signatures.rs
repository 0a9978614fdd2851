//! Events without the key or a valid signature are refused.

use local_chatwoot::DeliveryPlan;
use reqwest::Method;
use serde_json::json;
use tests::Reply;

use crate::chatwoot::Team;

/// A pending hook, as the server would send it, and its path here.
async fn hook(team: &Team) -> (String, Vec<(&'static str, String)>, Vec<u8>) {
    let listed = team.admin.get("/v1/connections").await.expect(200);
    let url = listed["connections"][0]["webhook_url"].as_str().unwrap();
    let path = url.strip_prefix(team.stack.url()).unwrap().to_owned();
    team.visitor_writes("Where is my parcel?");
    let pending = team.chatwoot.take_pending_hooks();
    let hook = pending.iter().find_map(|it| team.chatwoot.build_hook(it));
    let hook = hook.unwrap();
    (path, hook.headers(), hook.body)
}

async fn send(
    team: &Team,
    path: &str,
    headers: &[(&'static str, String)],
    body: impl Into<reqwest::Body>,
) -> Reply {
    let request = team.stack.nobody().request(Method::POST, path).body(body);
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, value)
    });
    Reply::of(request).await
}

#[tokio::test]
async fn an_event_needs_the_signature_of_the_webhook() {
    let team = Team::new().await;
    team.connect().await;
    let (path, headers, body) = hook(&team).await;
    let without = |name: &str| -> Vec<_> {
        let kept = headers
            .iter()
            .filter(|(it, _)| !it.eq_ignore_ascii_case(name));
        kept.cloned().collect()
    };
    for wrong in [
        Vec::new(),
        without("x-chatwoot-signature"),
        without("x-chatwoot-timestamp"),
    ] {
        let refused = send(&team, &path, &wrong, body.clone()).await;
        refused.expect_problem(401, "invalid_signature");
    }
    let mut changed = body.clone();
    changed.push(b' ');
    let refused = send(&team, &path, &headers, changed).await;
    refused.expect_problem(401, "invalid_signature");
    let accepted = send(&team, &path, &headers, body.clone()).await;
    assert_eq!(accepted.expect(200), json!({"accepted": true}));
    team.stack.advance(301).await;
    let refused = send(&team, &path, &headers, body).await;
    refused.expect_problem(401, "invalid_signature");
}

#[tokio::test]
async fn an_unknown_key_takes_one_read_and_changes_nothing() {
    let team = Team::new().await;
    team.connect().await;
    let (path, headers, body) = hook(&team).await;
    let (start, key) = path.rsplit_once('/').unwrap();
    let other: String = key.chars().rev().collect();
    for path in [
        format!("{start}/{other}"),
        format!("{start}/{}", &key[1..]),
        path.replace("/main/", "/other/"),
        path.replace("/main/", "/MAIN/"),
    ] {
        let refused = send(&team, &path, &headers, body.clone()).await;
        refused.expect_problem(404, "hook_not_found");
    }
}

#[tokio::test]
async fn an_event_that_cannot_be_read_is_answered_with_the_reason() {
    let team = Team::with(local_chatwoot::Options {
        version: local_chatwoot::ServerVersion::V4_9,
        ..local_chatwoot::Options::default()
    })
    .await;
    team.connect().await;
    let (path, _, _) = hook(&team).await;
    for (body, reason) in [
        ("", "unreadable_event: the payload must be a JSON object"),
        ("[]", "unreadable_event: the payload must be a JSON object"),
        ("{}", "unreadable_event: `event` is required"),
        (
            r#"{"event":"message_created"}"#,
            "unreadable_event: `conversation` is required",
        ),
        (r#"{"event":"webwidget_triggered"}"#, "unknown_event"),
        (
            r#"{"event":"conversation_updated","id":1,"account":{"id":9999}}"#,
            "other_account",
        ),
        (
            r#"{"event":"conversation_updated","id":77}"#,
            "unknown_conversation",
        ),
    ] {
        let reply = send(&team, &path, &[], body).await.expect(200);
        assert_eq!(
            reply,
            json!({"accepted": false, "reason": reason}),
            "{body}"
        );
    }
    let large = format!(r#"{{"event":"x","a":"{}"}}"#, "a".repeat(3_900_000));
    let reply = send(&team, &path, &[], large).await.expect(200);
    assert_eq!(reply["reason"], "unknown_event");
    let reply = send(&team, &path, &[], "a".repeat(4_000_001)).await;
    reply.expect_problem(413, "body_too_large");
}

#[tokio::test]
async fn forty_concurrent_events_are_recorded() {
    let team = Team::connected().await;
    for number in 0..40 {
        let text = format!("Message {number}");
        team.chatwoot
            .visitor_writes(team.conversation, &text)
            .unwrap();
    }
    team.chatwoot
        .deliver_hooks(&DeliveryPlan::in_order().concurrently())
        .await;
    let deliveries = team.chatwoot.deliveries();
    assert!(deliveries.iter().all(|it| it.outcome.is_delivered()));
    team.deliver().await;
    assert_eq!(team.recorded_texts().await.len(), 42);
}
