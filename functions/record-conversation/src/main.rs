//! The entry point of the `record-conversation` Lambda function.

use std::process::ExitCode;

use record_conversation::RecordConversation;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::process::run(RecordConversation::from_environment, lambda::http::run).await
}
