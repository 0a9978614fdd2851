//! Compares the local server after a year of ratings with an empty one. Then sends mixed traffic to it
//! at the highest rate. Every response is checked. Finally resolves many conversations at once, and
//! counts what the rules of the settings did.
//!
//! `cargo build -p local && cargo run -p tests --example load -- target/debug/local 60 500`
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a check fails by panicking, and the measurements are printed"
)]

mod client;
mod measured;
mod rounds;
mod server;
mod year;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use client::{Client, Stored};
use measured::Measured;
use serde_json::Value;
use server::Server;
use tokio::task::JoinSet;

/// The number of concurrent clients.
const CLIENTS: usize = 16;

/// The time after which the server has opened its connections and filled its caches.
const WARM_UP: Duration = Duration::from_secs(10);

/// The allowed growth of the server's memory after that, in kilobytes.
const FLAT_KILOBYTES: u64 = 16 * 1024;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let program = PathBuf::from(arguments.next().expect("the path of the local server"));
    let seconds = arguments.next().expect("how many seconds to run");
    let run = Duration::from_secs(seconds.parse().expect("a number of seconds"));
    let rounds = arguments.next().expect("how many conversations to resolve");
    let rounds = rounds.parse().expect("a number of conversations");
    rounds::resolve(&program, rounds).await;
    if run.is_zero() {
        return;
    }
    year::compare(&program).await;
    let server = Server::start(&program).await;
    server.begin_an_hour().await;

    let started = Instant::now();
    let at_start = server.resident_kilobytes();
    let mut clients = JoinSet::new();
    for name in 0..CLIENTS {
        clients.spawn(Client::new(name, server.nobody()).run(started + run));
    }
    tokio::time::sleep(WARM_UP).await;
    let warm = server.resident_kilobytes();
    let clients = clients.join_all().await;
    let took = started.elapsed();
    let at_end = server.resident_kilobytes();

    let mut measured = Measured::default();
    let mut stored = Stored::default();
    for client in clients {
        measured.add(client.measured);
        stored.add(client.stored);
    }
    check_stored(&server, &stored, &mut measured).await;
    measured.print(took);
    println!();
    println!(
        "memory of the server in kB: {at_start} at the start, {warm} after 10 s, {at_end} at the end"
    );
    println!(
        "{} conversations, {} mails",
        stored.conversations, stored.transcripts
    );
    for wrong in measured.wrong().iter().take(20) {
        println!("wrong: {wrong}");
    }
    assert_eq!(measured.wrong().len(), 0, "wrong responses");
    assert!(at_end < warm + FLAT_KILOBYTES, "the memory grows");
}

/// Compares the table and the outbox with the responses.
async fn check_stored(server: &Server, stored: &Stored, measured: &mut Measured) {
    let nobody = server.nobody();
    let mut counts = BTreeMap::<String, usize>::new();
    for item in tests::items_at(server.url()).await {
        let sk = item["sk"]["S"].as_str().unwrap();
        let kind = sk.split_inclusive('#').next().unwrap();
        *counts.entry(kind.to_owned()).or_default() += 1;
    }
    for (kind, right) in [
        ("CONVERSATION", stored.conversations),
        ("ENTRY#", stored.entries),
        ("ASK#", stored.cooldowns),
        ("REQUEST#", stored.requests),
        ("TRANSCRIPT#", stored.transcripts),
        ("SENDER#", stored.senders),
        ("OWNER", stored.senders),
    ] {
        let count = counts.get(kind).copied().unwrap_or_default();
        measured.check(kind, &count.into(), right);
    }
    let outbox = nobody.get("/dev/outbox").await.expect(200);
    let mails = outbox["emails"].as_array().map_or(0, Vec::len);
    measured.check("mails", &Value::from(mails), stored.transcripts);
}
