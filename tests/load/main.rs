//! Compares the local server after a year of ratings with an empty one, then drives it with mixed
//! traffic, as fast as it answers. Every answer is checked.
//!
//! `cargo build -p local && cargo run -p tests --example load -- target/debug/local 60`
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a check fails by panicking, and prints what it measured"
)]

mod client;
mod measured;
mod server;
mod year;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::task::JoinSet;

use client::{Client, Kept};
use measured::Measured;
use server::Server;

/// How many clients use the server at once.
const CLIENTS: usize = 16;

/// After so long the server has opened its connections and filled its caches.
const WARM_UP: Duration = Duration::from_secs(10);

/// By how much the server's memory may grow after that, in kilobytes.
const FLAT_KILOBYTES: u64 = 16 * 1024;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let program = PathBuf::from(arguments.next().expect("the path of the local server"));
    let seconds = arguments.next().expect("how many seconds to run");
    let run = Duration::from_secs(seconds.parse().expect("a number of seconds"));
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
    let mut kept = Kept::default();
    for client in clients {
        measured.add(client.measured);
        kept.add(client.kept);
    }
    check_what_is_kept(&server, &kept, &mut measured).await;
    measured.print(took);
    println!();
    println!(
        "memory of the server in kB: {at_start} at the start, {warm} after 10 s, {at_end} at the end"
    );
    println!(
        "{} conversations, {} mails",
        kept.conversations, kept.transcripts
    );
    for wrong in measured.wrong().iter().take(20) {
        println!("wrong: {wrong}");
    }
    assert_eq!(measured.wrong().len(), 0, "answers that were not right");
    assert!(at_end < warm + FLAT_KILOBYTES, "the memory grows");
}

/// Holds the table and the outbox against what the answers told.
async fn check_what_is_kept(server: &Server, kept: &Kept, measured: &mut Measured) {
    let nobody = server.nobody();
    let mut counts = BTreeMap::<String, usize>::new();
    for item in tests::items_at(server.url()).await {
        let sk = item["sk"]["S"].as_str().unwrap();
        let kind = sk.split_inclusive('#').next().unwrap();
        *counts.entry(kind.to_owned()).or_default() += 1;
    }
    for (kind, right) in [
        ("CONVERSATION", kept.conversations),
        ("ENTRY#", kept.entries),
        ("ASK#", kept.gates),
        ("REQUEST#", kept.requests),
        ("TRANSCRIPT#", kept.transcripts),
        ("SENDER#", kept.senders),
        ("OWNER", kept.senders),
    ] {
        let count = counts.get(kind).copied().unwrap_or_default();
        measured.check(kind, &count.into(), right);
    }
    let outbox = nobody.get("/dev/outbox").await.expect(200);
    let mails = outbox["emails"].as_array().map_or(0, Vec::len);
    measured.check("mails", &Value::from(mails), kept.transcripts);
}
