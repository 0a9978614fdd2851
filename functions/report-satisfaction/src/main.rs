//! Wires the `report-satisfaction` function.

use std::process::ExitCode;

use report_satisfaction::ReportSatisfaction;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    shared::process::run(ReportSatisfaction::from_environment, shared::api::run).await
}
