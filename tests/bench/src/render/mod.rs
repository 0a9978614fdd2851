//! How long transcripts take to write, and how much memory: the function's own, and the same mail
//! written with Jinja2 and with Handlebars.

mod ours;
mod peers;
mod same_mail;
mod thread;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

use crate::machine;
use crate::report::{Bound, Entry, Report};
use crate::statistics::Summary;
use peers::Peer;

pub(crate) use ours::write_mails;

/// A thread that is written several times.
#[derive(Clone, Copy)]
struct Thread {
    messages: usize,
    /// How often it is written before any counts: what compiles as it runs has done so then.
    warm_ups: usize,
    repeats: usize,
}

const THREADS: [Thread; 4] = [
    thread_of(100, 20, 100),
    thread_of(1_000, 5, 30),
    thread_of(10_000, 2, 7),
    thread_of(100_000, 1, 7),
];

const fn thread_of(messages: usize, warm_ups: usize, repeats: usize) -> Thread {
    Thread {
        messages,
        warm_ups,
        repeats,
    }
}

/// Where the visitor is.
const TIME_ZONE: &str = "Europe/Lisbon";

/// How many times faster than its peers the function is to be.
const FASTER: f64 = 20.0;

/// Has long buffers grow in place, as they do with musl, which the functions are linked with. Where a
/// process frees one after a mail, glibc takes later ones from its heap, and copies them as they grow.
const GROWTH: (&str, &str) = ("GLIBC_TUNABLES", "glibc.malloc.mmap_threshold=131072");

/// What one process measured.
struct Measured {
    milliseconds: Summary,
    peak_mb: f64,
}

pub(crate) async fn measure() -> Report {
    let mut report = Report {
        title: "transcript, ms",
        ..Report::default()
    };
    let peers = Peer::all();
    let mut microseconds_each = Vec::new();
    for thread in THREADS {
        let count = thread.messages;
        let source = thread::write(count);
        let mut own = Command::new(env::current_exe().expect("a program has a path"));
        own.env(GROWTH.0, GROWTH.1);
        let ours = measure_process(own, &["--write-mails"], &source, thread, "afterchat");
        microseconds_each.push(ours.milliseconds.median * 1_000.0 / to_f64(count));
        report.entries.push(entry("afterchat", count, &ours));
        for peer in &peers {
            let theirs = measure_process(peer.command(), &[], &source, thread, peer.name);
            same_mail::check(&output("afterchat"), &output(peer.name));
            report.entries.push(entry(peer.name, count, &theirs));
            report.bounds.push(Bound::at_least(
                FASTER,
                format!("times {} at {count} messages", peer.name),
                theirs.milliseconds.median / ours.milliseconds.median,
            ));
        }
    }
    let [.., before, last] = microseconds_each[..] else {
        panic!("there are several threads");
    };
    report.bounds.push(Bound::at_most(
        1.5,
        "a message among 100,000 over one among 10,000",
        last / before,
    ));
    report.notes.push(
        "Text, HTML and attachment, from messages that are read already. Jinja2 and Handlebars write \
         the same mail, which is compared; what a process compiles or loads before is not counted."
            .to_owned(),
    );
    report
}

fn entry(name: &str, count: usize, measured: &Measured) -> Entry {
    let a_second = to_f64(count) / measured.milliseconds.median * 1_000.0;
    Entry::new(format!("{name}, {count} messages"), measured.milliseconds)
        .with("messages_a_second", a_second)
        .with("peak_mb", measured.peak_mb)
}

/// Runs a program that writes the mail of `source` so many times into a folder of its own.
fn measure_process(
    mut program: Command,
    arguments: &[&str],
    source: &Path,
    thread: Thread,
    name: &str,
) -> Measured {
    let output = output(name);
    let _ = fs::remove_dir_all(&output);
    fs::create_dir_all(&output).expect("a folder for the mail");
    program
        .args(arguments)
        .arg(source)
        .args([TIME_ZONE, &(thread.warm_ups + thread.repeats).to_string()])
        .arg(&output);
    let ended = program.output().expect("the program starts");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{name}: {said}");
    let told: Value = serde_json::from_slice(&ended.stdout).expect("figures in JSON");
    let milliseconds = told["ms"].as_array().expect("a list of times");
    let milliseconds = milliseconds.iter().filter_map(Value::as_f64);
    Measured {
        milliseconds: Summary::of(milliseconds.skip(thread.warm_ups).collect()),
        peak_mb: told["peak_mb"].as_f64().expect("the memory"),
    }
}

/// Where the mail of a program goes.
fn output(name: &str) -> PathBuf {
    machine::target().join("bench/render").join(name)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn to_f64(count: usize) -> f64 {
    count as f64
}
