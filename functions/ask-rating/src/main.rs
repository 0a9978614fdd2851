//! The entry point of the `ask-rating` Lambda function.

use std::process::ExitCode;

use ask_rating::AskRating;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::process::run(AskRating::from_environment, lambda::http::run).await
}
