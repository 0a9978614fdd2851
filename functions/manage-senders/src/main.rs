//! The entry point of the `manage-senders` Lambda function.

use std::process::ExitCode;

use manage_senders::ManageSenders;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::process::run(ManageSenders::from_environment, lambda::http::run).await
}
