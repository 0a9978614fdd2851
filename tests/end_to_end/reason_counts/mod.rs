//! Ratings counted by reason, and the ratings of a reason.

mod counting;
mod report;

use serde_json::json;
use store::CountedBy;
use tests::{AwsProxy, Caller, Stack, recount, recount_reasons};

const DAY: u64 = 24 * 60 * 60;

const REASONS: [(&str, &[u64]); 3] = [("slow", &[1, 2, 3]), ("rude", &[1, 2]), ("quick", &[4, 5])];

async fn stack() -> (Stack, AwsProxy) {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.offer_reasons("main", &REASONS).await;
    (stack, aws)
}

/// An agent's request in a new conversation, and its visitor.
async fn request(stack: &Stack, agent: &str, conversation: &str) -> (Caller, String) {
    let visitor = stack.conversation(conversation).await;
    let id = stack.agent(agent).await.ask_for_id(conversation).await;
    (visitor, id)
}

/// The same with a rating.
async fn rated(
    stack: &Stack,
    agent: &str,
    conversation: &str,
    score: u64,
    reasons: &[&str],
) -> (Caller, String) {
    let (visitor, id) = request(stack, agent, conversation).await;
    let answer = json!({ "score": score, "reasons": reasons });
    visitor.rate(&id, answer).await.expect(201);
    (visitor, id)
}

/// Asserts that the counts equal a recount, with and without reasons.
async fn assert_counted(stack: &Stack) {
    let items = stack.items().await;
    for agent in [None, Some("kim"), Some("jo")] {
        let reasons = stack.reasons("main", agent).await;
        assert_eq!(reasons, recount_reasons(&items, "main", agent), "{agent:?}");
    }
    let counts = stack.counts("main", CountedBy::Agent).await;
    assert_eq!(counts, recount(&items, "main"));
}

/// How many ratings have each reason.
async fn by_reason(stack: &Stack) -> Vec<(String, u64)> {
    let counts = stack.reasons("main", None).await.into_iter();
    counts
        .map(|((_, _, _, reason), scores)| (reason.to_string(), scores.iter().sum()))
        .collect()
}

fn counted<const N: usize>(expected: [(&str, u64); N]) -> Vec<(String, u64)> {
    let expected = expected.into_iter();
    expected
        .map(|(reason, count)| (reason.to_owned(), count))
        .collect()
}
