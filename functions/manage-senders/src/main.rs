//! Wires the `manage-senders` function.

use std::process::ExitCode;

use manage_senders::ManageSenders;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    shared::process::run(ManageSenders::from_environment, shared::api::run).await
}
