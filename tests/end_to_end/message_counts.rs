//! The numbers of public messages of visitors and agents, on which the rules of the settings depend.

use serde_json::{Value, json};
use tests::Stack;

const MESSAGES: &str = "/v1/conversations/c1/messages";

fn message(id: &str, kind: &str, visibility: &str) -> Value {
    json!({
        "id": id,
        "sent_at": "2026-01-05T09:00:00Z",
        "author": { "kind": kind },
        "text": "Hello",
        "visibility": visibility,
    })
}

async fn record(stack: &Stack, messages: &[Value]) {
    let platform = stack.platform().await;
    let body = json!({ "messages": messages });
    platform.post(MESSAGES, body).await.expect(200);
}

/// The numbers of messages of the visitor and of agents.
async fn counts(stack: &Stack) -> (String, String) {
    let item = stack.item("main#c1", "CONVERSATION").await;
    let count = |name: &str| item[name]["N"].as_str().unwrap_or("none").to_owned();
    (count("visitor_messages"), count("agent_messages"))
}

async fn assert_counts(stack: &Stack, visitor: i64, agent: i64) {
    let expected = (visitor.to_string(), agent.to_string());
    assert_eq!(counts(stack).await, expected);
}

#[tokio::test]
async fn public_messages_count_once_and_private_notes_never() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let (visitor, agent) = {
        let (visitor, agent) = counts(&stack).await;
        (
            visitor.parse::<i64>().unwrap(),
            agent.parse::<i64>().unwrap(),
        )
    };
    let messages = [
        message("a", "visitor", "public"),
        message("b", "agent", "public"),
        message("c", "agent", "private"),
        message("d", "bot", "public"),
        message("e", "system", "public"),
        message("f", "visitor", "public"),
    ];
    record(&stack, &messages).await;
    assert_counts(&stack, visitor + 2, agent + 1).await;
    record(&stack, &messages).await;
    record(&stack, &messages[..1]).await;
    assert_counts(&stack, visitor + 2, agent + 1).await;
    // A repeat and a new message in one body.
    let repeat_and_new = [
        message("a", "visitor", "public"),
        message("g", "visitor", "public"),
    ];
    record(&stack, &repeat_and_new).await;
    assert_counts(&stack, visitor + 3, agent + 1).await;
}

#[tokio::test]
async fn a_message_that_is_made_private_or_gets_another_author_changes_the_counts() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    record(&stack, &[message("a", "agent", "public")]).await;
    let (visitor, agent) = counts(&stack).await;
    let (visitor, agent) = (
        visitor.parse::<i64>().unwrap(),
        agent.parse::<i64>().unwrap(),
    );
    record(&stack, &[message("a", "visitor", "public")]).await;
    assert_counts(&stack, visitor + 1, agent - 1).await;
    record(&stack, &[message("a", "visitor", "private")]).await;
    assert_counts(&stack, visitor, agent - 1).await;
    // A private message never becomes public.
    record(&stack, &[message("a", "visitor", "public")]).await;
    assert_counts(&stack, visitor, agent - 1).await;
}

#[tokio::test]
async fn simultaneous_repeats_of_a_message_count_it_once() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let (visitor, agent) = counts(&stack).await;
    let messages = [
        message("a", "visitor", "public"),
        message("b", "agent", "public"),
    ];
    let recordings = (0..10).map(|_| record(&stack, &messages));
    futures_util::future::join_all(recordings).await;
    let count = |text: String| text.parse::<i64>().unwrap();
    assert_counts(&stack, count(visitor) + 1, count(agent) + 1).await;
}

#[tokio::test]
async fn a_conversation_of_a_former_version_counts_from_the_next_message() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    stack
        .change("main#c1", "CONVERSATION", |item| {
            let item = item.as_object_mut().unwrap();
            item.remove("visitor_messages");
            item.remove("agent_messages");
        })
        .await;
    record(&stack, &[message("a", "visitor", "public")]).await;
    assert_eq!(counts(&stack).await, ("1".to_owned(), "none".to_owned()));
}
