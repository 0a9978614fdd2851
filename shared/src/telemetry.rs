//! Logs as flat JSON lines with `timestamp` and `level` at the top, as Lambda's log filter reads them.

use std::panic;

use tracing_subscriber::filter::LevelFilter;

use crate::environment::Environment;

/// Sends this process's log lines to standard output, from the level that `AWS_LAMBDA_LOG_LEVEL`
/// names (default `INFO`).
///
/// A panic is logged by its place alone, for its message may repeat what a caller sent.
pub fn init(environment: &Environment) {
    let level = environment
        .optional("AWS_LAMBDA_LOG_LEVEL")
        .and_then(|level| level.parse::<LevelFilter>().ok())
        .unwrap_or(LevelFilter::INFO);
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_max_level(level)
        .init();
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(message = "panic", place);
    }));
}
