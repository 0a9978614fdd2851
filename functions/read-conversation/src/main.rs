//! Wires the `read-conversation` function.

use std::process::ExitCode;

use read_conversation::ReadConversation;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    shared::process::run(ReadConversation::from_environment, shared::api::run).await
}
