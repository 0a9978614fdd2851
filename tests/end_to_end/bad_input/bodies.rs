//! Request bodies that are not valid JSON objects.

use serde_json::json;
use tests::{message, transcript};

use crate::bad_input::{ExpectedProblem, Fixture, RATING_REQUESTS, invalid};

const NOT_JSON: ExpectedProblem<'static> = (400, "invalid_json", None);

#[tokio::test]
async fn invalid_json_is_refused_on_every_route() {
    let fixture = Fixture::start().await;
    for route in fixture.routes() {
        for text in [
            "{",
            "score=5",
            "{'score':5}",
            "{\"score\":5}}",
            "{\"score\":05}",
            "{\"score\":NaN}",
            "{\"score\":5,}",
            "\u{feff}{}",
            &"[".repeat(100_000),
        ] {
            fixture
                .assert_refused(route.clone(), text.to_owned(), NOT_JSON)
                .await;
        }
        let not_utf_8 = b"{\"name\":\"\xff\"}".to_vec();
        fixture.assert_refused(route, not_utf_8, NOT_JSON).await;
    }
}

#[tokio::test]
async fn an_empty_body_is_refused_on_every_route_that_requires_one() {
    let fixture = Fixture::start().await;
    for (caller, method, path) in fixture.routes() {
        if path != RATING_REQUESTS && !path.starts_with("/v1/senders/") {
            fixture
                .assert_refused((caller, method, path), "", NOT_JSON)
                .await;
        }
    }
}

#[tokio::test]
async fn json_that_is_not_an_object_is_refused_on_every_route() {
    let fixture = Fixture::start().await;
    for route in fixture.routes() {
        for text in ["[]", "null", "5", "\"score\"", "true"] {
            fixture
                .assert_refused(route.clone(), text, invalid(""))
                .await;
        }
    }
}

#[tokio::test]
async fn a_body_over_1_mb_is_refused_on_every_route() {
    let fixture = Fixture::start().await;
    for route in fixture.routes() {
        let body = format!("{{}}{}", " ".repeat(999_999));
        fixture
            .assert_refused(route, body, (413, "body_too_large", None))
            .await;
    }
}

#[tokio::test]
async fn an_unknown_field_is_refused_and_named_on_every_route() {
    let fixture = Fixture::start().await;
    let bodies = [
        json!({ "channel": "widget" }),
        json!({ "messages": [message("m2", "2026-01-05T09:30:00Z", "Hi")] }),
        json!({}),
        transcript(),
        json!({ "score": 5 }),
        json!({ "name": "Sales" }),
        json!({ "email": "ana@example.org" }),
    ];
    for (route, body) in fixture.routes().into_iter().zip(bodies) {
        for unknown in ["organisation", "Score", "__proto__", ""] {
            let mut body = body.clone();
            body[unknown] = json!("other");
            fixture
                .assert_refused(route.clone(), body.to_string(), invalid(unknown))
                .await;
        }
    }
}

#[tokio::test]
async fn a_long_unknown_field_name_is_shortened_in_the_response() {
    let fixture = Fixture::start().await;
    let body = json!({ "score": 5, "é".repeat(5_000): 1 }).to_string();
    fixture
        .assert_rating_refused(&body, "invalid_request", &"é".repeat(64))
        .await;
}
