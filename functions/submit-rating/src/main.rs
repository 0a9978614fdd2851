//! Wires the `submit-rating` function.

use shared::environment::Environment;
use submit_rating::SubmitRating;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::of_process();
    shared::telemetry::init(&environment);
    shared::api::run(SubmitRating::from_environment(&environment)?).await
}
