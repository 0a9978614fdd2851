//! Wires the `record-conversation` function.

use record_conversation::RecordConversation;
use shared::environment::Environment;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::of_process();
    shared::telemetry::init(&environment);
    shared::api::run(RecordConversation::from_environment(&environment)?).await
}
