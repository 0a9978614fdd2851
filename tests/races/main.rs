//! Random commands, one after the other and at once, against a small model of the limits. The model
//! (`model.rs`) is what the product must do; everything else here lets the two play the same.
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

mod bursts;
mod cases;
mod codec;
mod commands;
mod linearize;
mod model;
mod play;
mod steps;
mod system;

use cases::{Plan, run};

#[test]
fn commands_one_after_the_other_are_answered_as_the_model_says() {
    let plan = Plan {
        test: "commands_one_after_the_other_are_answered_as_the_model_says",
        cases: 80,
        tries: 1,
        meddled: None,
        mixed: Some(2),
    };
    run(&plan, commands::sequences);
}

#[test]
fn commands_at_once_are_answered_as_some_order_of_them_explains() {
    let plan = Plan {
        test: "commands_at_once_are_answered_as_some_order_of_them_explains",
        cases: 80,
        tries: 8,
        meddled: Some(2),
        mixed: Some(2),
    };
    run(&plan, commands::races);
}
