//! `cargo run --release -p bench` measures the time, memory and cost of the functions. The same run
//! measures the programs that they are compared with.
//!
//! It prints a table of each section, and writes all results to `target/bench.json`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a failed measurement ends the run, and the tables are printed to the terminal"
)]

mod binaries;
mod candidate;
mod cold;
mod cost;
mod docs;
mod endpoint;
mod figure;
mod instructions;
mod machine;
mod peers;
mod process;
mod render;
mod report;
mod results;
mod scale;
mod section;
mod setup;
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

/// Measures the functions.
#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Arguments {
    /// The sections to measure (default: all).
    sections: Vec<Section>,
    /// Replaces the tables in docs/benchmarks.md.
    #[arg(long)]
    docs: bool,
    /// Stores the counts of instructions, with which later runs compare theirs.
    #[arg(long)]
    keep: bool,
    #[command(flatten)]
    build: Build,
    /// The arguments of a process that the section `render` starts.
    #[arg(long, hide = true, num_args = 4)]
    write_mails: Option<Vec<String>>,
}

// One thread leaves the machine's other cores to the measured programs. It also avoids the time that
// waking more threads would take.
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
        docs::write_tables(&results);
    }
    if is_within_bounds {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

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
