//! Recording conversations and messages.

mod conversations;
mod groups;
mod limits;
mod messages;
mod private_messages;

use serde_json::{Value, json};
use tests::{Caller, Reply};

const CONVERSATION: &str = "/v1/conversations/c1";
const MESSAGES: &str = "/v1/conversations/c1/messages";
const SENT_AT: &str = "2026-01-05T09:30:00.000Z";

async fn record(platform: &Caller, messages: &[Value]) -> Reply {
    let body = json!({ "messages": messages });
    platform.post(MESSAGES, body).await
}

/// The messages of `c1` as an agent sees them: text and visibility, oldest first.
async fn messages(agent: &Caller) -> Vec<(String, String)> {
    let read = agent.conversation("c1").await;
    let entries = read["thread"]["entries"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    entries
        .filter(|entry| entry["kind"] == "message")
        .map(|entry| (text(&entry["text"]), text(&entry["visibility"])))
        .collect()
}
