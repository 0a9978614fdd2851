//! Erasure of the visitor's cooldown.

use local::Options;
use tests::Stack;

use crate::erasure::{CONVERSATION, erase};

fn with_visitor_cooldown() -> Options {
    Stack::options_with(&[("VisitorAskIntervalDays", "30")])
}

/// The keys of all items that are derived from a visitor's address.
async fn visitor_keys(stack: &Stack) -> Vec<String> {
    let items = stack.items().await.into_iter();
    let keys = items.map(|item| format!("{} {}", item["pk"]["S"], item["sk"]["S"]));
    keys.filter(|key| key.contains("#VISITOR#")).collect()
}

#[tokio::test]
async fn erasing_a_conversation_removes_the_visitors_cooldown() {
    let stack = Stack::start_with(with_visitor_cooldown()).await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    agent.ask_for_id("c1").await;
    assert_eq!(visitor_keys(&stack).await.len(), 2);
    erase(&agent, CONVERSATION).await;
    assert_eq!(visitor_keys(&stack).await, Vec::<String>::new());
}

#[tokio::test]
async fn erasing_a_conversation_keeps_the_visitors_cooldown_from_another_conversation() {
    let stack = Stack::start_with(with_visitor_cooldown()).await;
    stack.conversation("c1").await;
    stack.conversation("c2").await;
    let agent = stack.agent("kim").await;
    agent.ask_for_id("c2").await;
    erase(&agent, CONVERSATION).await;
    agent
        .ask("c2")
        .await
        .expect_problem(409, "visitor_asked_recently");
}

#[tokio::test]
async fn a_rating_request_made_during_an_erasure_leaves_no_cooldown() {
    let (stack, aws) = Stack::start_behind_proxy(with_visitor_cooldown()).await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let held = aws.hold(|call| call.is("dynamodb:UpdateItem") && call.mentions("erased_at"));
    let requesting = held.meanwhile(async {
        agent.ask_for_id("c1").await;
    });
    let erasure = erase(&agent, "/v1/visitors/ana@example.org");
    let (_, ()) = tokio::join!(erasure, requesting);
    assert_eq!(visitor_keys(&stack).await, Vec::<String>::new());
}
