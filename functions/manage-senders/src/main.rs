//! Wires the `manage-senders` function.

use manage_senders::ManageSenders;
use shared::environment::Environment;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::of_process();
    shared::telemetry::init(&environment);
    shared::api::run(ManageSenders::from_environment(&environment)?).await
}
