//! The limits of the API.

use local_chatwoot::{Limits, Options};
use serde_json::json;

use crate::kit::Office;

fn options(limits: Limits) -> Options {
    Options {
        limits,
        ..Options::default()
    }
}

#[tokio::test]
async fn too_many_requests_in_a_minute_are_refused_in_plain_text() {
    let office = Office::with(options(Limits {
        requests_per_minute: 2,
        ..Limits::default()
    }))
    .await;
    let client = office.client();
    assert_eq!(client.get("/agents").await.status, 200);
    assert_eq!(client.get("/unknown").await.status, 404);
    let refused = client.get("/agents").await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.content_type, "text/plain");
    assert_eq!(refused.text(), "Retry later\n");
    office.clock.advance(60_000);
    assert_eq!(client.get("/agents").await.status, 200);
    assert_eq!(office.chatwoot.api_calls().len(), 4);
}

#[tokio::test]
async fn too_many_messages_in_a_minute_are_refused_with_422() {
    let office = Office::with(options(Limits {
        messages_per_minute: 3,
        ..Limits::default()
    }))
    .await;
    let (conversation, _) = office.quiet_conversation();
    let path = format!("/conversations/{}/messages", conversation.display_id);
    let post = async || office.client().post(&path, json!({"content": "x"})).await;
    assert_eq!(post().await.status, 200);
    assert_eq!(post().await.status, 200);
    let sentence = "Validation failed: Too many messages".to_owned();
    assert_eq!(post().await.error(), (422, sentence));
    office.clock.advance(61_000);
    assert_eq!(post().await.status, 200);
}

#[tokio::test]
async fn the_usual_limits_are_those_of_chatwoot() {
    let limits = Limits::default();
    assert_eq!(limits.requests_per_minute, 3_000);
    assert_eq!(limits.messages_per_minute, 200);
    assert_eq!(limits.content_characters, 150_000);
}
