//! A preview is the mail that would be sent.

use serde_json::{Value, json};
use tests::{SENDER, Stack, message, note, transcript};

use crate::mail::Setup;

const PATH: &str = "/v1/conversations/c1/transcripts/preview";

async fn start() -> Setup {
    let setup = Setup::start_with(&[], json!({ "language": "pl" })).await;
    setup
        .record(&[message("m1", "2026-11-27T21:35:00Z", "Hello")])
        .await;
    setup
}

#[tokio::test]
async fn a_preview_is_the_mail_that_is_sent_next() {
    let Setup { stack, agent, .. } = start().await;
    let body = json!({ "from": SENDER, "sender_name": "Acme", "note": "Hi Ana" });
    let preview = agent.post(PATH, body.clone()).await.expect(200);
    let sent = agent.send_transcript_as("c1", body).await.expect(201);
    let mail = stack.outbox().await.pop().unwrap();
    for part in ["subject", "text", "html"] {
        assert_eq!(preview[part], mail[part], "{part}");
    }
    for member in ["to", "language", "message_count"] {
        assert_eq!(preview[member], sent["transcript"][member], "{member}");
    }
    assert_eq!(preview["language"], "pl");
}

#[tokio::test]
async fn a_preview_sends_nothing_and_uses_no_slot() {
    let Setup { stack, agent, .. } = start().await;
    let before = agent.conversation("c1").await;
    for _ in 0..6 {
        agent.post(PATH, transcript()).await.expect(200);
    }
    assert_eq!(stack.outbox().await, Vec::<Value>::new());
    assert_eq!(agent.conversation("c1").await, before);
    for _ in 0..5 {
        agent.send_transcript("c1").await.expect(201);
    }
    agent.post(PATH, transcript()).await.expect(200);
}

#[tokio::test]
async fn the_faces_of_a_preview_answer_nothing() {
    let Setup {
        stack: _stack,
        agent,
        ..
    } = start().await;
    let mut body = transcript();
    body["ask_for_rating"] = json!(true);
    let preview = agent.post(PATH, body).await.expect(200);
    let html = preview["html"].as_str().unwrap();
    assert_eq!(html.matches("/rate\"").count(), 5, "{html}");
    assert!(!html.contains("/rate#"));
    assert_eq!(agent.events("c1", "rating_requested").await.len(), 0);
    assert_eq!(
        agent.conversation("c1").await["actions"]["ask_rating"]["state"],
        "enabled"
    );
}

#[tokio::test]
async fn a_preview_of_a_long_conversation_names_the_file_that_is_attached() {
    let setup = start().await;
    let long = "<".repeat(30_000);
    setup
        .record(&[message("m2", "2026-11-27T21:36:00Z", &long)])
        .await;
    let preview = setup.agent.post(PATH, transcript()).await.expect(200);
    assert_eq!(preview["attachment"]["name"], "transcript.html");
    assert!(preview["attachment"]["bytes"].as_u64().unwrap() > 90_000);
    assert!(preview["html"].as_str().unwrap().len() < 90_000);
}

#[tokio::test]
async fn a_mail_that_is_too_large_for_a_response_has_no_preview() {
    let setup = start().await;
    let long = "\u{1F600}".repeat(32_000);
    let messages: Vec<_> = (0..40)
        .map(|index| message(&format!("l{index}"), "2026-11-27T21:36:00Z", &long))
        .collect();
    for messages in messages.chunks(5) {
        setup.record(messages).await;
    }
    let refused = setup.agent.post(PATH, transcript()).await;
    refused.expect_problem(422, "transcript_too_large");
}

#[tokio::test]
async fn a_preview_is_refused_for_the_same_reasons_as_a_transcript() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    let agent = stack.agent("kim").await;
    let refused =
        async |body: Value, status, code| agent.post(PATH, body).await.expect_problem(status, code);
    refused(transcript(), 404, "conversation_not_found").await;
    let platform = stack.platform().await;
    platform
        .put("/v1/conversations/c1", json!({ "channel": "widget" }))
        .await
        .expect(201);
    refused(transcript(), 422, "recipient_required").await;
    let mut body = transcript();
    body["to"] = json!("ana@example.org");
    refused(body.clone(), 422, "nothing_to_send").await;
    let private = json!({ "messages": [note("n1", "2026-01-05T09:00:00Z", "Secret")] });
    platform
        .post("/v1/conversations/c1/messages", private)
        .await
        .expect(200);
    refused(body.clone(), 422, "nothing_to_send").await;
    body["from"] = json!("other@example.com");
    refused(body.clone(), 422, "sender_not_verified").await;
    body["from"] = json!("not an address");
    let problem = refused(body, 422, "invalid_request").await;
    assert_eq!(problem["field"], "from");
    let visitor = stack.conversation("c2").await;
    visitor.post(PATH, transcript()).await.expect(401);
}

#[tokio::test]
async fn a_preview_contains_no_private_note_and_no_earlier_version_of_a_message() {
    let setup = start().await;
    setup
        .record(&[
            note("n1", "2026-11-27T21:36:00Z", "Secret"),
            message("m1", "2026-11-27T21:35:00Z", "Corrected"),
        ])
        .await;
    let preview = setup.agent.post(PATH, transcript()).await.expect(200);
    let text = preview["text"].as_str().unwrap();
    assert!(text.contains("Corrected") && !text.contains("Secret") && !text.contains("Hello"));
}
