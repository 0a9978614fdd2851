//! Messages near DynamoDB's limit of 400 KB for an item and its index entry. A message that is too large is refused
//! before anything is written.

use serde_json::{Value, json};
use tests::{Stack, message, note};

const MESSAGES: &str = "/v1/conversations/c1/messages";

/// A message with this many attachments, whose URLs have the maximum length.
fn large(id: &str, text: &str, attachments: usize) -> Value {
    let mut message = message(id, "2026-01-05T09:30:00Z", text);
    let url = format!("https://example.org/{}", "a".repeat(2_028));
    let attachment = json!({ "name": "ä".repeat(255), "url": url });
    message["attachments"] = vec![attachment; attachments].into();
    message
}

#[tokio::test]
async fn a_message_too_large_for_dynamodb_is_refused() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let before = stack.all_data().await;
    let four_bytes = "😊".repeat(32_000);
    let small = message("m2", "2026-01-05T09:29:00Z", "Small");
    let body = json!({ "messages": [small, large("m3", &four_bytes, 32)] });
    let problem = platform
        .post(MESSAGES, body)
        .await
        .expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "messages[1]");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("at most 200000 bytes"), "{detail}");
    assert_eq!(stack.all_data().await, before);

    let mut private = note("m3", "2026-01-05T09:30:00Z", &four_bytes);
    private["attachments"] = large("m3", "", 32)["attachments"].take();
    let body = json!({ "messages": [private] });
    platform
        .post(MESSAGES, body)
        .await
        .expect_problem(422, "invalid_request");
}

#[tokio::test]
async fn the_longest_text_and_the_most_attachments_can_be_recorded_and_mailed() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let messages = [
        large("m2", &"😊".repeat(32_000), 0),
        large("m3", "Files", 32),
        large("m4", &"ä".repeat(32_000), 32),
    ];
    for message in messages {
        let body = json!({ "messages": [message] });
        platform.post(MESSAGES, body).await.expect(200);
    }
    let agent = stack.agent("kim").await;
    let sent = agent.send_transcript("c1").await.expect(201);
    assert_eq!(sent["transcript"]["message_count"], 4);
}
