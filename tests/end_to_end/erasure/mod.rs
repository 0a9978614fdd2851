//! Erasure of conversations and visitors. Erased data is never restored, and other data is kept.

mod addresses;
mod cooldowns;
mod erased_items;
mod faults;
mod large_conversations;
mod late_writes;
mod transcripts_in_progress;
mod visitors;

use serde_json::{Value, json};
use tests::{Caller, Stack, message, note, transcript_with_faces};

const CONVERSATION: &str = "/v1/conversations/c1";
const VISITOR: &str = "/v1/visitors/ana@example.org";

/// Repeats the erasure until it is done, and returns how many items each request removed.
async fn erase(caller: &Caller, path: &str) -> Vec<u64> {
    let mut removed = Vec::new();
    loop {
        let reply = caller.delete(path).await;
        let (status, body) = (reply.status, reply.expect_success());
        removed.push(body["removed"].as_u64().unwrap());
        assert_eq!(body["done"], status == 200, "{status} {body}");
        if status == 200 {
            return removed;
        }
        assert!(removed.len() < 50, "the erasure does not end: {removed:?}");
    }
}

/// Starts to erase a conversation while one of its transcripts is being sent. The conversation is inaccessible, but the
/// erasure is not done.
async fn begin_erasure(caller: &Caller, path: &str) {
    let body = caller.delete(path).await.expect(202);
    assert_eq!(body["done"], false);
    caller
        .get(path)
        .await
        .expect_problem(404, "conversation_not_found");
}

async fn is_erased(agent: &Caller, conversation: &str) -> bool {
    let path = format!("/v1/conversations/{conversation}");
    agent.get(&path).await.status == 404
}

async fn erase_by_post(agent: &Caller, address: &str) -> Value {
    let body = json!({ "email": address });
    agent.post("/v1/visitors/erase", body).await.expect(200)
}

/// All items in the partition of a conversation of `main`.
async fn partition(stack: &Stack, conversation: &str) -> Vec<Value> {
    let pk = json!({ "S": format!("main#{conversation}") });
    let items = stack.items().await.into_iter();
    items.filter(|item| item["pk"] == pk).collect()
}

fn sort_keys(items: &[Value]) -> Vec<&str> {
    items
        .iter()
        .map(|item| item["sk"]["S"].as_str().unwrap())
        .collect()
}

/// Records `count` messages in a conversation.
async fn fill(platform: &Caller, conversation: &str, count: usize) {
    let path = format!("/v1/conversations/{conversation}/messages");
    let numbers: Vec<_> = (0..count).collect();
    for batch in numbers.chunks(100) {
        let messages = batch.iter().map(|number| {
            let id = format!("n{number}");
            message(&id, "2026-01-05T09:30:00Z", "Where is Ana's order?")
        });
        let body = json!({ "messages": messages.collect::<Vec<_>>() });
        platform.post(&path, body).await.expect(200);
    }
}

/// Creates a conversation with every kind of item.
async fn create_full_conversation(stack: &Stack, platform: &Caller) -> (Caller, Caller) {
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let private = note("p1", "2026-01-05T09:40:00Z", "Ana is a VIP");
    let body = json!({ "messages": [private] });
    platform
        .post(&format!("{CONVERSATION}/messages"), body)
        .await
        .expect(200);
    let request = agent.ask_for_id("c1").await;
    let answer = json!({ "score": 2, "comment": "Ana waited long" });
    visitor.rate(&request, answer).await.expect(201);
    let change = json!({ "score": 1, "comment": "Ana waits still" });
    visitor.rate(&request, change).await.expect(200);
    agent.send_transcript("c1").await.expect(201);
    let jo = stack.agent("jo").await;
    jo.send_transcript_as("c1", transcript_with_faces())
        .await
        .expect(201);
    (visitor, agent)
}
