use serde_json::{Value, json};
use tests::{Stack, message};

use super::{MINUTE, SECOND, advance, asking, record, requests, start, store};

/// Whether a rule with these conditions asks in a conversation with these details and this message of
/// its visitor.
async fn asks(conditions: Value, details: Value) -> bool {
    let (stack, _) = start(asking(&conditions)).await;
    let mut body = json!({ "status": "resolved" });
    for (name, value) in details.as_object().unwrap() {
        body[name] = value.clone();
    }
    record(&stack, body).await;
    advance(&stack, 15 * MINUTE + SECOND).await;
    !requests(&stack).await.is_empty()
}

#[tokio::test]
async fn each_condition_decides() {
    let none = || json!({});
    for (conditions, details, expected) in [
        (json!({ "channels": ["widget"] }), none(), true),
        (json!({ "channels": ["voice"] }), none(), false),
        (
            json!({ "inboxes": ["3"] }),
            json!({ "inbox": { "id": "3" } }),
            true,
        ),
        (
            json!({ "inboxes": ["3"] }),
            json!({ "inbox": { "id": "4" } }),
            false,
        ),
        (json!({ "inboxes": ["3"] }), none(), false),
        (
            json!({ "teams": ["t"] }),
            json!({ "team": { "id": "t" } }),
            true,
        ),
        (json!({ "teams": ["t"] }), none(), false),
        (
            json!({ "labels_any": ["a", "b"] }),
            json!({ "labels": ["b"] }),
            true,
        ),
        (
            json!({ "labels_any": ["a"] }),
            json!({ "labels": ["c"] }),
            false,
        ),
        (
            json!({ "labels_none": ["a"] }),
            json!({ "labels": ["c"] }),
            true,
        ),
        (
            json!({ "labels_none": ["a"] }),
            json!({ "labels": ["a", "c"] }),
            false,
        ),
        (
            json!({ "skip_resolved_by": ["bot"] }),
            json!({ "resolved_by": "bot" }),
            false,
        ),
        (
            json!({ "skip_resolved_by": ["bot"] }),
            json!({ "resolved_by": "agent" }),
            true,
        ),
        (json!({ "skip_resolved_by": ["bot"] }), none(), true),
        (json!({ "sample_percent": 100 }), none(), true),
    ] {
        let asks = asks(conditions.clone(), details.clone()).await;
        assert_eq!(asks, expected, "{conditions} {details}");
    }
}

#[tokio::test]
async fn private_notes_and_repeats_do_not_count_as_messages() {
    let conditions = json!({ "minimum_messages": { "visitor": 3 } });
    let (stack, _) = start(asking(&conditions)).await;
    // The conversation of the kit has one message of its visitor.
    let platform = stack.platform().await;
    let path = "/v1/conversations/c1/messages";
    let second = || message("second", "2026-01-05T09:30:00Z", "Hi");
    let note = tests::note("note", "2026-01-05T09:31:00Z", "Rude");
    for messages in [vec![second(), note], vec![second()]] {
        let body = json!({ "messages": messages });
        platform.post(path, body).await.expect(200);
    }
    record(&stack, json!({ "status": "resolved" })).await;
    advance(&stack, 15 * MINUTE + SECOND).await;
    assert_eq!(requests(&stack).await.len(), 0);

    record(&stack, json!({ "status": "open" })).await;
    let third = json!({ "messages": [message("third", "2026-01-05T09:40:00Z", "Hi")] });
    platform.post(path, third).await.expect(200);
    record(&stack, json!({ "status": "resolved" })).await;
    advance(&stack, 15 * MINUTE + SECOND).await;
    assert_eq!(requests(&stack).await.len(), 1);
}

#[tokio::test]
async fn conditions_are_those_of_the_time_at_which_the_rule_acts() {
    let (stack, _) = start(asking(&json!({ "labels_none": ["spam"] }))).await;
    record(&stack, json!({ "status": "resolved" })).await;
    stack.settle().await;
    record(&stack, json!({ "labels": ["spam"] })).await;
    advance(&stack, 15 * MINUTE + SECOND).await;
    assert_eq!(requests(&stack).await.len(), 0);

    record(&stack, json!({ "status": "open" })).await;
    record(&stack, json!({ "status": "resolved" })).await;
    stack.settle().await;
    store(&stack, asking(&json!({}))).await;
    advance(&stack, 15 * MINUTE + SECOND).await;
    assert_eq!(requests(&stack).await.len(), 1);
}

#[tokio::test]
async fn a_sample_is_the_same_whenever_it_is_decided() {
    let (stack, _) = start(asking(&json!({ "sample_percent": 50 }))).await;
    let mut listener = stack.listen().await;
    let platform = stack.platform().await;
    for number in 0..30 {
        let path = format!("/v1/conversations/n{number}");
        let body = json!({ "channel": "widget", "status": "resolved" });
        platform.put(&path, body).await.expect(201);
    }
    let resolved = listener.take(30).await;
    advance(&stack, 15 * MINUTE + SECOND).await;
    let first = asked(&stack).await;
    assert!((5..=25).contains(&first.len()), "{}", first.len());
    let events: Vec<_> = resolved.into_iter().map(|event| event.data).collect();
    stack.put_events(&events).await;
    stack.settle().await;
    assert_eq!(asked(&stack).await, first);
}

/// The partitions of the conversations in which a rating was requested.
async fn asked(stack: &Stack) -> Vec<String> {
    let items = stack.items().await;
    let requests = items
        .iter()
        .filter(|item| item["sk"]["S"].as_str().unwrap().starts_with("REQUEST#"));
    requests
        .map(|item| item["pk"]["S"].as_str().unwrap().to_owned())
        .collect()
}
