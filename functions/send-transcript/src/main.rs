//! Wires the `send-transcript` function.

use send_transcript::SendTranscript;
use shared::environment::Environment;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::of_process();
    shared::telemetry::init(&environment);
    shared::api::run(SendTranscript::from_environment(&environment)?).await
}
