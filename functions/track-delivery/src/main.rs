//! Wires the `track-delivery` function.

use std::process::ExitCode;

use track_delivery::TrackDelivery;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::process::run(TrackDelivery::from_environment, lambda::events::run).await
}
