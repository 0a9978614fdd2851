//! Wires the `ask-rating` function.

use ask_rating::AskRating;
use shared::environment::Environment;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::of_process();
    shared::telemetry::init(&environment);
    shared::api::run(AskRating::from_environment(&environment)?).await
}
