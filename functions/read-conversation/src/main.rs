//! Wires the `read-conversation` function.

use read_conversation::ReadConversation;
use shared::environment::Environment;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::of_process();
    shared::telemetry::init(&environment);
    shared::api::run(ReadConversation::from_environment(&environment)?).await
}
