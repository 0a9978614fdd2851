use futures_util::FutureExt;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{AwsCall, AwsError, FaultInjection, SeededRequest, transcript_with_faces};

use crate::scenario::{Calls, Fixture, Request, Scenario};

const REQUEST_RATING: &[&str] = &["POST /v1/conversations/{conversation_id}/rating-requests"];
const SUBMIT_RATING: &[&str] = &["PUT /v1/visitor/rating-requests/{rating_request_id}/rating"];

pub(crate) fn scenarios() -> Vec<Scenario> {
    [rating_requests(), visitor_requests(), reports()]
        .into_iter()
        .flatten()
        .collect()
}

fn rating_requests() -> Vec<Scenario> {
    vec![
        Scenario {
            routes: REQUEST_RATING,
            variant: "With an idempotency key",
            prepare: |fixture| {
                async {
                    fixture.stack.conversation("c1").await;
                    Request::keyed(
                        fixture.stack.agent("kim").await,
                        &rating_requests_path(),
                        json!({}),
                    )
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: REQUEST_RATING,
            variant: "Without a key",
            prepare: |fixture| {
                async {
                    fixture.stack.conversation("c1").await;
                    let agent = fixture.stack.agent("kim").await;
                    Request::http(agent, Method::POST, &rating_requests_path(), json!({}))
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: false,
        },
        Scenario {
            routes: REQUEST_RATING,
            variant: "Asked before, and every transaction conflicts",
            prepare: |fixture| {
                async {
                    fixture.stack.conversation("c1").await;
                    let agent = fixture.stack.agent("kim").await;
                    agent.ask_for_id("c1").await;
                    let transacts = |call: &AwsCall| call.is("dynamodb:TransactWriteItems");
                    let conflict = FaultInjection::Refuse(AwsError::TransactionConflict);
                    fixture.aws.inject_always(transacts, conflict);
                    Request::http(agent, Method::POST, &rating_requests_path(), json!({}))
                }
                .boxed()
            },
            calls: Calls::With(&["GetItem"]),
            repeatable: true,
        },
    ]
}

fn visitor_requests() -> Vec<Scenario> {
    vec![
        Scenario {
            routes: &["GET /v1/visitor/rating-request"],
            variant: "The current rating request",
            prepare: |fixture| {
                async {
                    let visitor = fixture.stack.conversation("c1").await;
                    fixture.stack.agent("kim").await.ask_for_id("c1").await;
                    let path = "/v1/visitor/rating-request";
                    Request::http(visitor, Method::GET, path, Value::Null)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: &["GET /v1/visitor/rating-requests/{rating_request_id}"],
            variant: "Through a mail's link",
            prepare: |fixture| {
                async {
                    let (token, request) = mail_link(fixture).await;
                    let visitor = fixture.stack.bearer(&token);
                    let path = format!("/v1/visitor/rating-requests/{request}");
                    Request::http(visitor, Method::GET, &path, Value::Null)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: SUBMIT_RATING,
            variant: "A first answer",
            prepare: |fixture| {
                async {
                    let visitor = fixture.stack.conversation("c1").await;
                    let request = fixture.stack.agent("kim").await.ask_for_id("c1").await;
                    let body = json!({ "score": 4, "comment": "Thank you" });
                    Request::http(visitor, Method::PUT, &rating_path(&request), body)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: SUBMIT_RATING,
            variant: "A first answer with a reason",
            prepare: |fixture| {
                async {
                    let agent = fixture.stack.agent("kim").await;
                    let reason = json!({ "id": "slow", "scores": [1], "labels": { "en": "Slow" } });
                    let settings = json!({ "reasons": [reason] });
                    agent.put("/v1/settings", settings).await.expect(200);
                    let visitor = fixture.stack.conversation("c1").await;
                    let request = agent.ask_for_id("c1").await;
                    let body = json!({ "score": 1, "reasons": ["slow"] });
                    Request::http(visitor, Method::PUT, &rating_path(&request), body)
                }
                .boxed()
            },
            calls: Calls::With(&["SETTINGS"]),
            repeatable: true,
        },
        Scenario {
            routes: SUBMIT_RATING,
            variant: "A change",
            prepare: |fixture| {
                async {
                    let visitor = fixture.stack.conversation("c1").await;
                    let request = fixture.stack.agent("kim").await.ask_for_id("c1").await;
                    let first = visitor.rate(&request, json!({ "score": 4 })).await;
                    first.expect(201);
                    let body = json!({ "score": 5 });
                    Request::http(visitor, Method::PUT, &rating_path(&request), body)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: SUBMIT_RATING,
            variant: "A first answer through a mail's link",
            prepare: |fixture| {
                async {
                    let (token, request) = mail_link(fixture).await;
                    let visitor = fixture.stack.bearer(&token);
                    let body = json!({ "score": 4 });
                    Request::http(visitor, Method::PUT, &rating_path(&request), body)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
    ]
}

fn reports() -> Vec<Scenario> {
    vec![
        Scenario {
            routes: &["GET /v1/satisfaction"],
            variant: "A month by day",
            prepare: |fixture| async { report_request(fixture, "/v1/satisfaction").await }.boxed(),
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: &["GET /v1/satisfaction"],
            variant: "A month of one agent",
            prepare: |fixture| {
                async { report_request(fixture, "/v1/satisfaction?agent=kim").await }.boxed()
            },
            calls: Calls::With(&["AGENTS"]),
            repeatable: true,
        },
        Scenario {
            routes: &["GET /v1/satisfaction"],
            variant: "A month by reason",
            prepare: |fixture| {
                async { report_request(fixture, "/v1/satisfaction?group_by=reason").await }.boxed()
            },
            calls: Calls::With(&["REASONS", "SETTINGS"]),
            repeatable: true,
        },
        Scenario {
            routes: &["GET /v1/ratings"],
            variant: "The ratings of a month",
            prepare: |fixture| async { report_request(fixture, "/v1/ratings").await }.boxed(),
            calls: Calls::With(&["ratings", "REQUEST"]),
            repeatable: true,
        },
    ]
}

/// A request for a report on a month with one rating.
async fn report_request(fixture: &Fixture, path: &str) -> Request {
    let request = SeededRequest::new("r1", "2026-11-02T09:00:00.000Z", "kim");
    fixture.stack.seed(&[request.rated(5)]).await;
    let agent = fixture.stack.agent("kim").await;
    let separator = if path.contains('?') { '&' } else { '?' };
    let path = format!("{path}{separator}from=2026-11-01&to=2026-11-30");
    Request::http(agent, Method::GET, &path, Value::Null)
}

fn rating_requests_path() -> String {
    "/v1/conversations/c1/rating-requests".to_owned()
}

fn rating_path(request: &str) -> String {
    format!("/v1/visitor/rating-requests/{request}/rating")
}

/// The token of a mail's link, and the request that it answers.
async fn mail_link(fixture: &Fixture) -> (String, String) {
    fixture.stack.verified_sender().await;
    fixture.stack.conversation("c1").await;
    let agent = fixture.stack.agent("kim").await;
    let sent = agent
        .send_transcript_as("c1", transcript_with_faces())
        .await
        .expect(201);
    let request = sent["rating_request"]["id"].as_str().unwrap().to_owned();
    let links = fixture.stack.link_tokens().await;
    (links[0].clone(), request)
}
