//! Wires the `serve-widget` function.

use std::process::ExitCode;

use serve_widget::ServeWidget;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::process::run(|_| Ok(ServeWidget::new()), lambda::http::run).await
}
