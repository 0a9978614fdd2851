//! What the rules of the settings do by themselves.

mod asking;
mod changes_while_acting;
mod conditions;
mod expiry;
mod rating_mails;
mod transcripts;

use serde_json::{Value, json};
use tests::{Caller, SENDER, Stack};

const CONVERSATION: &str = "/v1/conversations/c1";
/// A schedule fires at a whole second.
const SECOND: u64 = 1;
const MINUTE: u64 = 60;
pub(crate) const HOUR: u64 = 60 * MINUTE;
pub(crate) const DAY: u64 = 24 * HOUR;
/// Scheduler may fire the schedule of a mail up to 15 minutes late.
pub(crate) const WINDOW: u64 = 15 * MINUTE;

/// A stack with a stopped clock, these settings and an open conversation, and the visitor.
async fn start(settings: Value) -> (Stack, Caller) {
    let stack = Stack::start().await;
    let visitor = prepare(&stack, settings).await;
    (stack, visitor)
}

/// Stops the clock, stores the settings and opens the conversation. Returns the visitor.
async fn prepare(stack: &Stack, settings: Value) -> Caller {
    stack.stop_clock();
    stack.verified_sender().await;
    store(stack, settings).await;
    stack.conversation("c1").await
}

async fn store(stack: &Stack, settings: Value) {
    let agent = stack.agent("kim").await;
    agent.put("/v1/settings", settings).await.expect(200);
}

/// Settings whose rule asks 15 minutes after a conversation was resolved.
fn asking(conditions: &Value) -> Value {
    json!({ "asking": { "on_resolve": {
        "enabled": true,
        "after_minutes": 15,
        "conditions": conditions,
    } } })
}

/// Settings whose rule sends the transcript an hour after a conversation was resolved.
fn sending() -> Value {
    json!({ "transcripts": {
        "from": SENDER,
        "sender_name": "Acme",
        "on_resolve": { "enabled": true, "after_minutes": 60 },
    } })
}

async fn record(stack: &Stack, body: Value) {
    let platform = stack.platform().await;
    platform.put(CONVERSATION, body).await.expect_success();
}

/// Records that the conversation was resolved by its assignee.
async fn resolve(stack: &Stack) {
    let assignee = json!({ "id": "jo", "name": "Jo" });
    record(stack, json!({ "status": "resolved", "assignee": assignee })).await;
}

/// Moves the clock ahead, and waits until everything that is due is done.
pub(crate) async fn advance(stack: &Stack, seconds: u64) {
    stack.settle().await;
    stack.advance(seconds).await;
    stack.settle().await;
}

/// The events of this type in the thread.
async fn events(stack: &Stack, kind: &str) -> Vec<Value> {
    stack.agent("kim").await.events("c1", kind).await
}

/// The events of rating requests in the thread.
async fn requests(stack: &Stack) -> Vec<Value> {
    events(stack, "rating_requested").await
}
