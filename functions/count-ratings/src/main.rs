//! The entry point of the `count-ratings` Lambda function.

use std::process::ExitCode;

use count_ratings::CountRatings;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::process::run(CountRatings::from_environment, lambda::events::run_stream).await
}
