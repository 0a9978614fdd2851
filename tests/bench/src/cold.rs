//! From a process's start to its first response, through Lambda's runtime API.
//!
//! Most of a fast start is the kernel creating the process, which depends on the machine. So only the
//! CPU time is compared with other languages. The process of `hello` is created in the same way, so
//! both of its times are compared.

use std::process::Stdio;
use std::time::Instant;

use tokio::io::AsyncReadExt;
use tokio::process::Command;

use crate::binaries::Build;
use crate::candidate::Candidate;
use crate::report::{Bound, Entry, Report, figure_of, median_of};
use crate::setup::{COMPARED_FUNCTION, Setup};
use crate::statistics::Summary;
use crate::{peers, process};

/// The number of starts of each program.
const STARTS: usize = 40;

/// The functions whose starts are measured, because a person waits for them.
const FUNCTIONS: [&str; 4] = [
    COMPARED_FUNCTION,
    "submit-rating",
    "send-transcript",
    "report-satisfaction",
];

const RSS: &str = "rss_mb";
const CPU: &str = "cpu_ms";

/// The measurements of one program.
#[derive(Default)]
struct Starts {
    ms: Vec<f64>,
    rss_mb: Vec<f64>,
    cpu_ms: Vec<f64>,
}

pub(crate) async fn measure(build: &Build) -> Report {
    let setup = Setup::prepare(build).await;
    let peers = peers::prepare(&setup).await;
    setup.aws.stop_recording();
    let mut candidates = vec![&setup.hello];
    candidates.extend(
        FUNCTIONS
            .iter()
            .filter_map(|name| setup.functions.get(*name)),
    );
    candidates.extend([&peers.node, &peers.python]);

    let mut limit = Vec::new();
    let mut starts: Vec<_> = candidates.iter().map(|_| Starts::default()).collect();
    // The first round fills the machine's caches and does not count.
    for round in 0..=STARTS {
        let ms = start_limit(&setup).await;
        if round > 0 {
            limit.push(ms);
        }
        for (candidate, starts) in candidates.iter().zip(&mut starts) {
            let (ms, rss_mb, cpu_ms) = start(candidate).await;
            if round > 0 {
                starts.ms.push(ms);
                starts.rss_mb.push(rss_mb);
                starts.cpu_ms.push(cpu_ms);
            }
        }
    }

    let mut entries = vec![Entry::new("limit: one TLS request", Summary::of(limit))];
    for (candidate, starts) in candidates.iter().zip(starts) {
        let entry = Entry::new(&candidate.name, Summary::of(starts.ms))
            .with(CPU, Summary::of(starts.cpu_ms).median)
            .with(RSS, Summary::of(starts.rss_mb).median);
        entries.push(entry);
    }
    Report {
        title: "cold start, ms",
        bounds: bounds(&entries),
        entries,
        notes: peers.notes,
    }
}

/// Starts a candidate. Returns the time in milliseconds, the peak memory in megabytes, and the CPU
/// time in milliseconds.
async fn start(candidate: &Candidate) -> (f64, f64, f64) {
    let sandbox = candidate.start().await;
    candidate.handle_task(&sandbox).await;
    let elapsed = sandbox.started().elapsed();
    let id = sandbox.process_id();
    let (rss_mb, cpu_ms) = (process::peak_rss_mb(id), process::cpu_ms(id));
    sandbox.kill().await;
    (elapsed.as_secs_f64() * 1e3, rss_mb, cpu_ms)
}

/// Starts the program that sends one request and prints the status line. Returns the time in
/// milliseconds.
async fn start_limit(setup: &Setup) -> f64 {
    let started = Instant::now();
    let mut process = Command::new(&setup.limit)
        .arg(setup.aws.address().to_string())
        .args([setup.aws.root(), &setup.request])
        .env_clear()
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut status = [0; 12];
    let output = process.stdout.as_mut().expect("the output is piped");
    output
        .read_exact(&mut status)
        .await
        .expect("the program prints the status");
    let elapsed = started.elapsed();
    assert_eq!(&status, b"HTTP/1.1 200");
    process.wait().await.expect("the program ends");
    elapsed.as_secs_f64() * 1e3
}

fn bounds(entries: &[Entry]) -> Vec<Bound> {
    let median = |name| median_of(entries, name);
    let Some(ours) = median(COMPARED_FUNCTION) else {
        return Vec::new();
    };
    let mut bounds = Vec::new();
    if let Some(hello) = median("hello") {
        bounds.push(Bound::at_most(1.5, "ask-rating ÷ hello", ours / hello));
    }
    let cpu_ms = |name: &str| figure_of(entries, name, CPU);
    if let Some(ours) = cpu_ms(COMPARED_FUNCTION) {
        let ratio = |name: &str| cpu_ms(name).map(|theirs| theirs / ours);
        if let Some(hello) = ratio("hello") {
            let what = "ask-rating ÷ hello, CPU";
            bounds.push(Bound::at_most(1.5, what, 1.0 / hello));
        }
        if let Some(node) = ratio(peers::NODE) {
            bounds.push(Bound::at_least(40.0, "Node ÷ ask-rating, CPU", node));
        }
        if let Some(python) = ratio(peers::PYTHON) {
            bounds.push(Bound::at_least(60.0, "Python ÷ ask-rating, CPU", python));
        }
    }
    if let Some(rss_mb) = figure_of(entries, COMPARED_FUNCTION, RSS) {
        bounds.push(Bound::at_most(8.0, "memory of ask-rating, MB", rss_mb));
    }
    bounds
}
