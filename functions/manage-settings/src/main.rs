//! The entry point of the `manage-settings` Lambda function.

use std::process::ExitCode;

use manage_settings::ManageSettings;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::process::run(ManageSettings::from_environment, lambda::http::run).await
}
