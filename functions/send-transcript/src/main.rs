//! Wires the `send-transcript` function.

use std::process::ExitCode;

use send_transcript::SendTranscript;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::process::run(SendTranscript::from_environment, lambda::http::run).await
}
