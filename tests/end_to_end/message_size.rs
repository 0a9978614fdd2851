//! DynamoDB takes 400 KB for an item together with its entry in the index. A message that is larger is
//! refused before anything is written.

use serde_json::{Value, json};
use tests::{Stack, message, note};

const MESSAGES: &str = "/v1/conversations/c1/messages";

/// A message with so many attachments whose URLs are as long as they may be.
fn large(id: &str, text: &str, attachments: usize) -> Value {
    let mut message = message(id, "2026-01-05T09:30:00Z", text);
    let url = format!("https://example.org/{}", "a".repeat(2_028));
    let attachment = json!({ "name": "ä".repeat(255), "url": url });
    message["attachments"] = vec![attachment; attachments].into();
    message
}

#[tokio::test]
async fn a_message_that_dynamodb_cannot_store_beside_its_index_entry_is_refused_by_its_size() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let kept = stack.kept().await;
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
    assert_eq!(stack.kept().await, kept);

    let mut private = note("m3", "2026-01-05T09:30:00Z", &four_bytes);
    private["attachments"] = large("m3", "", 32)["attachments"].take();
    let body = json!({ "messages": [private] });
    platform
        .post(MESSAGES, body)
        .await
        .expect_problem(422, "invalid_request");
}

#[tokio::test]
async fn the_longest_text_alone_and_the_most_attachments_alone_are_recorded_and_mailed() {
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
