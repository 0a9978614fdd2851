//! The default event bus, and Lambda's asynchronous invocation of its targets.

use std::time::Duration;

use lambda::random;
use serde::Serialize;
use serde_json::Value;

use crate::aws::eventbridge::pattern::{EventPattern, PatternError};
use crate::functions::{Function, Functions};
use crate::template::Rule;

/// The pauses before a failed event is retried. Lambda retries the same number of times, but waits
/// minutes.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_millis(1_000)];

/// The bus, with its rules and their functions.
#[derive(Default)]
pub(crate) struct DefaultBus(Vec<Target>);

struct Target {
    pattern: EventPattern,
    function: Function,
}

/// The result of delivering an event to one function.
#[derive(Debug, Serialize)]
pub(crate) struct DeliveryResult {
    function: String,
    /// The number of invocations.
    attempts: usize,
    /// Whether an invocation succeeded. Otherwise the event is a dead letter.
    succeeded: bool,
}

impl DefaultBus {
    /// Creates a bus with `rules`.
    pub(crate) fn new(rules: &[Rule], functions: &Functions) -> Result<Self, PatternError> {
        let targets = rules.iter().filter_map(|rule| {
            let function = functions.get(&rule.function)?.clone();
            Some(EventPattern::new(&rule.pattern).map(|pattern| Target { pattern, function }))
        });
        targets.collect::<Result<_, _>>().map(Self)
    }

    /// Delivers `event` to each function whose rule matches it, one at a time.
    pub(crate) async fn put(&self, event: &Value) -> Vec<DeliveryResult> {
        let mut results = Vec::new();
        for target in &self.0 {
            if target.pattern.matches(event) {
                results.push(target.deliver(event).await);
            }
        }
        results
    }
}

impl Target {
    async fn deliver(&self, event: &Value) -> DeliveryResult {
        let function = self.function.name();
        let request_id = random::unique_id().to_string();
        let mut pauses = PAUSES.into_iter();
        for attempts in 1.. {
            let Err(failure) = self.function.invoke(&request_id, event).await else {
                return self.result(attempts, true);
            };
            let Some(pause) = pauses.next() else {
                tracing::error!(function, request_id, failure, "an event is a dead letter");
                return self.result(attempts, false);
            };
            tokio::time::sleep(pause).await;
        }
        self.result(0, false)
    }

    fn result(&self, attempts: usize, succeeded: bool) -> DeliveryResult {
        DeliveryResult {
            function: self.function.name().to_owned(),
            attempts,
            succeeded,
        }
    }
}
