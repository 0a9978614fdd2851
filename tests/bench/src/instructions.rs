//! Instructions as callgrind counts them: of a start with its first request, and of each later
//! request. The counts hardly vary.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::binaries::{self, Build};
use crate::candidate::Candidate;
use crate::report::{Entry, Report};
use crate::setup::Setup;
use crate::statistics::Summary;

/// The number of requests after the first one.
const REQUESTS: u32 = 20;

/// The number of attempts of a count.
const ATTEMPTS: u32 = 5;

/// The counts of one function.
struct Counts {
    first: f64,
    each: f64,
}

pub(crate) async fn measure(build: &Build, keep: bool) -> Report {
    let setup = Setup::prepare(build).await;
    setup.aws.stop_recording();
    let mut stored = stored_counts();
    let mut entries = Vec::new();
    for (name, candidate) in &setup.functions {
        let counts = Counts::of(candidate).await;
        let before = &stored[name];
        let change = |now: f64, before: &Value| {
            let before = before.as_f64().unwrap_or(now);
            (now / before - 1.0) * 100.0
        };
        entries.push(
            Entry::new(name, Summary::exact(counts.each))
                .with("change_%", change(counts.each, &before["each"]))
                .with("start_and_first", counts.first)
                .with("its_change_%", change(counts.first, &before["first"])),
        );
        if keep {
            stored[name] = json!({ "first": counts.first, "each": counts.each });
        }
    }
    if keep {
        let text = serde_json::to_string_pretty(&stored).expect("counts are JSON");
        fs::write(path(), text + "\n").expect("the counts are written");
    }
    Report {
        title: "instructions, each request",
        entries,
        ..Report::default()
    }
}

impl Counts {
    async fn of(candidate: &Candidate) -> Self {
        let first = count(candidate, 1).await;
        let more = count(candidate, 1 + REQUESTS).await;
        Self {
            first,
            each: ((more - first) / f64::from(REQUESTS)).round(),
        }
    }
}

/// The instructions of a process from its start until its response to the last of `requests`.
///
/// A process is fifty times slower under callgrind, so a call to AWS may time out on a busy machine.
/// Then the count is retried.
async fn count(candidate: &Candidate, requests: u32) -> f64 {
    let mut candidate = candidate.clone();
    let valgrind = [
        "valgrind",
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
    ];
    candidate.command.splice(0..0, valgrind.map(Into::into));
    let path = binaries::variable("PATH");
    let candidate = candidate.with_variable("PATH", path);
    for _ in 0..ATTEMPTS {
        if let Some(count) = try_count(&candidate, requests).await {
            return count;
        }
    }
    panic!("{} takes too long under callgrind", candidate.name);
}

/// The count, or `None` if a response was not the expected one.
async fn try_count(candidate: &Candidate, requests: u32) -> Option<f64> {
    let sandbox = candidate.start().await;
    for _ in 0..requests {
        let response = candidate.response(&sandbox).await;
        if !candidate.task.accepts(&response) {
            sandbox.kill().await;
            return None;
        }
    }
    let ended = sandbox.terminate().await;
    let collected = ended
        .errors
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    let (_, count) = collected.unwrap_or_else(|| panic!("no count: {}", ended.errors));
    Some(count.trim().parse().expect("a count"))
}

/// The stored counts.
fn stored_counts() -> Value {
    let text = fs::read_to_string(path()).unwrap_or_else(|_| "{}".to_owned());
    let counts: BTreeMap<String, Value> = serde_json::from_str(&text).expect("counts are JSON");
    json!(counts)
}

fn path() -> PathBuf {
    binaries::bench().join("instructions.json")
}
