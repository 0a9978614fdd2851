use futures_util::FutureExt;
use reqwest::Method;
use serde_json::Value;
use tests::{AwsCall, AwsError, Caller, FaultInjection, asking, transcript};

use crate::scenario::{Bench, Calls, Request, Scenario};

const ROUTE: &[&str] = &["POST /v1/conversations/{conversation_id}/transcripts"];
const PATH: &str = "/v1/conversations/c1/transcripts";

pub(crate) fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario {
            routes: ROUTE,
            variant: "With an idempotency key",
            prepare: |bench| {
                async { Request::keyed(agent(bench).await, PATH, transcript()) }.boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: ROUTE,
            variant: "With a key, after the slot is reserved",
            prepare: |bench| {
                async { Request::keyed(agent(bench).await, PATH, transcript()) }.boxed()
            },
            calls: Calls::After("Put TRANSCRIPT", &["GetItem QUOTA"]),
            repeatable: true,
        },
        Scenario {
            routes: ROUTE,
            variant: "With a key, and every reservation conflicts",
            prepare: |bench| {
                async {
                    let agent = agent(bench).await;
                    let reserves = |call: &AwsCall| call.subject().contains("Put TRANSCRIPT");
                    let conflict = FaultInjection::Refuse(AwsError::TransactionConflict);
                    bench.aws.inject_always(reserves, conflict);
                    Request::keyed(agent, PATH, transcript())
                }
                .boxed()
            },
            calls: Calls::After("Put TRANSCRIPT", &["GetItem"]),
            repeatable: true,
        },
        Scenario {
            routes: ROUTE,
            variant: "Without a key",
            prepare: |bench| async { keyless(agent(bench).await, transcript()) }.boxed(),
            calls: Calls::With(&["Put TRANSCRIPT"]),
            repeatable: false,
        },
        Scenario {
            routes: ROUTE,
            variant: "With a key, and with a rating request beneath it",
            prepare: |bench| async { Request::keyed(agent(bench).await, PATH, asking()) }.boxed(),
            calls: Calls::With(&["REQUEST", "SendEmail"]),
            repeatable: true,
        },
        Scenario {
            routes: ROUTE,
            variant: "With a key, refused by SES",
            prepare: |bench| {
                async {
                    let agent = agent(bench).await;
                    bench.stack.next_sends(&["reject"]).await;
                    Request::keyed(agent, PATH, transcript())
                }
                .boxed()
            },
            calls: Calls::With(&["Delete TRANSCRIPT"]),
            repeatable: true,
        },
        Scenario {
            routes: ROUTE,
            variant: "With a key, failed by SES",
            prepare: |bench| {
                async {
                    let agent = agent(bench).await;
                    bench.stack.next_sends(&["lost_reply"]).await;
                    Request::keyed(agent, PATH, transcript())
                }
                .boxed()
            },
            calls: Calls::With(&["UpdateItem TRANSCRIPT"]),
            repeatable: true,
        },
    ]
}

/// An agent, with what a transcript needs.
async fn agent(bench: &Bench) -> Caller {
    bench.stack.begin_an_hour().await;
    bench.stack.verified_sender().await;
    bench.stack.conversation("c1").await;
    bench.stack.agent("kim").await
}

fn keyless(agent: Caller, body: Value) -> Request {
    Request::http(agent, Method::POST, PATH, body)
}
