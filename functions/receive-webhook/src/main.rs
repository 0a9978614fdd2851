//! The entry point of the `receive-webhook` Lambda function.

use std::process::ExitCode;

use receive_webhook::ReceiveWebhook;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::process::run(ReceiveWebhook::from_environment, lambda::http::run).await
}
