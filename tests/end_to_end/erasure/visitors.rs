//! Erasure of all conversations of a visitor.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{FaultInjection, Stack};

use crate::erasure::{CONVERSATION, VISITOR, erase, fill};

#[tokio::test]
async fn erasing_a_visitor_erases_all_their_conversations_and_no_others() {
    let stack = Stack::start_with_organisations().await;
    let agent = stack.agent("kim").await;
    let (platform, other_platform) = (stack.platform().await, stack.platform_of("elsewhere").await);
    let with_email = |email: &str| json!({ "channel": "widget", "visitor": { "email": email } });
    for number in 0..30 {
        let email = if number % 2 == 0 {
            "ana@example.org"
        } else {
            "Ana@EXAMPLE.org"
        };
        let path = format!("/v1/conversations/a{number}");
        platform.put(&path, with_email(email)).await.expect(201);
        fill(&platform, &format!("a{number}"), 2).await;
    }
    platform
        .put("/v1/conversations/b", with_email("bo@example.org"))
        .await
        .expect(201);
    platform
        .put("/v1/conversations/n", json!({ "channel": "voice" }))
        .await
        .expect(201);
    let named_later = json!({ "visitor": { "email": "ana@example.org" } });
    platform
        .put("/v1/conversations/n", named_later)
        .await
        .expect(200);
    other_platform
        .put("/v1/conversations/a0", with_email("ana@example.org"))
        .await
        .expect(201);
    let others = |items: Vec<Value>| -> Vec<Value> {
        let is_others = |item: &Value| {
            let pk = item["pk"]["S"].as_str().unwrap();
            pk.starts_with("elsewhere") || pk == "main#b"
        };
        items.into_iter().filter(is_others).collect()
    };
    let before = others(stack.items().await);
    assert_eq!(before.len(), 3);

    let removed = erase(&agent, VISITOR).await;
    assert_eq!(removed, [30 * (1 + 2 + 1) + 2]);
    assert_eq!(others(stack.items().await), before);
    for id in ["a0", "a1", "a29", "n"] {
        agent
            .get(&format!("/v1/conversations/{id}"))
            .await
            .expect_problem(404, "conversation_not_found");
    }
    agent.conversation("b").await;
}

#[tokio::test]
async fn a_conversation_that_now_has_another_visitor_is_kept_and_reported() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    stack.conversation("c1").await;
    let body = json!({ "visitor": { "email": "bo@example.org" } });
    platform.put(CONVERSATION, body).await.expect(200);
    for _ in 0..2 {
        let body = agent.delete(VISITOR).await.expect(200);
        let expected = json!({ "done": true, "removed": 0, "kept": ["c1"] });
        assert_eq!(body, expected);
    }
    agent.conversation("c1").await;

    // The platform can erase the conversation by its id, which also removes the reference from the former visitor.
    erase(&agent, CONVERSATION).await;
    let body = agent.delete(VISITOR).await.expect(200);
    assert_eq!(body, json!({ "done": true, "removed": 0 }));
    assert_eq!(stack.items().await.len(), 1);
}

#[tokio::test]
async fn a_conversation_that_changes_back_to_a_visitor_is_erased_with_them() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    stack.conversation("c1").await;
    for email in ["bo@example.org", "ANA@example.org"] {
        let body = json!({ "visitor": { "email": email } });
        platform.put(CONVERSATION, body).await.expect(200);
    }
    let body = agent.delete(VISITOR).await.expect(200);
    // The conversation, its message, and the references from both visitors.
    assert_eq!(body, json!({ "done": true, "removed": 4 }));
    assert_eq!(stack.items().await.len(), 1);
}

#[tokio::test]
async fn a_conversation_whose_visitor_changes_during_the_erasure_is_kept() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    stack.conversation("c1").await;
    let held = aws.hold(|call| call.is("dynamodb:UpdateItem") && call.mentions("erased_at"));
    let renaming = held.meanwhile(async {
        let body = json!({ "visitor": { "email": "bo@example.org" } });
        platform.put(CONVERSATION, body).await.expect(200);
    });
    let (erased, ()) = tokio::join!(agent.delete(VISITOR), renaming);
    let expected = json!({ "done": true, "removed": 0, "kept": ["c1"] });
    assert_eq!(erased.expect(200), expected);
    agent.conversation("c1").await;
}

#[tokio::test]
async fn a_conversation_recorded_many_times_at_once_is_erased_with_its_visitor() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    let body = json!({ "channel": "widget", "visitor": { "email": "ana@example.org" } });
    let puts = (0..20).map(|_| platform.put(CONVERSATION, body.clone()));
    let replies = join_all(puts).await;
    let new = replies.iter().filter(|reply| reply.status == 201).count();
    assert_eq!(new, 1);
    let tokens: BTreeSet<_> = replies
        .into_iter()
        .map(|reply| reply.expect_success()["visitor_token"].to_string())
        .collect();
    assert_eq!(tokens.len(), 1);

    // A conversation whose DynamoDB response is lost is created nevertheless.
    aws.inject(
        1,
        |call| call.mentions("#VISITOR#"),
        FaultInjection::LoseReply,
    );
    let recorded = platform.put("/v1/conversations/c2", body).await.expect(201);
    let visitor = stack.bearer(recorded["visitor_token"].as_str().unwrap());
    visitor.rating_request().await;
    assert_eq!(erase(&agent, VISITOR).await, [4]);
}
