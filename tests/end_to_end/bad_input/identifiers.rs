//! Invalid ids in a path.

use reqwest::Method;
use serde_json::json;
use tests::{message, transcript};

use crate::bad_input::{Fixture, invalid};

/// Invalid ids, as they appear in a URL.
const BAD_IDS: [&str; 14] = [
    "a%23b",
    "a%00b",
    "a%0Ab",
    "a%0D%0Ab",
    "a%7Fb",
    "a%20b",
    "a+b",
    "%20",
    "%C3%A9",
    "%F0%9F%98%8A",
    "%FF",
    "a%zzb",
    "%25",
    // This is `a%23b` after it is decoded once. It is not decoded again.
    "a%2523b",
];

#[tokio::test]
async fn an_invalid_conversation_id_is_refused_on_every_route() {
    let fixture = Fixture::start().await;
    let (long, longer) = ("a".repeat(129), "a".repeat(5_000));
    let (agent, platform) = (&fixture.agent, &fixture.platform);
    let recording = json!({ "channel": "widget" });
    let messages = json!({ "messages": [message("m2", "2026-01-05T09:30:00Z", "Hi")] });
    for id in BAD_IDS.iter().copied().chain([&*long, &*longer]) {
        for (caller, method, rest, body) in [
            (platform, Method::PUT, "", &recording),
            (platform, Method::POST, "/messages", &messages),
            (agent, Method::POST, "/rating-requests", &json!({})),
            (agent, Method::POST, "/transcripts", &transcript()),
            (agent, Method::GET, "", &json!({})),
        ] {
            let path = format!("/v1/conversations/{id}{rest}");
            let route = (caller, method, path.as_str());
            fixture
                .assert_refused(route, body.to_string(), invalid("conversation_id"))
                .await;
        }
    }
}

#[tokio::test]
async fn a_path_with_a_slash_in_the_conversation_id_has_no_route() {
    let fixture = Fixture::start().await;
    for path in [
        "/v1/conversations/a/b",
        "/v1/conversations/a%2Fb",
        "/v1/conversations/",
        "/v1/conversations//c1",
    ] {
        let body = fixture.agent.get(path).await.expect(404);
        assert_eq!(body, json!({ "message": "Not Found" }), "{path}");
    }
}

#[tokio::test]
async fn an_invalid_rating_request_id_is_refused() {
    let fixture = Fixture::start().await;
    let (long, longer) = ("a".repeat(129), "a".repeat(5_000));
    for id in BAD_IDS.iter().copied().chain([&*long, &*longer]) {
        let path = format!("/v1/visitor/rating-requests/{id}/rating");
        let route = (&fixture.visitor, Method::PUT, path.as_str());
        fixture
            .assert_refused(route, "{\"score\":5}", invalid("rating_request_id"))
            .await;
    }
}
