//! Invalid members of conversations and agents.

use reqwest::Method;
use serde_json::json;
use tests::transcript;

use crate::bad_input::{Fixture, RATING_REQUESTS, TRANSCRIPTS, invalid};

#[tokio::test]
async fn invalid_members_of_a_conversation_are_refused() {
    let fixture = Fixture::start().await;
    for (body, field) in [
        (json!({ "channel": "" }), "channel"),
        (json!({ "channel": "a b" }), "channel"),
        (json!({ "channel": "wídget" }), "channel"),
        (json!({ "channel": "a".repeat(65) }), "channel"),
        (json!({ "channel": 5 }), "channel"),
        (json!({ "status": "closed" }), "status"),
        (json!({ "status": "Open" }), "status"),
        (json!({ "status": true }), "status"),
        (
            json!({ "renew_visitor_token": "true" }),
            "renew_visitor_token",
        ),
        (json!({ "renew_visitor_token": 1 }), "renew_visitor_token"),
        (json!({ "visitor": "Ana" }), "visitor"),
        (json!({ "visitor": [] }), "visitor"),
        (json!({ "visitor": { "phone": "1" } }), "visitor.phone"),
        (json!({ "visitor": { "name": "A\nB" } }), "visitor.name"),
        (
            json!({ "visitor": { "name": "a".repeat(201) } }),
            "visitor.name",
        ),
        (json!({ "visitor": { "language": 5 } }), "visitor.language"),
        (
            json!({ "visitor": { "time_zone": 60 } }),
            "visitor.time_zone",
        ),
        (json!({ "assignee": "kim" }), "assignee"),
        (json!({ "assignee": {} }), "assignee.id"),
        (json!({ "assignee": { "id": null } }), "assignee.id"),
        (json!({ "assignee": { "id": "" } }), "assignee.id"),
        (json!({ "assignee": { "id": "k#m" } }), "assignee.id"),
        (json!({ "assignee": { "id": "k\u{7}m" } }), "assignee.id"),
        (json!({ "assignee": { "id": "kím" } }), "assignee.id"),
        (
            json!({ "assignee": { "id": "k".repeat(256) } }),
            "assignee.id",
        ),
        (json!({ "assignee": { "id": 7 } }), "assignee.id"),
        (
            json!({ "assignee": { "id": "kim", "name": "\r\n" } }),
            "assignee.name",
        ),
        (
            json!({ "assignee": { "id": "kim", "mail": "" } }),
            "assignee.mail",
        ),
        (json!({ "rating": { "score": 5 } }), "rating"),
        (json!({ "current_request": null }), "current_request"),
        (json!({ "visitor_token": "x" }), "visitor_token"),
    ] {
        fixture.assert_recording_refused(body, field).await;
    }
}

#[tokio::test]
async fn an_invalid_agent_in_a_request_body_is_refused() {
    let fixture = Fixture::start().await;
    for (agent, field) in [
        (json!("kim"), "agent"),
        (json!(null), "agent"),
        (json!({}), "agent.id"),
        (json!({ "id": "" }), "agent.id"),
        (json!({ "id": "a#b" }), "agent.id"),
        (json!({ "id": "a".repeat(5_000) }), "agent.id"),
        (json!({ "id": "kim", "name": "" }), "agent.name"),
        (json!({ "id": "kim", "role": "boss" }), "agent.role"),
    ] {
        let mut transcript = transcript();
        transcript["agent"] = agent.clone();
        for (path, body) in [
            (RATING_REQUESTS, json!({ "agent": agent })),
            (TRANSCRIPTS, transcript),
        ] {
            let route = (&fixture.platform, Method::POST, path);
            fixture
                .assert_refused(route, body.to_string(), invalid(field))
                .await;
        }
    }
}
