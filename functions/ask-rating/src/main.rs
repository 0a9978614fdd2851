//! Wires the `ask-rating` function.

use std::process::ExitCode;

use ask_rating::AskRating;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    shared::process::run(AskRating::from_environment, shared::api::run).await
}
