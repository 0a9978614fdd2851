//! Erasure of more items than one request can remove.

use serde_json::json;
use tests::Stack;

use crate::erasure::{CONVERSATION, erase, erase_by_post, fill, is_erased, partition, sort_keys};

/// How many items one request removes at most.
const MAX_ITEMS_PER_REQUEST: u64 = 1_000;

#[tokio::test]
async fn a_visitor_can_be_erased_by_post_in_several_requests() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    fill(&stack.platform().await, "c1", 1_100).await;
    let agent = stack.agent("kim").await;
    let body = json!({ "email": "Ana@Example.org" });
    let reply = agent.post("/v1/visitors/erase", body).await;
    let first = reply.expect(202);
    assert_eq!(first["done"], false);
    let second = erase_by_post(&agent, "ana@example.org").await;
    assert_eq!(second["done"], true);
    let third = erase_by_post(&agent, "ana@example.org").await;
    assert_eq!(third, json!({ "done": true, "removed": 0 }));
    assert!(is_erased(&agent, "c1").await);
}

#[tokio::test]
async fn a_large_conversation_is_erased_in_several_requests() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    stack.conversation("c1").await;
    fill(&platform, "c1", 2_400).await;
    let agent = stack.agent("kim").await;
    let removed = erase(&agent, CONVERSATION).await;
    assert!(removed.len() >= 3, "{removed:?}");
    assert!(removed.iter().all(|it| *it <= MAX_ITEMS_PER_REQUEST));
    // The conversation, its first message, the 2,400 messages, and the reference from the visitor.
    assert_eq!(removed.iter().sum::<u64>(), 2 + 2_400 + 1);
    let left = partition(&stack, "c1").await;
    assert_eq!(sort_keys(&left), ["CONVERSATION"]);
}
