//! Creating and updating conversations.

use futures_util::future::join_all;
use local::Options;
use serde_json::{Value, json};
use tests::{FrozenClock, Stack, message};

use crate::recording::{CONVERSATION, SENT_AT, record};

#[tokio::test]
async fn a_new_conversation_is_returned_with_its_visitors_token() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let new = json!({
        "channel": "widget",
        "visitor": {
            "name": "Ana Reis",
            "email": "ana@example.org",
            "time_zone": "europe/lisbon",
            "language": "pt-PT",
        },
        "assignee": { "id": "kim", "name": "Kim Sato" },
        "status": "resolved",
    });
    let body = platform.put(CONVERSATION, new).await.expect(201);
    let recorded_at = &body["conversation"]["recorded_at"];
    assert_eq!(
        body,
        json!({
            "conversation": {
                "id": "c1",
                "channel": "widget",
                "status": "resolved",
                "visitor": {
                    "name": "Ana Reis",
                    "email": "ana@example.org",
                    "time_zone": "Europe/Lisbon",
                    "language": "pt-PT",
                },
                "assignee": { "id": "kim", "name": "Kim Sato" },
                "recorded_at": recorded_at,
                "updated_at": recorded_at,
            },
            "visitor_token": body["visitor_token"],
        })
    );
    let visitor = stack.bearer(body["visitor_token"].as_str().unwrap());
    assert_eq!(
        visitor.rating_request().await["rating_request"],
        Value::Null
    );
}

#[tokio::test]
async fn a_new_conversation_requires_only_a_channel() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let new = json!({ "channel": "voice" });
    let body = platform.put(CONVERSATION, new).await.expect(201);
    let conversation = &body["conversation"];
    assert_eq!(conversation["status"], "open");
    assert_eq!(conversation["visitor"], json!({}));
    assert!(conversation.get("assignee").is_none());
}

#[tokio::test]
async fn a_new_conversation_without_a_channel_is_refused() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let before = stack.all_data().await;
    for incomplete in [
        json!({}),
        json!({ "visitor": { "name": "Ana" }, "status": "open" }),
    ] {
        let problem = platform
            .put(CONVERSATION, incomplete)
            .await
            .expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "channel");
    }
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn absent_fields_keep_their_values() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let conversation = json!({
        "channel": "widget",
        "visitor": { "name": "Ana", "email": "ana@example.org" },
        "assignee": { "id": "kim", "name": "Kim" },
    });
    let first = platform.put(CONVERSATION, conversation).await.expect(201);
    let mut expected = first["conversation"].clone();
    for (change, pointer, value) in [
        (json!({}), "/status", json!("open")),
        (
            json!({ "visitor": { "time_zone": "Asia/Tokyo" } }),
            "/visitor/time_zone",
            json!("Asia/Tokyo"),
        ),
        (
            json!({ "visitor": { "name": "Ana Reis" } }),
            "/visitor/name",
            json!("Ana Reis"),
        ),
        (
            json!({ "status": "resolved" }),
            "/status",
            json!("resolved"),
        ),
        (
            json!({ "channel": "messenger" }),
            "/channel",
            json!("messenger"),
        ),
        // An agent's name belongs to that agent, so another assignee does not keep it.
        (
            json!({ "assignee": { "id": "lee" } }),
            "/assignee",
            json!({ "id": "lee" }),
        ),
    ] {
        let body = platform.put(CONVERSATION, change.clone()).await.expect(200);
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        expected.pointer_mut(parent).unwrap()[member] = value;
        expected["updated_at"] = body["conversation"]["updated_at"].clone();
        assert_eq!(body["conversation"], expected, "{change}");
        assert_eq!(body["visitor_token"], first["visitor_token"]);
    }
}

#[tokio::test]
async fn recording_again_changes_updated_at_and_not_recorded_at() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let conversation = json!({ "channel": "widget" });
    let first = platform
        .put(CONVERSATION, conversation.clone())
        .await
        .expect(201);
    stack.advance(60).await;
    let second = platform.put(CONVERSATION, conversation).await.expect(200);
    let (first, second) = (&first["conversation"], &second["conversation"]);
    assert_eq!(second["recorded_at"], first["recorded_at"]);
    assert!(second["updated_at"].as_str() > first["updated_at"].as_str());
}

#[tokio::test]
async fn renewing_the_token_in_the_millisecond_of_creation_is_an_update() {
    let stack = Stack::start_with(Options {
        clock: FrozenClock::at("2026-01-05T09:30:00Z".parse().unwrap()),
        ..Stack::options()
    })
    .await;
    let platform = stack.platform().await;
    let conversation = json!({ "channel": "widget", "renew_visitor_token": true });
    platform
        .put(CONVERSATION, conversation.clone())
        .await
        .expect(201);
    platform.put(CONVERSATION, conversation).await.expect(200);
}

#[tokio::test]
async fn of_concurrent_first_recordings_one_is_new_and_all_return_the_same_token() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let conversation = json!({ "channel": "widget" });
    let replies = join_all((0..20).map(|_| platform.put(CONVERSATION, conversation.clone()))).await;
    let created = replies.iter().filter(|reply| reply.status == 201).count();
    assert_eq!(created, 1);
    let token = replies[0].body["visitor_token"].clone();
    for reply in replies {
        assert_eq!(reply.expect_success()["visitor_token"], token);
    }
}

#[tokio::test]
async fn recording_changes_neither_the_current_request_nor_the_rating() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let request = agent.ask_for_id("c1").await;
    let answer = json!({ "score": 4, "comment": "Thanks" });
    visitor.rate(&request, answer).await.expect(201);
    let shown = visitor.rating_request().await;
    let read = agent.conversation("c1").await;

    let change = json!({
        "channel": "widget",
        "visitor": { "name": "Ana Reis" },
        "assignee": { "id": "lee" },
        "status": "resolved",
    });
    let platform = stack.platform().await;
    platform.put(CONVERSATION, change).await.expect(200);
    record(&platform, &[message("m2", SENT_AT, "Bye")])
        .await
        .expect(200);
    assert_eq!(visitor.rating_request().await, shown);
    assert_eq!(agent.conversation("c1").await["rating"], read["rating"]);
    agent
        .ask("c1")
        .await
        .expect_problem(429, "rating_already_requested");
}
