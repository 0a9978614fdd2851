use futures_util::FutureExt;
use reqwest::Method;
use serde_json::{Value, json};
use tests::SENDER;

use crate::scenario::{Calls, Fixture, Request, Scenario};

const CLAIM: &[&str] = &["PUT /v1/senders/{address}"];

pub(crate) fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario {
            routes: &["GET /v1/senders"],
            variant: "With a sender that was verified after its claim",
            prepare: |fixture| {
                async {
                    claim(fixture).await;
                    fixture.stack.identity(SENDER, true).await;
                    fixture.stack.advance(60).await;
                    let agent = fixture.stack.agent("kim").await;
                    Request::http(agent, Method::GET, "/v1/senders", Value::Null)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: CLAIM,
            variant: "An address without an identity in SES",
            prepare: |fixture| async { sender_request(fixture, Method::PUT).await }.boxed(),
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: CLAIM,
            variant: "An address whose verification failed",
            prepare: |fixture| {
                async {
                    claim(fixture).await;
                    fixture.stack.identity(SENDER, false).await;
                    sender_request(fixture, Method::PUT).await
                }
                .boxed()
            },
            calls: Calls::With(&["EmailIdentit"]),
            repeatable: true,
        },
        Scenario {
            routes: &["DELETE /v1/senders/{address}"],
            variant: "An address whose identity the claim created",
            prepare: |fixture| {
                async {
                    claim(fixture).await;
                    sender_request(fixture, Method::DELETE).await
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
    ]
}

/// Claims [`SENDER`], which has no identity in SES.
async fn claim(fixture: &Fixture) {
    let agent = fixture.stack.agent("kim").await;
    agent.put(&path(), json!({})).await.expect(201);
}

async fn sender_request(fixture: &Fixture, method: Method) -> Request {
    let body = match method {
        Method::DELETE => Value::Null,
        _ => json!({ "name": "Acme" }),
    };
    Request::http(fixture.stack.agent("kim").await, method, &path(), body)
}

fn path() -> String {
    format!("/v1/senders/{SENDER}")
}
