//! The entry point of the `manage-connections` Lambda function.

use std::process::ExitCode;

use manage_connections::ManageConnections;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::process::run(ManageConnections::from_environment, lambda::http::run).await
}
