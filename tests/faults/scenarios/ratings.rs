use futures_util::FutureExt;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{AwsCall, AwsError, FaultInjection, SeededRequest, asking};

use crate::scenario::{Bench, Calls, Request, Scenario};

const ASK: &[&str] = &["POST /v1/conversations/{conversation_id}/rating-requests"];
const RATE: &[&str] = &["PUT /v1/visitor/rating-requests/{rating_request_id}/rating"];

pub(crate) fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario {
            routes: ASK,
            variant: "With an idempotency key",
            prepare: |bench| {
                async {
                    bench.stack.conversation("c1").await;
                    Request::keyed(bench.stack.agent("kim").await, &asks(), json!({}))
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: ASK,
            variant: "Without a key",
            prepare: |bench| {
                async {
                    bench.stack.conversation("c1").await;
                    let agent = bench.stack.agent("kim").await;
                    Request::http(agent, Method::POST, &asks(), json!({}))
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: false,
        },
        Scenario {
            routes: ASK,
            variant: "Asked before, and every transaction conflicts",
            prepare: |bench| {
                async {
                    bench.stack.conversation("c1").await;
                    let agent = bench.stack.agent("kim").await;
                    agent.asked("c1").await;
                    let transacts = |call: &AwsCall| call.is("dynamodb:TransactWriteItems");
                    let conflict = FaultInjection::Refuse(AwsError::TransactionConflict);
                    bench.aws.inject_always(transacts, conflict);
                    Request::http(agent, Method::POST, &asks(), json!({}))
                }
                .boxed()
            },
            calls: Calls::With(&["GetItem"]),
            repeatable: true,
        },
        Scenario {
            routes: &["GET /v1/visitor/rating-request"],
            variant: "What is asked",
            prepare: |bench| {
                async {
                    let visitor = bench.stack.conversation("c1").await;
                    bench.stack.agent("kim").await.asked("c1").await;
                    let path = "/v1/visitor/rating-request";
                    Request::http(visitor, Method::GET, path, Value::Null)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: RATE,
            variant: "A first answer",
            prepare: |bench| {
                async {
                    let visitor = bench.stack.conversation("c1").await;
                    let request = bench.stack.agent("kim").await.asked("c1").await;
                    let body = json!({ "score": 4, "comment": "Thank you" });
                    Request::http(visitor, Method::PUT, &rates(&request), body)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: RATE,
            variant: "A change",
            prepare: |bench| {
                async {
                    let visitor = bench.stack.conversation("c1").await;
                    let request = bench.stack.agent("kim").await.asked("c1").await;
                    let first = visitor.rate(&request, json!({ "score": 4 })).await;
                    first.expect(201);
                    let body = json!({ "score": 5 });
                    Request::http(visitor, Method::PUT, &rates(&request), body)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: RATE,
            variant: "A first answer through a mail's link",
            prepare: |bench| {
                async {
                    let (token, request) = mail_link(bench).await;
                    let visitor = bench.stack.bearer(&token);
                    let body = json!({ "score": 4 });
                    Request::http(visitor, Method::PUT, &rates(&request), body)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: &["GET /v1/satisfaction"],
            variant: "A month by day",
            prepare: |bench| async { reported(bench, "/v1/satisfaction").await }.boxed(),
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: &["GET /v1/satisfaction"],
            variant: "A month of one agent",
            prepare: |bench| async { reported(bench, "/v1/satisfaction?agent=kim").await }.boxed(),
            calls: Calls::With(&["AGENTS"]),
            repeatable: true,
        },
        Scenario {
            routes: &["GET /v1/ratings"],
            variant: "The ratings of a month",
            prepare: |bench| async { reported(bench, "/v1/ratings").await }.boxed(),
            calls: Calls::With(&["ratings", "REQUEST"]),
            repeatable: true,
        },
    ]
}

/// What is told of a month with a rating.
async fn reported(bench: &Bench, path: &str) -> Request {
    let request = SeededRequest::new("r1", "2026-11-02T09:00:00.000Z", "kim");
    bench.stack.keep(&[request.rated(5)]).await;
    let agent = bench.stack.agent("kim").await;
    let separator = if path.contains('?') { '&' } else { '?' };
    let path = format!("{path}{separator}from=2026-11-01&to=2026-11-30");
    Request::http(agent, Method::GET, &path, Value::Null)
}

fn asks() -> String {
    "/v1/conversations/c1/rating-requests".to_owned()
}

fn rates(request: &str) -> String {
    format!("/v1/visitor/rating-requests/{request}/rating")
}

/// The token of a mail's link, and the request that it answers.
async fn mail_link(bench: &Bench) -> (String, String) {
    bench.stack.verified_sender().await;
    bench.stack.conversation("c1").await;
    let agent = bench.stack.agent("kim").await;
    let sent = agent.send_transcript_as("c1", asking()).await.expect(201);
    let request = sent["rating_request"]["id"].as_str().unwrap().to_owned();
    let links = bench.stack.links().await;
    (links[0].clone(), request)
}
