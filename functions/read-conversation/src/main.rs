//! Wires the `read-conversation` function.

use std::process::ExitCode;

use read_conversation::ReadConversation;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::process::run(ReadConversation::from_environment, lambda::http::run).await
}
