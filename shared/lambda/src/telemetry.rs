//! Logs as flat JSON lines with `timestamp` and `level` at the top level, as Lambda's log filter
//! expects.

use aws::Environment;
use tracing_subscriber::filter::LevelFilter;

use crate::{metrics, panics};

/// Sends this process's log lines to standard output, from the level `AWS_LAMBDA_LOG_LEVEL`
/// (default `INFO`). If the environment enables metrics, they are written there, too. Levels below
/// `INFO` are never logged, because at these levels libraries log what they send and receive,
/// including a request's data.
///
/// For a panic, only its location is logged.
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
