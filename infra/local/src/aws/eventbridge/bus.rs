//! An event bus with its rules and their functions.

use serde_json::Value;

use crate::aws::eventbridge::pattern::{EventPattern, PatternError};
use crate::aws::lambda::{self, DeliveryResult};
use crate::functions::{Function, Functions};
use crate::template::{Bus, Rule};

/// The targets of one bus.
#[derive(Default)]
pub(crate) struct EventBus(Vec<Target>);

struct Target {
    pattern: EventPattern,
    function: Function,
}

impl EventBus {
    /// Creates `bus` with those of the rules that belong to it.
    pub(crate) fn new(
        bus: Bus,
        rules: &[Rule],
        functions: &Functions,
    ) -> Result<Self, PatternError> {
        let rules = rules.iter().filter(|rule| rule.bus == bus);
        let targets = rules.filter_map(|rule| {
            let function = functions.get(&rule.function)?.clone();
            Some(EventPattern::new(&rule.pattern).map(|pattern| Target { pattern, function }))
        });
        targets.collect::<Result<_, _>>().map(Self)
    }

    /// Whether no rule of the bus invokes a function.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Delivers `event` to each function whose rule matches it, one at a time.
    pub(crate) async fn put(&self, event: &Value) -> Vec<DeliveryResult> {
        let mut results = Vec::new();
        for target in &self.0 {
            if target.pattern.matches(event) {
                results.push(lambda::deliver(&target.function, event).await);
            }
        }
        results
    }
}
