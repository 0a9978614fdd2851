use futures_util::FutureExt;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{message, note};

use crate::scenario::{Calls, Fixture, Request, Scenario};

const CONVERSATION: &str = "/v1/conversations/c1";
const VISITOR: &str = "/v1/visitors/ana@example.org";

const RECORD: &[&str] = &["PUT /v1/conversations/{conversation_id}"];

pub(crate) fn scenarios() -> Vec<Scenario> {
    [recordings(), messages_and_reads(), erasures()]
        .into_iter()
        .flatten()
        .collect()
}

fn recordings() -> Vec<Scenario> {
    vec![
        Scenario {
            routes: RECORD,
            variant: "A new conversation",
            prepare: |fixture| {
                async {
                    let platform = fixture.stack.platform().await;
                    let body = json!({ "channel": "widget" });
                    Request::http(platform, Method::PUT, CONVERSATION, body)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: RECORD,
            variant: "A new conversation that names an address",
            prepare: |fixture| {
                async {
                    let platform = fixture.stack.platform().await;
                    let visitor = json!({ "email": "ana@example.org" });
                    let body = json!({ "channel": "widget", "visitor": visitor });
                    Request::http(platform, Method::PUT, CONVERSATION, body)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: RECORD,
            variant: "A new token for the visitor",
            prepare: |fixture| {
                async {
                    fixture.stack.conversation("c1").await;
                    let platform = fixture.stack.platform().await;
                    let body = json!({ "renew_visitor_token": true });
                    Request::http(platform, Method::PUT, CONVERSATION, body)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
    ]
}

fn messages_and_reads() -> Vec<Scenario> {
    vec![
        Scenario {
            routes: &["POST /v1/conversations/{conversation_id}/messages"],
            variant: "A message and a private note",
            prepare: |fixture| {
                async {
                    fixture.stack.conversation("c1").await;
                    let platform = fixture.stack.platform().await;
                    let path = format!("{CONVERSATION}/messages");
                    let messages = json!([
                        message("m2", "2026-01-05T09:01:00Z", "Anyone?"),
                        note("m3", "2026-01-05T09:02:00Z", "In a moment"),
                    ]);
                    let body = json!({ "messages": messages });
                    Request::http(platform, Method::POST, &path, body)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: &["GET /v1/conversations/{conversation_id}"],
            variant: "A conversation",
            prepare: |fixture| {
                async {
                    fixture.stack.conversation("c1").await;
                    let agent = fixture.stack.agent("kim").await;
                    Request::http(agent, Method::GET, CONVERSATION, Value::Null)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
    ]
}

fn erasures() -> Vec<Scenario> {
    vec![
        Scenario {
            routes: &["DELETE /v1/conversations/{conversation_id}"],
            variant: "A conversation with a rating request",
            prepare: |fixture| async { erasure(fixture, CONVERSATION).await }.boxed(),
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: &["DELETE /v1/visitors/{email}", "POST /v1/visitors/erase"],
            variant: "A visitor of one conversation",
            prepare: |fixture| async { erasure(fixture, VISITOR).await }.boxed(),
            calls: Calls::All,
            repeatable: true,
        },
    ]
}

async fn erasure(fixture: &Fixture, path: &str) -> Request {
    fixture.stack.conversation("c1").await;
    let agent = fixture.stack.agent("kim").await;
    agent.ask_for_id("c1").await;
    Request::http(agent, Method::DELETE, path, Value::Null)
}
