//! Requests from pages of other origins to a stack with a list of allowed origins.

use reqwest::Method;
use serde_json::json;
use tests::{Reply, Stack};

const ALLOWED_ORIGIN: &str = "https://chat.example.com";

/// A stack that allows [`ALLOWED_ORIGIN`] and one more origin.
async fn stack() -> Stack {
    let origins = format!("{ALLOWED_ORIGIN},https://inbox.example.com");
    Stack::start_with(Stack::options_with(&[("AllowedOrigins", &origins)])).await
}

/// Origins that resemble an allowed one.
const OTHER_ORIGINS: [&str; 9] = [
    "https://evil.example",
    "https://chat.example.com.evil.example",
    "https://evil.example/https://chat.example.com",
    "http://chat.example.com",
    "https://chat.example.com:444",
    "https://CHAT.example.com",
    "https://xchat.example.com",
    "null",
    "*",
];

#[tokio::test]
async fn another_origin_gets_no_cors_headers() {
    let stack = stack().await;
    for origin in OTHER_ORIGINS {
        let preflight = stack
            .nobody()
            .request(Method::OPTIONS, "/v1/visitor/rating-request")
            .header("origin", origin)
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", "authorization");
        let request = stack
            .nobody()
            .request(Method::GET, "/v1/visitor/rating-request");
        for request in [preflight, request.header("origin", origin)] {
            let reply = Reply::of(request).await;
            for name in reply.headers.keys() {
                assert!(
                    !name.as_str().starts_with("access-control-"),
                    "{origin}: {name}"
                );
            }
        }
    }
}

#[tokio::test]
async fn an_allowed_origin_gets_cors_headers_without_credentials() {
    let stack = stack().await;
    for origin in [ALLOWED_ORIGIN, "https://inbox.example.com"] {
        let request = stack
            .nobody()
            .request(Method::GET, "/v1/visitor/rating-request");
        let reply = Reply::of(request.header("origin", origin)).await;
        assert_eq!(reply.header("access-control-allow-origin"), origin);
        assert_eq!(reply.header("access-control-allow-credentials"), "");
    }
}

#[tokio::test]
async fn a_token_in_a_cookie_or_in_the_query_is_not_accepted() {
    let stack = stack().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let before = stack.all_data().await;
    for (path, token) in [
        ("/v1/conversations/c1", agent.token()),
        ("/v1/visitor/rating-request", visitor.token()),
    ] {
        let request = stack.nobody().request(Method::GET, path);
        let request = request.header(
            "cookie",
            format!("authorization=Bearer {token}; token={token}"),
        );
        Reply::of(request).await.expect(401);
        let request = format!("{path}?access_token={token}&token={token}");
        stack.nobody().get(&request).await.expect(401);
    }
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn a_page_of_another_origin_cannot_read_the_dev_routes() {
    let stack = stack().await;
    stack.conversation("c1").await;
    for (method, path) in [
        (Method::GET, "/dev/outbox"),
        (Method::POST, "/dev/token"),
        (Method::POST, "/dev/clock"),
    ] {
        for method in [method, Method::OPTIONS] {
            let request = stack.nobody().request(method, path);
            let request = request.header("origin", "https://evil.example");
            let request = request.header("access-control-request-method", "POST");
            let reply = Reply::of(request.json(&json!({ "sub": "eve" }))).await;
            assert_eq!(reply.header("access-control-allow-origin"), "", "{path}");
        }
    }
}
