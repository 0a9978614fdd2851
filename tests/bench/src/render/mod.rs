//! The time and memory of writing transcripts with the function's own code, with Jinja2 and with
//! Handlebars.

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

/// A thread that is written several times by each process.
#[derive(Clone, Copy)]
struct Thread {
    messages: usize,
    /// The number of mails before the measurement, in which just-in-time compilers compile.
    warm_ups: usize,
    repeats: usize,
}

const THREADS: [Thread; 4] = [
    thread_of(100, 20, 20),
    thread_of(1_000, 5, 6),
    thread_of(10_000, 2, 2),
    thread_of(100_000, 1, 1),
];

const fn thread_of(messages: usize, warm_ups: usize, repeats: usize) -> Thread {
    Thread {
        messages,
        warm_ups,
        repeats,
    }
}

/// The number of turns of each program. Each turn is a new process.
const ROUNDS: usize = 5;

/// The visitor's time zone.
const TIME_ZONE: &str = "Europe/Lisbon";

/// The least factor by which the function must be faster than its peers.
const FASTER: f64 = 20.0;

/// Makes long buffers grow in place, as with musl, which the functions are linked with. By default,
/// glibc allocates later buffers on its heap after one is freed, and copies them as they grow.
const GROWTH: (&str, &str) = ("GLIBC_TUNABLES", "glibc.malloc.mmap_threshold=131072");

/// A program that writes mails, and its measurements.
struct Writer {
    name: &'static str,
    milliseconds: Vec<f64>,
    peaks_mb: Vec<f64>,
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
        let mut ours = Writer::new("afterchat");
        let mut theirs = peers.each_ref().map(|peer| Writer::new(peer.name));
        for _ in 0..ROUNDS {
            ours.take_turn(our_command(), &source, thread);
            for (peer, theirs) in peers.iter().zip(&mut theirs) {
                theirs.take_turn(peer.command(), &source, thread);
                same_mail::check(&output(ours.name), &output(theirs.name));
            }
        }

        let our_entry = ours.into_entry(count);
        let our_median = our_entry.summary.median;
        microseconds_each.push(our_median * 1_000.0 / to_f64(count));
        report.entries.push(our_entry);
        for theirs in theirs {
            let what = format!("{} ÷ afterchat, {count} messages", theirs.name);
            let entry = theirs.into_entry(count);
            let times = entry.summary.median / our_median;
            report.bounds.push(Bound::at_least(FASTER, what, times));
            report.entries.push(entry);
        }
    }
    let [.., before, last] = microseconds_each[..] else {
        panic!("there are several threads");
    };
    report.bounds.push(Bound::at_most(
        1.5,
        "time per message, 100,000 ÷ 10,000 messages",
        last / before,
    ));
    report.notes.push(
        "Text, HTML and attachment. Jinja2 and Handlebars write the same mail, which is compared. \
         Reading the messages is not counted, nor what a process compiles or loads before."
            .to_owned(),
    );
    report
}

fn our_command() -> Command {
    let mut command = Command::new(env::current_exe().expect("a program has a path"));
    command.env(GROWTH.0, GROWTH.1).arg("--write-mails");
    command
}

impl Writer {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            milliseconds: Vec::new(),
            peaks_mb: Vec::new(),
        }
    }

    /// Runs the program, which writes the mail of `source` into its own folder.
    fn take_turn(&mut self, mut program: Command, source: &Path, thread: Thread) {
        let name = self.name;
        let output = output(name);
        let _ = fs::remove_dir_all(&output);
        fs::create_dir_all(&output).expect("a folder for the mail");
        program
            .arg(source)
            .args([TIME_ZONE, &(thread.warm_ups + thread.repeats).to_string()])
            .arg(&output);
        let ended = program.output().expect("the program starts");
        let errors = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{name}: {errors}");
        let figures: Value = serde_json::from_slice(&ended.stdout).expect("figures in JSON");
        let milliseconds = figures["ms"].as_array().expect("a list of times");
        let milliseconds = milliseconds.iter().filter_map(Value::as_f64);
        self.milliseconds.extend(milliseconds.skip(thread.warm_ups));
        let peak_mb = figures["peak_mb"].as_f64().expect("the memory");
        self.peaks_mb.push(peak_mb);
    }

    fn into_entry(self, count: usize) -> Entry {
        let summary = Summary::of(self.milliseconds);
        let a_second = to_f64(count) / summary.median * 1_000.0;
        Entry::new(format!("{}, {count} messages", self.name), summary)
            .with("messages_a_second", a_second)
            .with("peak_mb", Summary::of(self.peaks_mb).median)
    }
}

/// The folder of a program's mail.
fn output(name: &str) -> PathBuf {
    machine::target().join("bench/render").join(name)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn to_f64(count: usize) -> f64 {
    count as f64
}
