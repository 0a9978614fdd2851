//! The inbox, the team and the labels of a conversation, and who resolved it.

use serde_json::{Value, json};
use tests::{Caller, Stack};

const CONVERSATION: &str = "/v1/conversations/c1";

async fn start() -> (Stack, Caller) {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    (stack, platform)
}

async fn record(platform: &Caller, change: Value) -> Value {
    let recorded = platform.put(CONVERSATION, change).await;
    recorded.expect_success()["conversation"].take()
}

/// The members of a conversation that this file is about.
fn details(conversation: &Value) -> Value {
    let names = ["inbox", "team", "labels", "resolved_by"];
    let present = names.iter().filter_map(|name| {
        let value = conversation.get(*name)?;
        Some(((*name).to_owned(), value.clone()))
    });
    Value::Object(present.collect())
}

#[tokio::test]
async fn a_conversation_shows_its_inbox_team_and_labels() {
    let (stack, platform) = start().await;
    let sent = json!({
        "inbox": { "id": "3", "name": "Shop" },
        "team": { "id": "bikes" },
        "labels": ["billing", "größe L"],
    });
    let mut whole = sent.clone();
    whole["channel"] = json!("widget");
    let recorded = record(&platform, whole).await;
    assert_eq!(details(&recorded), sent);
    let read = stack.agent("kim").await.conversation("c1").await;
    assert_eq!(details(&read["conversation"]), sent);
    // A recording without them keeps them.
    let recorded = record(&platform, json!({ "visitor": { "name": "Ana" } })).await;
    assert_eq!(details(&recorded), sent);
}

#[tokio::test]
async fn null_removes_an_inbox_a_team_or_all_labels() {
    let (_stack, platform) = start().await;
    let sent = json!({
        "channel": "widget", "inbox": { "id": "3" }, "team": { "id": "a" }, "labels": ["x", "y"],
    });
    record(&platform, sent).await;
    for (change, left) in [
        (
            json!({ "inbox": null }),
            json!({ "team": { "id": "a" }, "labels": ["x", "y"] }),
        ),
        (
            json!({ "team": null, "labels": ["y", "y"] }),
            json!({ "labels": ["y"] }),
        ),
        (json!({ "labels": null }), json!({})),
        (
            json!({ "labels": ["z"], "inbox": { "id": "4", "name": " " } }),
            json!({ "labels": ["z"], "inbox": { "id": "4" } }),
        ),
        (json!({ "labels": [] }), json!({ "inbox": { "id": "4" } })),
    ] {
        let recorded = record(&platform, change.clone()).await;
        assert_eq!(details(&recorded), left, "{change}");
    }
}

#[tokio::test]
async fn an_outdated_recording_restores_nothing_that_was_removed() {
    let (_stack, platform) = start().await;
    let first = json!({
        "channel": "widget", "as_of": "2026-01-05T09:00:00Z",
        "inbox": { "id": "3" }, "labels": ["x"],
    });
    record(&platform, first.clone()).await;
    let newer = json!({ "as_of": "2026-01-05T09:02:00Z", "inbox": null, "labels": ["y"] });
    record(&platform, newer).await;
    let mut late = first;
    late["as_of"] = json!("2026-01-05T09:01:00Z");
    late["team"] = json!({ "id": "a" });
    let recorded = record(&platform, late).await;
    assert_eq!(
        details(&recorded),
        json!({ "team": { "id": "a" }, "labels": ["y"] })
    );
}

#[tokio::test]
async fn a_resolved_conversation_shows_who_resolved_it_until_it_is_opened_again() {
    let (_stack, platform) = start().await;
    record(&platform, json!({ "channel": "widget" })).await;
    for resolved_by in ["agent", "bot", "visitor", "timeout"] {
        let resolved = json!({ "status": "resolved", "resolved_by": resolved_by });
        for _ in 0..2 {
            let recorded = record(&platform, resolved.clone()).await;
            assert_eq!(recorded["resolved_by"], resolved_by);
        }
        let recorded = record(&platform, json!({ "status": "open" })).await;
        assert!(recorded.get("resolved_by").is_none());
        let recorded = record(&platform, json!({ "status": "resolved" })).await;
        assert!(recorded.get("resolved_by").is_none());
        record(&platform, json!({ "status": "open" })).await;
    }
    let new = json!({ "channel": "widget", "status": "resolved", "resolved_by": "bot" });
    let recorded = platform.put("/v1/conversations/c2", new).await.expect(201);
    assert_eq!(recorded["conversation"]["resolved_by"], "bot");
}

#[tokio::test]
async fn an_invalid_detail_is_refused_with_its_field() {
    let (stack, platform) = start().await;
    record(&platform, json!({ "channel": "widget" })).await;
    let before = stack.all_data().await;
    for (change, field) in [
        (json!({ "inbox": "3" }), "inbox"),
        (json!({ "inbox": {} }), "inbox.id"),
        (json!({ "inbox": { "id": "" } }), "inbox.id"),
        (json!({ "inbox": { "id": 3 } }), "inbox.id"),
        (json!({ "inbox": { "id": "é" } }), "inbox.id"),
        (json!({ "team": { "id": "a".repeat(129) } }), "team.id"),
        (
            json!({ "team": { "id": "a", "name": "a\nb" } }),
            "team.name",
        ),
        (json!({ "team": { "id": "a", "size": 3 } }), "team.size"),
        (json!({ "labels": "billing" }), "labels"),
        (json!({ "labels": [1] }), "labels"),
        (json!({ "labels": [""] }), "labels"),
        (json!({ "labels": ["é".repeat(65)] }), "labels"),
        (json!({ "labels": vec!["a"; 21] }), "labels"),
        (json!({ "resolved_by": "agent" }), "resolved_by"),
        (
            json!({ "status": "open", "resolved_by": "agent" }),
            "resolved_by",
        ),
        (
            json!({ "status": "resolved", "resolved_by": "system" }),
            "resolved_by",
        ),
    ] {
        let refused = platform.put(CONVERSATION, change.clone()).await;
        let problem = refused.expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], field, "{change}");
    }
    assert_eq!(stack.all_data().await, before);
}
