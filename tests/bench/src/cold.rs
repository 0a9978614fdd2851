//! From a process's start to its first response, through Lambda's runtime API.
//!
//! Most of a quick start's time is what the kernel takes to make a process, which is the machine's. So
//! what is compared with other languages is the processor's time. `hello` is made in the same way, turn
//! by turn, and both of its times are compared.

use std::process::Stdio;
use std::time::Instant;

use tokio::io::AsyncReadExt;
use tokio::process::Command;

use crate::binaries::Build;
use crate::candidate::Candidate;
use crate::report::{Bound, Entry, Report, figure_of, median_of};
use crate::setting::{RIVALLED, Setting};
use crate::statistics::Summary;
use crate::{peers, process};

/// How often each program is started.
const STARTS: usize = 40;

/// The functions whose starts are measured: those that somebody waits for.
const FUNCTIONS: [&str; 4] = [
    RIVALLED,
    "submit-rating",
    "send-transcript",
    "report-satisfaction",
];

const RSS: &str = "rss_mb";
const CPU: &str = "cpu_ms";

/// What was measured of one program.
#[derive(Default)]
struct Starts {
    ms: Vec<f64>,
    rss_mb: Vec<f64>,
    cpu_ms: Vec<f64>,
}

pub(crate) async fn measure(build: &Build) -> Report {
    let setting = Setting::prepare(build).await;
    let peers = peers::prepare(&setting).await;
    setting.aws.stop_learning();
    let mut candidates = vec![&setting.hello];
    candidates.extend(
        FUNCTIONS
            .iter()
            .filter_map(|name| setting.functions.get(*name)),
    );
    candidates.extend([&peers.node, &peers.python]);

    let mut limit = Vec::new();
    let mut starts: Vec<_> = candidates.iter().map(|_| Starts::default()).collect();
    // The first round brings everything into the machine's caches.
    for round in 0..=STARTS {
        let ms = start_limit(&setting).await;
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

/// What a start takes in milliseconds, the most memory in megabytes, and the processor's time.
async fn start(candidate: &Candidate) -> (f64, f64, f64) {
    let sandbox = candidate.start().await;
    candidate.ask(&sandbox).await;
    let elapsed = sandbox.started().elapsed();
    let id = sandbox.process_id();
    let (rss_mb, cpu_ms) = (process::peak_rss_mb(id), process::cpu_ms(id));
    sandbox.kill().await;
    (elapsed.as_secs_f64() * 1e3, rss_mb, cpu_ms)
}

/// The same of the program that sends one request and says what came back.
async fn start_limit(setting: &Setting) -> f64 {
    let started = Instant::now();
    let mut process = Command::new(&setting.limit)
        .arg(setting.aws.address().to_string())
        .args([setting.aws.root(), &setting.request])
        .env_clear()
        .stdout(Stdio::piped())
        .spawn()
        .expect("the limit starts");
    let mut status = [0; 12];
    let output = process.stdout.as_mut().expect("it is piped");
    output.read_exact(&mut status).await.expect("it prints");
    let elapsed = started.elapsed();
    assert_eq!(&status, b"HTTP/1.1 200");
    process.wait().await.expect("it ends");
    elapsed.as_secs_f64() * 1e3
}

fn bounds(entries: &[Entry]) -> Vec<Bound> {
    let median = |name| median_of(entries, name);
    let Some(ours) = median(RIVALLED) else {
        return Vec::new();
    };
    let mut bounds = Vec::new();
    if let Some(hello) = median("hello") {
        bounds.push(Bound::at_most(1.5, "ask-rating ÷ hello", ours / hello));
    }
    let cpu_ms = |name: &str| figure_of(entries, name, CPU);
    if let Some(ours) = cpu_ms(RIVALLED) {
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
    if let Some(rss_mb) = figure_of(entries, RIVALLED, RSS) {
        bounds.push(Bound::at_most(8.0, "memory of ask-rating, MB", rss_mb));
    }
    bounds
}
