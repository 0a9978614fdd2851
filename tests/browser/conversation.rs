//! The rating of the conversation `c1`, which most pages show.

use serde_json::Value;
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
