//! Wires the `roll-up-satisfaction` function.

use std::process::ExitCode;

use roll_up_satisfaction::RollUpSatisfaction;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    shared::process::run(RollUpSatisfaction::from_environment, shared::events::run).await
}
