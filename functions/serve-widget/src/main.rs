//! Wires the `serve-widget` function.

use serve_widget::ServeWidget;
use shared::environment::Environment;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    shared::telemetry::init(&Environment::of_process());
    shared::api::run(ServeWidget::new()).await
}
