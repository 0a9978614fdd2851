//! Wires the `call-platform` function.

use std::process::ExitCode;

use call_platform::CallPlatform;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::process::run(CallPlatform::from_environment, lambda::events::run).await
}
