//! The rating of the conversation `c1`, which most pages show.

use serde_json::{Value, json};
use tests::{Caller, Stack};

/// Asks for a rating as `agent`, answers as `visitor`, and counts the rating in the report.
pub(crate) async fn rate(stack: &Stack, agent: &Caller, visitor: &Caller, answer: Value) {
    let request = agent.ask_for_id("c1").await;
    visitor.rate(&request, answer).await.expect(201);
    stack.deliver_stream().await;
}

/// The rating, as an agent reads it.
pub(crate) async fn rating(stack: &Stack) -> Value {
    let agent = stack.agent("reader").await;
    agent.conversation("c1").await["rating"].clone()
}

/// Records the visitor's language.
pub(crate) async fn record_language(stack: &Stack, language: &str) {
    let platform = stack.platform().await;
    let change = json!({ "visitor": { "language": language } });
    let path = "/v1/conversations/c1";
    platform.put(path, change).await.expect(200);
}
