use futures_util::FutureExt;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{AwsCall, AwsError, Caller, FaultInjection, SENDER, transcript, transcript_with_faces};

use crate::scenario::{Calls, Fixture, Request, Scenario};

const ROUTE: &[&str] = &["POST /v1/conversations/{conversation_id}/transcripts"];
const PATH: &str = "/v1/conversations/c1/transcripts";
const PREVIEW_ROUTE: &[&str] = &["POST /v1/conversations/{conversation_id}/transcripts/preview"];
const PREVIEW_PATH: &str = "/v1/conversations/c1/transcripts/preview";
const VISITOR_ROUTE: &[&str] = &["POST /v1/visitor/transcripts"];
const VISITOR_PATH: &str = "/v1/visitor/transcripts";

pub(crate) fn scenarios() -> Vec<Scenario> {
    [sends(), failed_sends(), visitors_sends(), vec![preview()]]
        .into_iter()
        .flatten()
        .collect()
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

fn visitors_sends() -> Vec<Scenario> {
    vec![
        Scenario {
            routes: VISITOR_ROUTE,
            variant: "With an idempotency key",
            prepare: |fixture| {
                async { Request::keyed(visitor(fixture).await, VISITOR_PATH, json!({})) }.boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: VISITOR_ROUTE,
            variant: "With a key, refused by SES",
            prepare: |fixture| {
                async {
                    let visitor = visitor(fixture).await;
                    fixture.stack.next_sends(&["reject"]).await;
                    Request::keyed(visitor, VISITOR_PATH, json!({}))
                }
                .boxed()
            },
            calls: Calls::With(&["Delete TRANSCRIPT", "GetItem VISITOR-QUOTA"]),
            repeatable: true,
        },
    ]
}

fn preview() -> Scenario {
    Scenario {
        routes: PREVIEW_ROUTE,
        variant: "With a verified sender",
        prepare: |fixture| {
            async {
                Request::http(
                    agent(fixture).await,
                    Method::POST,
                    PREVIEW_PATH,
                    transcript(),
                )
            }
            .boxed()
        },
        calls: Calls::All,
        repeatable: true,
    }
}

/// Prepares everything that the transcript of a visitor needs. Returns the visitor.
async fn visitor(fixture: &Fixture) -> Caller {
    let agent = agent(fixture).await;
    let offer = json!({ "transcripts": { "from": SENDER, "visitor_may_request": true } });
    agent.put("/v1/settings", offer).await.expect(200);
    let recorded = agent
        .put("/v1/conversations/c1", json!({}))
        .await
        .expect(200);
    fixture
        .stack
        .bearer(recorded["visitor_token"].as_str().expect("a token"))
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
