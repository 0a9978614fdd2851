use futures_util::FutureExt;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use tests::{Caller, Reply, SENDER, Stack};

use crate::scenario::{Calls, Fixture, Request, Scenario};

const RESOLVED: &[&str] = &["EVENT conversation.resolved"];
const OPENED: &[&str] = &["EVENT conversation.opened"];
const REQUESTED: &[&str] = &["EVENT rating.requested"];
const CONVERSATION: &str = "/v1/conversations/c1";

pub(crate) fn scenarios() -> Vec<Scenario> {
    [resolved(), opened(), requested()]
        .into_iter()
        .flatten()
        .collect()
}

fn resolved() -> Vec<Scenario> {
    vec![
        Scenario {
            routes: RESOLVED,
            variant: "A rule asks later",
            prepare: |fixture| {
                async {
                    let event = resolve(fixture, asking(15)).await;
                    delivery(fixture, event)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: RESOLVED,
            variant: "A rule asks at once",
            prepare: |fixture| {
                async {
                    let event = resolve(fixture, asking(0)).await;
                    delivery(fixture, event)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: RESOLVED,
            variant: "A rule sends the transcript at once",
            prepare: |fixture| {
                async {
                    fixture.stack.verified_sender().await;
                    let event = resolve(fixture, sending()).await;
                    delivery(fixture, event)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
    ]
}

fn opened() -> Vec<Scenario> {
    vec![Scenario {
        routes: OPENED,
        variant: "A rule would have asked",
        prepare: |fixture| {
            async {
                let event = resolve(fixture, asking(15)).await;
                fixture.stack.put_events(&[event]).await;
                let mut listener = fixture.stack.listen().await;
                record(&fixture.stack, json!({ "status": "open" })).await;
                delivery(fixture, listener.next().await.data)
            }
            .boxed()
        },
        calls: Calls::All,
        repeatable: true,
    }]
}

fn requested() -> Vec<Scenario> {
    vec![
        Scenario {
            routes: REQUESTED,
            variant: "The request expires later",
            prepare: |fixture| {
                async {
                    let event = request(fixture, expiring()).await;
                    delivery(fixture, event)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: REQUESTED,
            variant: "The faces are due when the event arrives",
            prepare: |fixture| {
                async {
                    fixture.stack.verified_sender().await;
                    let event = request(fixture, mailing()).await;
                    fixture.stack.advance(2 * 60 * 60).await;
                    delivery(fixture, event)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: REQUESTED,
            variant: "The request has expired when the event arrives",
            prepare: |fixture| {
                async {
                    let event = request(fixture, expiring()).await;
                    fixture.stack.advance(3 * 24 * 60 * 60).await;
                    delivery(fixture, event)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
    ]
}

fn asking(after_minutes: u16) -> Value {
    let rule = json!({ "enabled": true, "after_minutes": after_minutes });
    json!({ "asking": { "on_resolve": rule } })
}

fn sending() -> Value {
    let rule = json!({ "enabled": true, "after_minutes": 0 });
    json!({ "transcripts": { "from": SENDER, "sender_name": "Acme", "on_resolve": rule } })
}

/// Resolves a conversation under these settings. Returns the event.
async fn resolve(fixture: &Fixture, settings: Value) -> Value {
    let stack = &fixture.stack;
    let agent = stack.agent("kim").await;
    agent.put("/v1/settings", settings).await.expect(200);
    stack.conversation("c1").await;
    let mut listener = stack.listen().await;
    record(stack, json!({ "status": "resolved" })).await;
    listener.next().await.data
}

fn expiring() -> Value {
    json!({ "asking": { "expires_after_days": 2 } })
}

fn mailing() -> Value {
    json!({
        "asking": { "mail_if_unanswered_after_hours": 1 },
        "transcripts": { "from": SENDER, "sender_name": "Acme" },
    })
}

/// Requests a rating under these settings. Returns the event.
async fn request(fixture: &Fixture, settings: Value) -> Value {
    let stack = &fixture.stack;
    let agent = stack.agent("kim").await;
    agent.put("/v1/settings", settings).await.expect(200);
    stack.conversation("c1").await;
    let mut listener = stack.listen().await;
    agent.ask_for_id("c1").await;
    listener.next().await.data
}

async fn record(stack: &Stack, body: Value) {
    let platform = stack.platform().await;
    platform.put(CONVERSATION, body).await.expect_success();
}

/// The delivery of an event to the function, with Lambda's retries. Its response has the status 503 if
/// the event is a dead letter.
fn delivery(fixture: &Fixture, event: Value) -> Request {
    let nobody: Caller = fixture.stack.nobody();
    Request::new(move || {
        let body = json!({ "events": [event] });
        let nobody = nobody.clone();
        async move {
            let delivered = nobody.post("/dev/events", body).await.expect(200);
            let succeeded = delivered["deliveries"][0][0]["succeeded"] == true;
            Reply {
                status: if succeeded { 200 } else { 503 },
                headers: HeaderMap::new(),
                body: if succeeded {
                    Value::Null
                } else {
                    json!({ "code": "dead_letter" })
                },
            }
        }
        .boxed()
    })
}
