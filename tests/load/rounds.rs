use std::path::Path;
use std::time::Instant;

use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tests::{Caller, SENDER, message};

use crate::server::Server;

const ORGANISATION: &str = "load-rounds";

/// The number of concurrent requests.
const AT_ONCE: usize = 16;

/// How long after its resolution the rules act in a conversation.
const AFTER_MINUTES: u64 = 15;

/// Resolves conversations within a minute, opens every second one again, and lets the rules ask and send
/// transcripts. Checks that exactly one request and one mail exist for each of the others.
pub(crate) async fn resolve(program: &Path, conversations: usize) {
    // The organisation sends all transcripts in one hour.
    let cap = format!("OrganisationTranscriptsPerHour={conversations}");
    let server = Server::start_with(program, &["--parameter-overrides", &cap]).await;
    let platform = platform(&server).await;
    prepare(&server, &platform).await;
    let paths: Vec<_> = (0..conversations)
        .map(|number| format!("/v1/conversations/r{number}"))
        .collect();
    for_each(&paths, |path| record(&platform, path)).await;

    let started = Instant::now();
    let resolved = json!({ "status": "resolved" });
    for_each(&paths, |path| put(&platform, path, &resolved)).await;
    let resolving = started.elapsed();
    let reopened: Vec<_> = paths.iter().step_by(2).cloned().collect();
    let open = json!({ "status": "open" });
    for_each(&reopened, |path| put(&platform, path, &open)).await;
    assert!(resolving.as_secs() < 60, "resolving took {resolving:?}");
    assert!(
        started.elapsed().as_secs() < AFTER_MINUTES * 60,
        "all are opened again before the rules act"
    );
    settle(&server).await;
    let planned = started.elapsed();
    server.advance((AFTER_MINUTES + 1) * 60).await;
    settle(&server).await;

    let expected = conversations - reopened.len();
    let items = tests::items_at(server.url()).await;
    let count = |prefix: &str| {
        let keys = items.iter().filter_map(|item| item["sk"]["S"].as_str());
        keys.filter(|sk| sk.starts_with(prefix)).count()
    };
    let outbox = server.nobody().get("/dev/outbox").await.expect(200);
    let mails = outbox["emails"].as_array().map_or(0, Vec::len);
    let schedules = server.nobody().get("/dev/schedules").await.expect(200);
    println!(
        "{conversations} conversations resolved in {:.1} s, {} opened again: {} requests, {} transcripts, {mails} mails; \
         planned after {:.1} s, done after {:.1} s",
        resolving.as_secs_f64(),
        reopened.len(),
        count("REQUEST#"),
        count("TRANSCRIPT#"),
        planned.as_secs_f64(),
        started.elapsed().as_secs_f64(),
    );
    println!();
    assert_eq!(count("REQUEST#"), expected, "requests");
    assert_eq!(count("TRANSCRIPT#"), expected, "transcripts");
    assert_eq!(mails, expected, "mails");
    assert_eq!(schedules["schedules"], json!([]), "no schedule is left");
}

/// A caller with all scopes.
async fn platform(server: &Server) -> Caller {
    let nobody = server.nobody();
    let claims = json!({ "sub": "platform", "org": ORGANISATION });
    let token = nobody.post("/dev/token", claims).await.expect(200);
    nobody.with_token(token["token"].as_str().unwrap())
}

/// Stores the rules, and verifies the sender of their mails.
async fn prepare(server: &Server, platform: &Caller) {
    let identity = json!({ "identity": SENDER, "verified": true });
    let nobody = server.nobody();
    let created = nobody.post("/dev/ses/identities", identity).await;
    created.expect_success();
    let sender = format!("/v1/senders/{SENDER}");
    platform.put(&sender, json!({})).await.expect(201);
    let rule = json!({ "enabled": true, "after_minutes": AFTER_MINUTES });
    let settings = json!({
        "asking": { "on_resolve": rule },
        "transcripts": { "from": SENDER, "sender_name": "Acme", "on_resolve": rule },
    });
    platform.put("/v1/settings", settings).await.expect(200);
}

async fn record(platform: &Caller, path: &str) {
    let visitor = json!({ "name": "Ana", "email": "ana@example.org" });
    let body = json!({ "channel": "widget", "visitor": visitor });
    platform.put(path, body).await.expect(201);
    let messages = json!({ "messages": [message("m1", "2026-01-05T09:00:00Z", "Hello")] });
    let recorded = platform.post(&format!("{path}/messages"), messages).await;
    recorded.expect(200);
}

async fn put(platform: &Caller, path: &str, body: &Value) {
    platform.put(path, body.clone()).await.expect(200);
}

async fn for_each<'a, F: Future<Output = ()>>(paths: &'a [String], act: impl Fn(&'a str) -> F) {
    stream::iter(paths)
        .for_each_concurrent(AT_ONCE, |path| act(path))
        .await;
}

/// Waits until all events are delivered, and all schedules that are due have fired.
async fn settle(server: &Server) {
    let settled = server.nobody().post("/dev/background", json!({})).await;
    assert_eq!(settled.expect(200)["done"], true);
}
