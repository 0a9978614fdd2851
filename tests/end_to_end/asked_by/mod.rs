//! Requests by agents and by a rule: their counts, their reports, and the details of the conversation
//! that a request keeps.

mod counting;
mod details;
mod list;
mod report;

use domain::AskedBy;
use serde_json::json;
use store::CountedBy;
use tests::{AwsProxy, Caller, Stack, recount, recount_asked_by, recount_reasons_asked_by, total};

const DAY: u64 = 24 * 60 * 60;

const REASONS: [(&str, &[u64]); 2] = [("slow", &[1, 2, 3]), ("quick", &[4, 5])];

async fn stack() -> (Stack, AwsProxy) {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.offer_reasons("main", &REASONS).await;
    (stack, aws)
}

/// A request in a new conversation, and its visitor. It is not counted yet.
async fn request(
    stack: &Stack,
    agent: &str,
    conversation: &str,
    asked_by: AskedBy,
) -> (Caller, String) {
    let visitor = stack.conversation(conversation).await;
    let id = stack.agent(agent).await.ask_for_id(conversation).await;
    if asked_by == AskedBy::Rule {
        stack.make_by_rule("main", conversation, &id).await;
    }
    (visitor, id)
}

/// Five requests of two agents, three of which a rule made. Three are rated.
async fn history(stack: &Stack) {
    for (conversation, agent, asked_by, answer) in [
        ("c1", "kim", AskedBy::Agent, Some((5, "quick"))),
        ("c2", "kim", AskedBy::Rule, Some((1, "slow"))),
        ("c3", "kim", AskedBy::Rule, None),
        ("c4", "jo", AskedBy::Rule, Some((2, "slow"))),
        ("c5", "jo", AskedBy::Agent, None),
    ] {
        let (visitor, id) = request(stack, agent, conversation, asked_by).await;
        if let Some((score, reason)) = answer {
            let answer = json!({ "score": score, "reasons": [reason] });
            visitor.rate(&id, answer).await.expect(201);
        }
    }
}

/// The sums of the counts of requests that were made in one way.
async fn sums(stack: &Stack, asked_by: AskedBy) -> [u64; 6] {
    let counts = stack.counts_asked_by("main", CountedBy::Channel, asked_by);
    total(&counts.await)
}

/// Asserts that all counts equal a recount.
async fn assert_counted(stack: &Stack) {
    let items = stack.items().await;
    let counts = stack.counts("main", CountedBy::Agent).await;
    assert_eq!(counts, recount(&items, "main"));
    for way in AskedBy::ALL {
        let expected = recount_asked_by(&items, "main", way);
        let counts = stack.counts_asked_by("main", CountedBy::Agent, way).await;
        assert_eq!(counts, expected, "{way:?}");
        assert_eq!(sums(stack, way).await, total(&expected), "{way:?}");
        for agent in [None, Some("kim"), Some("jo")] {
            let reasons = stack.reasons_asked_by("main", agent, way).await;
            let expected = recount_reasons_asked_by(&items, "main", agent, way);
            assert_eq!(reasons, expected, "{agent:?} {way:?}");
        }
    }
}
