//! The entry point of the `report-satisfaction` Lambda function.

use std::process::ExitCode;

use report_satisfaction::ReportSatisfaction;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::process::run(ReportSatisfaction::from_environment, lambda::http::run).await
}
