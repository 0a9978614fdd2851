//! Wires the `count-ratings` function.

use std::process::ExitCode;

use count_ratings::CountRatings;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    shared::process::run(
        CountRatings::from_environment,
        shared::events::run_on_stream,
    )
    .await
}
