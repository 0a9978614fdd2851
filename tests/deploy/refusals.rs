//! Refusals of the deployed API. The gateway checks the token, and the functions check everything else.

use std::time::Duration;

use serde_json::{Value, json};
use tests::{Caller, Reply};

use crate::issuer::{bearer, caller, claims, claims_with, seconds_ahead, signed};
use crate::variable;

const REQUEST_RATING: &str = "/v1/conversations/unknown/rating-requests";

#[track_caller]
fn expect_of_gateway(reply: Reply, status: u16, message: &str) {
    assert_eq!(reply.expect(status), json!({ "message": message }));
}

#[tokio::test]
async fn the_gateway_refuses_a_request_without_a_token() {
    let nobody = Caller::new(&variable("AFTERCHAT_API"), None);
    let reply = nobody.post(REQUEST_RATING, json!({})).await;
    expect_of_gateway(reply, 401, "Unauthorized");
}

#[tokio::test]
async fn a_token_of_another_audience_or_issuer_or_an_expired_one_is_refused() {
    let an_hour_ago = seconds_ahead(Duration::ZERO) - 3_600;
    let refused = [
        json!({ "aud": "https://other.example.com" }),
        json!({ "iss": "https://other.example.com" }),
        json!({ "exp": an_hour_ago }),
    ];
    for others in refused {
        let reply = caller(&claims_with(others))
            .post(REQUEST_RATING, json!({}))
            .await;
        expect_of_gateway(reply, 401, "Unauthorized");
    }
}

#[tokio::test]
async fn a_token_that_was_changed_is_refused() {
    let token = signed(&claims());
    let (signed_part, signature) = token.rsplit_once('.').unwrap();
    let other = signed(&claims_with(json!({ "sub": "kim" })));
    let (other_part, _) = other.rsplit_once('.').unwrap();
    for changed in [
        format!("{other_part}.{signature}"),
        format!("{signed_part}."),
    ] {
        let reply = bearer(&changed).post(REQUEST_RATING, json!({})).await;
        expect_of_gateway(reply, 401, "Unauthorized");
    }
}

#[tokio::test]
async fn a_token_without_the_routes_scope_is_refused() {
    for scope in ["", "ratings:ask", "afterchat/conversations:read"] {
        let agent = caller(&claims_with(json!({ "scope": scope })));
        let reply = agent.post(REQUEST_RATING, json!({})).await;
        expect_of_gateway(reply, 403, "Forbidden");
    }
}

#[tokio::test]
async fn the_gateway_answers_an_unknown_route_and_the_function_an_unknown_conversation() {
    let agent = caller(&claims());
    let reply = agent.get("/v1/unknown").await;
    expect_of_gateway(reply, 404, "Not Found");
    let reply = agent.post(REQUEST_RATING, json!({})).await;
    reply.expect_problem(404, "conversation_not_found");
}

#[tokio::test]
async fn the_functions_check_the_visitors_token() {
    for token in ["made-up", &signed(&claims())] {
        let reply = bearer(token).get("/v1/visitor/rating-request").await;
        reply.expect_problem(401, "invalid_visitor_token");
    }
}

#[tokio::test]
async fn bad_bodies_are_refused_with_their_field() {
    let agent = caller(&claims());
    let reply = agent
        .put("/v1/conversations/bad", json!({ "channel": 1 }))
        .await;
    let problem: Value = reply.expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "channel");
}
