//! The items that an erasure removes and those that remain.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::Stack;

use crate::erasure::{CONVERSATION, VISITOR, create_full_conversation, erase, fill, partition};

#[tokio::test]
async fn an_erased_conversation_leaves_a_tombstone_and_anonymous_ratings() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    create_full_conversation(&stack, &platform).await;
    let before = partition(&stack, "c1").await;
    let requests: Vec<_> = before
        .iter()
        .filter(|item| item["sk"]["S"].as_str().unwrap().starts_with("REQUEST#"))
        .collect();
    assert_eq!(requests.len(), 2);

    let agent = stack.agent("kim").await;
    let removed = erase(&agent, CONVERSATION).await;
    // All items of the conversation, and the reference from its visitor.
    assert_eq!(removed, [before.len() as u64 + 1]);

    let after = partition(&stack, "c1").await;
    let tombstone = &after[0];
    let members: BTreeSet<_> = tombstone.as_object().unwrap().keys().collect();
    assert_eq!(
        members.into_iter().collect::<Vec<_>>(),
        ["erased_at", "pk", "sk"]
    );
    assert_eq!(after.len(), 1 + requests.len());
    for (counted, request) in after[1..].iter().zip(requests) {
        for member in [
            "sk",
            "request_id",
            "organisation",
            "agent",
            "channel",
            "requested_at",
            "report_day",
            "ratings_of",
            "first_rated_at",
            "rated_score",
        ] {
            assert_eq!(counted[member], request[member], "{member}");
        }
        assert!(counted.get("conversation_id").is_none());
        let (answer, old) = (&counted["answer"]["M"], &request["answer"]["M"]);
        assert_eq!(answer["score"], old["score"]);
        assert_eq!(answer["rated_at"], old["rated_at"]);
        let scores = |answer: &Value| -> Vec<Value> {
            let earlier = answer["earlier"]["L"].as_array().into_iter().flatten();
            earlier.map(|it| it["M"]["score"].clone()).collect()
        };
        assert_eq!(scores(answer), scores(old));
    }
    let remaining = stack.items().await;
    let text = json!(remaining).to_string();
    for personal in ["Ana", "ana@", "VIP", "secret", "#VISITOR#", "comment"] {
        assert!(!text.contains(personal), "{personal} in {text}");
    }
}

#[tokio::test]
async fn a_second_erasure_changes_nothing() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    create_full_conversation(&stack, &platform).await;
    let agent = stack.agent("kim").await;
    erase(&agent, CONVERSATION).await;
    let before = stack.items().await;
    stack.advance(60).await;
    for path in [CONVERSATION, VISITOR] {
        let body = agent.delete(path).await.expect(200);
        assert_eq!(body, json!({ "done": true, "removed": 0 }));
        assert_eq!(stack.items().await, before);
    }
}

#[tokio::test]
async fn erasing_an_unknown_conversation_or_visitor_changes_nothing() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let before = stack.items().await;
    agent
        .delete("/v1/conversations/c2")
        .await
        .expect_problem(404, "conversation_not_found");
    let body = agent
        .delete("/v1/visitors/bo@example.org")
        .await
        .expect(200);
    assert_eq!(body, json!({ "done": true, "removed": 0 }));
    assert_eq!(stack.items().await, before);
}

#[tokio::test]
async fn concurrent_erasures_all_succeed() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    stack.conversation("c1").await;
    fill(&platform, "c1", 500).await;
    let agent = stack.agent("kim").await;
    let erasures = [CONVERSATION, VISITOR, CONVERSATION, VISITOR];
    for reply in join_all(erasures.map(|path| agent.delete(path))).await {
        assert_eq!(reply.expect_success()["done"], true);
    }
    assert_eq!(stack.items().await.len(), 1);
}
