//! Retries of transcripts with a rating request.

use serde_json::json;
use tests::{SENDER, transcript, transcript_with_faces};

use crate::mail_rating::{Setup, TRANSCRIPTS, id_of};

#[tokio::test]
async fn a_retry_replays_the_response_and_requests_one_rating() {
    let setup = Setup::start().await;
    for (key, has_request) in [("first", true), ("second", false)] {
        let send = || {
            setup
                .agent
                .post_with_key(TRANSCRIPTS, key, transcript_with_faces())
        };
        let first = send().await.expect(201);
        assert_eq!(first["rating_request"]["id"].is_string(), has_request);
        let retry = send().await;
        assert_eq!(retry.header("idempotent-replayed"), "true");
        assert_eq!(retry.expect(201), first);
    }
    assert_eq!(setup.count_rating_requests("c1").await, 1);
    assert_eq!(setup.stack.outbox().await.len(), 2);
    let other = setup
        .agent
        .post_with_key(TRANSCRIPTS, "first", transcript());
    other.await.expect_problem(422, "idempotency_key_reused");
}

#[tokio::test]
async fn a_retry_of_a_refused_send_mails_the_links_of_the_first_rating_request() {
    let setup = Setup::start().await;
    let send = || {
        setup
            .agent
            .post_with_key(TRANSCRIPTS, "key", transcript_with_faces())
    };
    setup.stack.next_sends(&["reject"]).await;
    send().await.expect_problem(502, "email_refused");
    let shown = setup.visitor.rating_request().await;
    let made = shown["rating_request"]["id"].as_str().unwrap();
    assert_eq!(setup.stack.outbox().await.len(), 0);

    setup.stack.advance(60).await;
    let retry = send().await;
    assert_eq!(
        retry.header("idempotent-replayed"),
        "",
        "the mail is sent now"
    );
    let sent = retry.expect(201);
    assert_eq!(id_of(&sent), made);
    assert_eq!(setup.count_rating_requests("c1").await, 1);
    let links = setup.stack.link_tokens().await;
    assert_eq!(links.len(), 5);
    let rated = setup.stack.bearer(&links[4]);
    rated.rate(made, json!({ "score": 5 })).await.expect(201);
}

#[tokio::test]
async fn a_refused_send_repeated_with_another_payload_reuses_the_rating_request() {
    let setup = Setup::start().await;
    setup.stack.identity(SENDER, false).await;
    let reply = setup
        .agent
        .post_with_key(TRANSCRIPTS, "key", transcript_with_faces())
        .await;
    reply.expect_problem(422, "sender_not_verified");
    setup.stack.identity(SENDER, true).await;
    let mut renamed = transcript_with_faces();
    renamed["sender_name"] = json!("Acme");
    let sent = setup.agent.post_with_key(TRANSCRIPTS, "key", renamed).await;
    let request = id_of(&sent.expect(201));
    assert_eq!(setup.count_rating_requests("c1").await, 1);
    let links = setup.stack.link_tokens().await;
    let link = setup.stack.bearer(&links[0]);
    link.rate(&request, json!({ "score": 1 })).await.expect(201);
}
