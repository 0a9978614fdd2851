//! Logs as flat JSON lines with `timestamp` and `level` at the top, as Lambda's log filter reads them.

use aws::Environment;
use tracing_subscriber::filter::LevelFilter;

use crate::{metrics, panics};

/// Sends this process's log lines to standard output, from the level that `AWS_LAMBDA_LOG_LEVEL`
/// names (default `INFO`), and where the environment asks for it metrics beside them. Below `INFO`
/// there is nothing: there the libraries tell what they send and receive, with all that a request
/// holds.
///
/// A panic is logged by its place alone.
pub fn init(environment: &Environment) {
    let level = environment
        .optional("AWS_LAMBDA_LOG_LEVEL")
        .and_then(|level| level.parse::<LevelFilter>().ok())
        .unwrap_or(LevelFilter::INFO)
        .min(LevelFilter::INFO);
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_max_level(level)
        .init();
    panics::log_places();
    metrics::init(environment, &level.to_string().to_uppercase());
}
