//! Invokes the functions that have a schedule, according to the functions' own clock.

use std::sync::Arc;

use domain::Timestamp;
use lambda::clock::SharedClock;
use lambda::random;
use serde_json::{Value, json};

use crate::clock::CHECK_INTERVAL;
use crate::functions::{Function, Functions};
use crate::template::Schedule;

/// All functions with a schedule.
pub(crate) struct Schedules {
    clock: SharedClock,
    scheduled: Vec<Scheduled>,
}

struct Scheduled {
    function: Function,
    seconds: i64,
}

impl Schedules {
    /// Creates the schedules of the template's functions.
    pub(crate) fn new(
        schedules: &[Schedule],
        functions: &Functions,
        clock: SharedClock,
    ) -> Arc<Self> {
        let scheduled = schedules.iter().filter_map(|schedule| {
            Some(Scheduled {
                function: functions.get(&schedule.function)?.clone(),
                seconds: i64::try_from(schedule.interval.as_secs()).ok()?,
            })
        });
        Arc::new(Self {
            scheduled: scheduled.collect(),
            clock,
        })
    }

    /// Invokes each function when it is due, for as long as the future is polled.
    pub(crate) async fn run(&self) {
        let scheduled = self.scheduled.iter().map(|scheduled| async {
            let mut last: Option<Timestamp> = None;
            loop {
                let now = self.clock.now();
                if last.is_none_or(|last| last.plus_seconds(scheduled.seconds) <= now) {
                    last = Some(now);
                    let _ = scheduled.call().await;
                }
                tokio::time::sleep(CHECK_INTERVAL).await;
            }
        });
        futures_util::future::join_all(scheduled).await;
    }

    /// Invokes each function once. Returns each function with its error, which is null on success.
    pub(crate) async fn call(&self) -> Vec<Value> {
        let mut called = Vec::new();
        for scheduled in &self.scheduled {
            let error = scheduled.call().await.err();
            called.push(json!({ "function": scheduled.function.name(), "error": error }));
        }
        called
    }
}

impl Scheduled {
    async fn call(&self) -> Result<String, String> {
        let request_id = random::unique_id().to_string();
        // EventBridge sends more fields, which no function reads.
        let event = json!({ "source": "aws.events", "detail-type": "Scheduled Event" });
        let called = self.function.invoke(&request_id, &event).await;
        if let Err(failure) = &called {
            let function = self.function.name();
            tracing::error!(function, request_id, failure, "a scheduled call failed");
        }
        called
    }
}
