//! Random commands, sequential and concurrent, against a model of the limits. The model (`model`)
//! specifies the product's behaviour. The other modules run the same commands on both.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test's name says what it shows, and it fails by panicking"
)]

mod background;
mod bursts;
mod cases;
mod codec;
mod commands;
mod conflicts;
mod generators;
mod held_write;
mod linearize;
mod model;
mod play;
mod sending;
mod step;
mod steps;
mod system;

use cases::{Plan, run};

#[test]
fn sequential_commands_get_the_models_responses() {
    let plan = Plan {
        test: "sequential_commands_get_the_models_responses",
        cases: 80,
        attempts: 1,
        injects_faults_on_every: None,
        mixes_reasons_on_every: Some(2),
    };
    run(&plan, generators::sequences);
}

#[test]
fn concurrent_commands_get_the_models_responses_in_some_order_of_their_steps() {
    let plan = Plan {
        test: "concurrent_commands_get_the_models_responses_in_some_order_of_their_steps",
        cases: 80,
        attempts: 8,
        injects_faults_on_every: Some(2),
        mixes_reasons_on_every: Some(2),
    };
    run(&plan, generators::races);
}
