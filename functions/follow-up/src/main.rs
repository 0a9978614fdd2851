//! Wires the `follow-up` function.

use std::process::ExitCode;

use follow_up::FollowUp;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::process::run(FollowUp::from_environment, lambda::events::run).await
}
