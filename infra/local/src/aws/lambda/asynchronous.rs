//! Lambda's asynchronous invocation, which EventBridge and the scheduler use.

use std::time::Duration;

use lambda::random;
use serde::Serialize;
use serde_json::Value;

use crate::functions::Function;

/// The pauses before a failed event is retried. Lambda retries the same number of times, but waits
/// minutes.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_millis(1_000)];

/// The result of delivering an event to one function.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct DeliveryResult {
    pub(crate) function: String,
    /// The number of invocations.
    pub(crate) attempts: usize,
    /// Whether an invocation succeeded. Otherwise the event is a dead letter.
    pub(crate) succeeded: bool,
}

/// Invokes `function` with `event`, and retries a failed invocation twice.
pub(crate) async fn deliver(function: &Function, event: &Value) -> DeliveryResult {
    let name = function.name();
    let request_id = random::unique_id().to_string();
    let result = |attempts, succeeded| DeliveryResult {
        function: name.to_owned(),
        attempts,
        succeeded,
    };
    let mut pauses = PAUSES.into_iter();
    for attempts in 1.. {
        let Err(failure) = function.invoke(&request_id, event).await else {
            return result(attempts, true);
        };
        let Some(pause) = pauses.next() else {
            tracing::error!(
                function = name,
                request_id,
                failure,
                "an event is a dead letter"
            );
            return result(attempts, false);
        };
        tokio::time::sleep(pause).await;
    }
    result(0, false)
}
