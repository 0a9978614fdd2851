//! Wires the `track-delivery` function.

use std::process::ExitCode;

use track_delivery::TrackDelivery;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    shared::process::run(TrackDelivery::from_environment, shared::events::run).await
}
