//! `cargo run --release -p bench`: what the functions cost in time, memory and money, measured
//! beside what people would use instead, all in one run.
//!
//! It prints a table of each section, and writes all of them to `target/bench.json`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement that goes wrong ends the run, whose tables go to the terminal"
)]

mod binaries;
mod candidate;
mod cold;
mod cost;
mod docs;
mod endpoint;
mod instructions;
mod machine;
mod peers;
mod process;
mod render;
mod report;
mod results;
mod scale;
mod section;
mod setting;
mod size;
mod statistics;
mod warm;
mod workload;

use std::process::ExitCode;

use clap::Parser;

use binaries::Build;
use report::Report;
use results::Results;
use section::Section;

/// What is measured, and what is done with it.
#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Arguments {
    /// The sections to measure; all of them if none is named.
    sections: Vec<Section>,
    /// Writes the tables into docs/benchmarks.md, in place of those of an earlier run.
    #[arg(long)]
    docs: bool,
    /// Keeps the counts of instructions as those that later runs compare theirs with.
    #[arg(long)]
    keep: bool,
    #[command(flatten)]
    build: Build,
    /// What a process of the section `render` does.
    #[arg(long, hide = true, num_args = 4)]
    write_mails: Option<Vec<String>>,
}

// On one thread: the programs that are measured have the machine's other cores, and none of their
// time goes into waking the threads of what measures them.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(mails) = &arguments.write_mails {
        render::write_mails(mails);
        return ExitCode::SUCCESS;
    }
    let sections = match arguments.sections.as_slice() {
        [] => Section::ALL.to_vec(),
        some => some.to_vec(),
    };
    let mut results = Results::load();
    let mut is_within_bounds = true;
    for section in sections {
        let report = measure(section, &arguments).await;
        println!("\n{report}");
        is_within_bounds &= report.is_within_bounds();
        results.put(section, &report);
        results.save();
    }
    if arguments.docs {
        docs::put(&results);
    }
    if is_within_bounds {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Measures a section.
async fn measure(section: Section, arguments: &Arguments) -> Report {
    let build = &arguments.build;
    match section {
        Section::Cold => cold::measure(build).await,
        Section::Warm => warm::measure(build).await,
        Section::Instructions => instructions::measure(build, arguments.keep).await,
        Section::Render => render::measure().await,
        Section::Size => size::measure(build).await,
        Section::Cost => cost::measure().await,
        Section::Scale => scale::measure().await,
    }
}
