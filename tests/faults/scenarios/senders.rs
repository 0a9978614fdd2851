use futures_util::FutureExt;
use reqwest::Method;
use serde_json::{Value, json};
use tests::SENDER;

use crate::scenario::{Bench, Calls, Request, Scenario};

const CLAIM: &[&str] = &["PUT /v1/senders/{address}"];

pub(crate) fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario {
            routes: &["GET /v1/senders"],
            variant: "With a sender that was verified since",
            prepare: |bench| {
                async {
                    claim(bench).await;
                    bench.stack.identity(SENDER, true).await;
                    bench.stack.advance(60).await;
                    let agent = bench.stack.agent("kim").await;
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
            prepare: |bench| async { requested(bench, Method::PUT).await }.boxed(),
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: CLAIM,
            variant: "An address whose verification failed",
            prepare: |bench| {
                async {
                    claim(bench).await;
                    bench.stack.identity(SENDER, false).await;
                    requested(bench, Method::PUT).await
                }
                .boxed()
            },
            calls: Calls::With(&["EmailIdentit"]),
            repeatable: true,
        },
        Scenario {
            routes: &["DELETE /v1/senders/{address}"],
            variant: "An address whose identity was made for it",
            prepare: |bench| {
                async {
                    claim(bench).await;
                    requested(bench, Method::DELETE).await
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
    ]
}

/// Claims [`SENDER`], which SES does not know.
async fn claim(bench: &Bench) {
    let agent = bench.stack.agent("kim").await;
    agent.put(&path(), json!({})).await.expect(201);
}

async fn requested(bench: &Bench, method: Method) -> Request {
    let body = match method {
        Method::DELETE => Value::Null,
        _ => json!({ "name": "Acme" }),
    };
    Request::http(bench.stack.agent("kim").await, method, &path(), body)
}

fn path() -> String {
    format!("/v1/senders/{SENDER}")
}
