//! The entry point of the `roll-up-satisfaction` Lambda function.

use std::process::ExitCode;

use roll_up_satisfaction::RollUpSatisfaction;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::process::run(RollUpSatisfaction::from_environment, lambda::events::run).await
}
