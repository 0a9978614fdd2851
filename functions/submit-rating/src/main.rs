//! Wires the `submit-rating` function.

use std::process::ExitCode;

use submit_rating::SubmitRating;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::process::run(SubmitRating::from_environment, lambda::http::run).await
}
