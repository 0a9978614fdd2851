//! Wires the `serve-widget` function.

use std::process::ExitCode;

use serve_widget::ServeWidget;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    shared::process::run(|_| Ok(ServeWidget::new()), shared::api::run).await
}
