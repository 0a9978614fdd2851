use std::sync::Arc;

use futures_util::FutureExt;
use reqwest::Method;
use serde_json::Value;
use tests::ChatPlatform;

use crate::scenario::{Calls, Fixture, Request, Scenario};

const CONNECTION: &str = "/v1/connections/chatwoot/main";
const PUT: &[&str] = &["PUT /v1/connections/chatwoot/{connection_id}"];
const HOOK: &[&str] = &["POST /v1/hooks/chatwoot/{connection_id}/{key}"];

pub(crate) fn scenarios() -> Vec<Scenario> {
    let mut scenarios = connections();
    scenarios.extend(hooks());
    scenarios
}

fn connections() -> Vec<Scenario> {
    vec![
        Scenario {
            routes: &["GET /v1/connections"],
            variant: "With one connection",
            prepare: |fixture| {
                async {
                    connect(fixture).await;
                    let agent = fixture.stack.agent("kim").await;
                    Request::http(agent, Method::GET, "/v1/connections", Value::Null)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: PUT,
            variant: "A new connection",
            prepare: |fixture| async { put(fixture, server().await).await }.boxed(),
            calls: Calls::All,
            repeatable: false,
        },
        Scenario {
            routes: &["DELETE /v1/connections/chatwoot/{connection_id}"],
            variant: "With a webhook on the server",
            prepare: |fixture| {
                async {
                    let platform = connect(fixture).await;
                    let agent = fixture.stack.agent("kim").await;
                    Request::new(move || {
                        let (platform, agent) = (Arc::clone(&platform), agent.clone());
                        async move {
                            let reply = agent.delete(CONNECTION).await;
                            drop(platform);
                            reply
                        }
                        .boxed()
                    })
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
    ]
}

fn hooks() -> Vec<Scenario> {
    vec![
        Scenario {
            routes: HOOK,
            variant: "A message of a new conversation",
            prepare: |fixture| async { hook(fixture, "Hello").await }.boxed(),
            calls: Calls::All,
            repeatable: false,
        },
        Scenario {
            routes: HOOK,
            variant: "A note that asks for a rating",
            prepare: |fixture| async { note(fixture).await }.boxed(),
            calls: Calls::All,
            repeatable: false,
        },
    ]
}

async fn server() -> Arc<ChatPlatform> {
    Arc::new(ChatPlatform::start_unsigned().await)
}

async fn connect(fixture: &Fixture) -> Arc<ChatPlatform> {
    let platform = server().await;
    let agent = fixture.stack.agent("kim").await;
    let connected = agent.put(CONNECTION, platform.connection()).await;
    connected.expect(201);
    platform
}

async fn put(fixture: &Fixture, platform: Arc<ChatPlatform>) -> Request {
    let agent = fixture.stack.agent("kim").await;
    Request::new(move || {
        let (platform, agent) = (Arc::clone(&platform), agent.clone());
        async move { agent.put(CONNECTION, platform.connection()).await }.boxed()
    })
}

/// The event of the first message of a conversation.
async fn hook(fixture: &Fixture, text: &str) -> Request {
    let platform = connect(fixture).await;
    platform.start_conversation(text);
    event(fixture, &platform).await
}

/// The event of a note in a conversation that is recorded.
async fn note(fixture: &Fixture) -> Request {
    let platform = connect(fixture).await;
    let conversation = platform.start_conversation("Hello");
    let first = event(fixture, &platform).await;
    first.send().await.expect(200);
    let noted = platform
        .chatwoot
        .agent_notes(conversation, platform.administrator, "/ask-rating");
    noted.unwrap();
    event(fixture, &platform).await
}

/// A request with the event of the message that is pending.
async fn event(fixture: &Fixture, platform: &Arc<ChatPlatform>) -> Request {
    let event = platform.next_message_event();
    let agent = fixture.stack.agent("kim").await;
    let listed = agent.get("/v1/connections").await.expect(200);
    let url = listed["connections"][0]["webhook_url"].as_str().unwrap();
    let path = url.strip_prefix(fixture.stack.url()).unwrap();
    Request::http(fixture.stack.nobody(), Method::POST, path, event)
}
