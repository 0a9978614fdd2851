use futures_util::FutureExt;
use reqwest::Method;
use serde_json::Value;
use tests::{AwsCall, AwsError, Caller, FaultInjection, transcript, transcript_with_faces};

use crate::scenario::{Calls, Fixture, Request, Scenario};

const ROUTE: &[&str] = &["POST /v1/conversations/{conversation_id}/transcripts"];
const PATH: &str = "/v1/conversations/c1/transcripts";

pub(crate) fn scenarios() -> Vec<Scenario> {
    [sends(), failed_sends()].into_iter().flatten().collect()
}

fn sends() -> Vec<Scenario> {
    vec![
        Scenario {
            routes: ROUTE,
            variant: "With an idempotency key",
            prepare: |fixture| {
                async { Request::keyed(agent(fixture).await, PATH, transcript()) }.boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: ROUTE,
            variant: "With a key, after the slot is reserved",
            prepare: |fixture| {
                async { Request::keyed(agent(fixture).await, PATH, transcript()) }.boxed()
            },
            calls: Calls::After("Put TRANSCRIPT", &["GetItem QUOTA"]),
            repeatable: true,
        },
        Scenario {
            routes: ROUTE,
            variant: "With a key, and every reservation conflicts",
            prepare: |fixture| {
                async {
                    let agent = agent(fixture).await;
                    let reserves = |call: &AwsCall| call.subject().contains("Put TRANSCRIPT");
                    let conflict = FaultInjection::Refuse(AwsError::TransactionConflict);
                    fixture.aws.inject_always(reserves, conflict);
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
            prepare: |fixture| async { keyless(agent(fixture).await, transcript()) }.boxed(),
            calls: Calls::With(&["Put TRANSCRIPT"]),
            repeatable: false,
        },
        Scenario {
            routes: ROUTE,
            variant: "With a key and a rating request",
            prepare: |fixture| {
                async { Request::keyed(agent(fixture).await, PATH, transcript_with_faces()) }
                    .boxed()
            },
            calls: Calls::With(&["REQUEST", "SendEmail"]),
            repeatable: true,
        },
    ]
}

fn failed_sends() -> Vec<Scenario> {
    vec![
        Scenario {
            routes: ROUTE,
            variant: "With a key, refused by SES",
            prepare: |fixture| {
                async {
                    let agent = agent(fixture).await;
                    fixture.stack.next_sends(&["reject"]).await;
                    Request::keyed(agent, PATH, transcript())
                }
                .boxed()
            },
            calls: Calls::With(&["Delete TRANSCRIPT"]),
            repeatable: true,
        },
        Scenario {
            routes: ROUTE,
            variant: "With a key, and the reply of SES is lost",
            prepare: |fixture| {
                async {
                    let agent = agent(fixture).await;
                    fixture.stack.next_sends(&["lost_reply"]).await;
                    Request::keyed(agent, PATH, transcript())
                }
                .boxed()
            },
            calls: Calls::With(&["UpdateItem TRANSCRIPT"]),
            repeatable: true,
        },
    ]
}

/// Prepares everything that a transcript needs. Returns the agent.
async fn agent(fixture: &Fixture) -> Caller {
    fixture.stack.begin_an_hour().await;
    fixture.stack.verified_sender().await;
    fixture.stack.conversation("c1").await;
    fixture.stack.agent("kim").await
}

fn keyless(agent: Caller, body: Value) -> Request {
    Request::http(agent, Method::POST, PATH, body)
}
