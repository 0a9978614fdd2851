//! The entry point of the `erase-conversations` Lambda function.

use std::process::ExitCode;

use erase_conversations::EraseConversations;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::process::run(EraseConversations::from_environment, lambda::http::run).await
}
