//! A round begins each time that a conversation becomes resolved, and ends when it is opened again.

use serde_json::{Value, json};
use tests::{SentEvent, Stack};

const CONVERSATION: &str = "/v1/conversations/c1";

async fn record(stack: &Stack, body: Value) {
    let platform = stack.platform().await;
    platform.put(CONVERSATION, body).await.expect_success();
}

async fn item(stack: &Stack) -> Value {
    stack.item("main#c1", "CONVERSATION").await
}

async fn round(stack: &Stack) -> Value {
    item(stack).await["round"]["S"].clone()
}

fn kinds(events: &[SentEvent]) -> Vec<&str> {
    events.iter().map(|event| event.kind.as_str()).collect()
}

#[tokio::test]
async fn each_resolution_begins_a_round_and_a_repeat_does_not() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let mut listener = stack.listen().await;
    assert_eq!(round(&stack).await, Value::Null);
    record(
        &stack,
        json!({ "status": "resolved", "resolved_by": "bot" }),
    )
    .await;
    let first = round(&stack).await;
    assert!(first.is_string());
    record(&stack, json!({ "status": "resolved" })).await;
    record(&stack, json!({ "assignee": { "id": "kim" } })).await;
    assert_eq!(round(&stack).await, first);
    record(&stack, json!({ "status": "open" })).await;
    assert_eq!(round(&stack).await, Value::Null);
    assert_eq!(item(&stack).await["resolved_at"], Value::Null);
    record(&stack, json!({ "status": "open" })).await;
    record(&stack, json!({ "status": "resolved" })).await;
    let second = round(&stack).await;
    assert_ne!(second, first);

    let events = listener.take(3).await;
    assert_eq!(
        kinds(&events),
        [
            "conversation.resolved",
            "conversation.opened",
            "conversation.resolved"
        ]
    );
    let detail = |at: usize| events[at].data["detail"].clone();
    assert_eq!(detail(0)["round_id"], first);
    assert_eq!(detail(0)["by"], "bot");
    assert_eq!(detail(1)["round_id"], first);
    assert_eq!(detail(2)["round_id"], second);
    assert_eq!(detail(2)["by"], "");
    assert_ne!(detail(0)["id"], detail(2)["id"]);
}

#[tokio::test]
async fn later_writes_of_a_resolved_conversation_publish_no_other_event() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let mut listener = stack.listen().await;
    record(&stack, json!({ "status": "resolved" })).await;
    let platform = stack.platform().await;
    let message = tests::message("m1", "2026-01-05T09:00:00Z", "Thanks");
    let body = json!({ "messages": [message] });
    let messages = platform.post("/v1/conversations/c1/messages", body);
    messages.await.expect(200);
    record(&stack, json!({ "visitor": { "name": "Ana" } })).await;
    stack.agent("kim").await.ask_for_id("c1").await;
    let events = listener.take(2).await;
    assert_eq!(
        kinds(&events),
        ["conversation.resolved", "rating.requested"]
    );
}

#[tokio::test]
async fn a_conversation_that_is_first_recorded_as_resolved_is_in_a_round() {
    let stack = Stack::start().await;
    let mut listener = stack.listen().await;
    record(&stack, json!({ "channel": "widget", "status": "resolved" })).await;
    let events = listener.take(1).await;
    assert_eq!(kinds(&events), ["conversation.resolved"]);
    assert_eq!(events[0].data["detail"]["round_id"], round(&stack).await);
}

#[tokio::test]
async fn a_resolved_conversation_that_replaces_an_expired_one_publishes_its_event() {
    let options = Stack::options_with(&[("RetentionDays", "1")]);
    let stack = Stack::start_with(options).await;
    let resolved = || json!({ "channel": "widget", "status": "resolved" });
    let mut listener = stack.listen().await;
    record(&stack, resolved()).await;
    let first = round(&stack).await;
    stack.advance(2 * 24 * 60 * 60).await;
    record(&stack, resolved()).await;
    let second = round(&stack).await;
    assert_ne!(first, second);
    let events = listener.take(2).await;
    assert_eq!(events[0].data["detail"]["round_id"], first);
    assert_eq!(events[1].data["detail"]["round_id"], second);
}

#[tokio::test]
async fn an_outdated_recording_neither_begins_nor_ends_a_round() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let at = |minute| format!("2026-01-05T09:{minute:02}:00Z");
    record(&stack, json!({ "status": "resolved", "as_of": at(10) })).await;
    let first = round(&stack).await;
    record(&stack, json!({ "status": "open", "as_of": at(5) })).await;
    assert_eq!(round(&stack).await, first);
    record(&stack, json!({ "status": "open", "as_of": at(20) })).await;
    record(&stack, json!({ "status": "resolved", "as_of": at(15) })).await;
    assert_eq!(round(&stack).await, Value::Null);
}
