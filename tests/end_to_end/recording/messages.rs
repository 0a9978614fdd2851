//! Recording messages: identity, fields and times.

use serde_json::{Value, json};
use tests::{Stack, message, note};

use crate::recording::{SENT_AT, messages, record};

#[tokio::test]
async fn recording_the_same_messages_again_changes_nothing() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let messages = [message("m2", SENT_AT, "Hi"), note("m3", SENT_AT, "VIP")];
    let body = record(&platform, &messages).await.expect(200);
    assert_eq!(body, json!({ "recorded": 2 }));
    let before = items_without_write_ids(&stack).await;
    let body = record(&platform, &messages).await.expect(200);
    assert_eq!(body, json!({ "recorded": 2 }));
    assert_eq!(items_without_write_ids(&stack).await, before);
}

/// The items of the table without the ids of the last write, which differ between writes.
async fn items_without_write_ids(stack: &Stack) -> Vec<Value> {
    let mut items = stack.items().await;
    for item in items.iter_mut().filter_map(Value::as_object_mut) {
        item.remove("thread_version");
        item.remove("written_by");
    }
    items
}

#[tokio::test]
async fn messages_are_identified_by_time_and_id() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    for sent_at in [SENT_AT, "2026-01-05T09:30:00.001Z"] {
        for id in ["m2", "M2"] {
            let recorded = message(id, sent_at, &format!("{id} at {sent_at}"));
            record(&platform, &[recorded]).await.expect(200);
        }
    }
    let agent = stack.agent("kim").await;
    assert_eq!(messages(&agent).await.len(), 1 + 4);
}

#[tokio::test]
async fn a_message_is_stored_with_all_its_fields_unchanged() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let author = json!({ "kind": "bot", "id": "bot-1", "name": "Möwe 🐦" });
    let attachments = json!([
        {
            "name": "tracking.pdf",
            "url": "https://files.example.com/tracking.pdf?a=1&b=2",
            "content_type": "application/pdf",
            "bytes": 48_213,
        },
        { "name": "photo.jpg", "url": "http://files.example.com/photo.jpg" },
    ]);
    let text = "  two\nlines, a \u{0} and \u{202e}direction  ";
    let recorded = json!({
        "id": "m2",
        "sent_at": SENT_AT,
        "author": author,
        "visibility": "public",
        "text": text,
        "attachments": attachments,
    });
    record(&platform, &[recorded]).await.expect(200);
    let read = stack.agent("kim").await.conversation("c1").await;
    assert_eq!(
        read["thread"]["entries"][1],
        json!({
            "id": "m2",
            "at": SENT_AT,
            "kind": "message",
            "visibility": "public",
            "author": author,
            "text": text,
            "attachments": attachments,
        })
    );
}

#[tokio::test]
async fn a_time_with_an_offset_is_converted_to_utc() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    for sent_at in [
        SENT_AT,
        "2026-01-05T11:30:00+02:00",
        "2026-01-05T04:00:00.0009-05:30",
        "2026-01-05t09:30:00z",
    ] {
        record(&platform, &[message("m2", sent_at, sent_at)])
            .await
            .expect(200);
        let read = stack.agent("kim").await.conversation("c1").await;
        let entries = read["thread"]["entries"].as_array().unwrap();
        assert_eq!(entries.len(), 2, "{sent_at}");
        assert_eq!(entries[1]["at"], SENT_AT);
        assert_eq!(entries[1]["text"], sent_at);
    }
}

#[tokio::test]
async fn messages_for_an_unknown_conversation_are_refused() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let before = stack.all_data().await;
    record(&platform, &[message("m2", SENT_AT, "Hi")])
        .await
        .expect_problem(404, "conversation_not_found");
    assert_eq!(stack.all_data().await, before);
}
