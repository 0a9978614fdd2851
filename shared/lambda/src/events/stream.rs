//! The boundary for the table's stream: it processes a batch of records and reports where to retry.
//!
//! A record names an item that was written. The handler decides by the item's current state. So
//! several records of one item need to be processed only once, and their order does not matter.
//!
//! A failure is reported by the sequence number of the item's first record. Lambda sends that
//! record and all later ones again. Items that were already processed do not change.

use std::future::Future;
use std::time::Instant;

use domain::Timestamp;
use errors::{Fault, FaultCode};
use futures_util::{FutureExt, StreamExt, stream};
use lambda_http::{LambdaEvent, lambda_runtime, service_fn};
use serde_json::Value;

use crate::clock::{SharedClock, SystemClock};
use crate::deadline::time_left;
use crate::events::batch::{BatchResponse, ItemKey, written_items};
use crate::events::{EventOutcome, Outcome, RetryableError};
use crate::metrics::{self, Ending};
use crate::panics;

/// How many items are processed at a time.
const ITEMS_AT_ONCE: usize = 8;

/// A handler of written items.
pub trait StreamHandler: Send + Sync {
    /// Does the work that is due after the item under `key` was written, at `now`. It may be called
    /// late, and several times for one write.
    fn handle(
        &self,
        key: ItemKey,
        now: Timestamp,
    ) -> impl Future<Output = Result<EventOutcome, Fault>> + Send;
}

/// A stream handler with its clock.
#[derive(Clone)]
pub struct StreamEndpoint<H> {
    handler: H,
    clock: SharedClock,
}

/// How many items of a batch had each outcome.
#[derive(Debug, Default)]
struct BatchCounts {
    applied: u64,
    unchanged: u64,
    dropped: u64,
    failed: u64,
}

impl<H: StreamHandler> StreamEndpoint<H> {
    /// The endpoint of `handler`, which takes its time from `clock`.
    pub fn new(handler: H, clock: SharedClock) -> Self {
        Self { handler, clock }
    }

    /// Processes all items of the batch `event` with the handler.
    ///
    /// # Errors
    /// If `event` is not a batch of a table's stream. Lambda retries it and finally sends its
    /// position in the stream to the dead-letter queue.
    pub async fn handle(&self, event: LambdaEvent<Value>) -> Result<BatchResponse, RetryableError> {
        let started = Instant::now();
        let (event, context) = event.into_parts();
        let Some(written) = written_items(&event) else {
            let fault = Fault::internal("the event is not a batch of the table's stream");
            fault.log(&context.request_id, None, started.elapsed());
            metrics::note_end(Ending::Faulted(fault.code().as_str()), started.elapsed());
            return Err(RetryableError(fault.code()));
        };
        let deadline = tokio::time::Instant::now().checked_add(time_left(&context));
        let now = self.clock.now();
        let mut unfinished: Vec<Option<&str>> =
            written.iter().map(|it| Some(it.first.as_str())).collect();
        let handling: Vec<_> = written
            .iter()
            .enumerate()
            .map(|(index, written)| self.handle_item(index, written.key.clone(), now))
            .collect();
        let mut handling = stream::iter(handling).buffer_unordered(ITEMS_AT_ONCE);
        let mut counts = BatchCounts::default();
        let mut fault = None;
        loop {
            let next = match deadline {
                Some(deadline) => tokio::time::timeout_at(deadline, handling.next()).await,
                None => Ok(handling.next().await),
            };
            match next {
                Ok(None) => break,
                Ok(Some((index, Ok(outcome)))) => {
                    counts.add(&outcome);
                    if let Some(first_record) = unfinished.get_mut(index) {
                        *first_record = None;
                    }
                }
                Ok(Some((_, Err(failed)))) => fault = fault.or(Some(failed)),
                Err(_elapsed) => {
                    let late = Fault::new(FaultCode::TimedOut, "the invocation's time ran out");
                    fault = fault.or(Some(late));
                    break;
                }
            }
        }
        counts.failed = unfinished.iter().flatten().count() as u64;
        let elapsed = started.elapsed();
        counts.log(&context.request_id, elapsed);
        let ending = match &fault {
            None => Ending::Done,
            Some(fault) => {
                fault.log(&context.request_id, None, elapsed);
                Ending::Faulted(fault.code().as_str())
            }
        };
        metrics::note_end(ending, elapsed);
        // A batch has its records in the order of the stream, so the items are in the order of
        // their first records.
        let first = unfinished.into_iter().flatten().next();
        Ok(BatchResponse::retry_from(first))
    }

    /// Processes the item at `index` of a batch.
    async fn handle_item(
        &self,
        index: usize,
        key: ItemKey,
        now: Timestamp,
    ) -> (usize, Result<EventOutcome, Fault>) {
        let outcome = panics::caught(self.handler.handle(key, now).boxed());
        (index, outcome.await.unwrap_or_else(Err))
    }
}

impl BatchCounts {
    fn add(&mut self, outcome: &EventOutcome) {
        match outcome.outcome {
            Outcome::Applied => self.applied += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Dropped => self.dropped += 1,
        }
    }

    fn log(&self, request_id: &str, elapsed: std::time::Duration) {
        let duration_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        let Self {
            applied,
            unchanged,
            dropped,
            failed,
        } = self;
        tracing::info!(
            request_id,
            applied,
            unchanged,
            dropped,
            failed,
            duration_ms,
            "batch"
        );
    }
}

/// Serves `handler` on Lambda until the sandbox ends.
///
/// # Errors
/// If the runtime's loop fails.
pub async fn run(handler: impl StreamHandler) -> Result<(), lambda_runtime::Error> {
    let endpoint = StreamEndpoint::new(handler, std::sync::Arc::new(SystemClock));
    lambda_runtime::run(service_fn(|event| endpoint.handle(event))).await
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use lambda_http::Context;
    use serde_json::json;

    use super::*;

    /// Fails for the named items, and records its calls.
    #[derive(Default)]
    struct Failing {
        at: Vec<&'static str>,
        calls: Mutex<Vec<String>>,
    }

    impl StreamHandler for Failing {
        async fn handle(&self, key: ItemKey, _now: Timestamp) -> Result<EventOutcome, Fault> {
            self.calls.lock().unwrap().push(key.sk.clone());
            if self.at.contains(&key.sk.as_str()) {
                return Err(Fault::contended("on purpose"));
            }
            Ok(EventOutcome::applied("done"))
        }
    }

    fn record(sk: &str, number: &str) -> Value {
        json!({ "dynamodb": {
            "Keys": { "pk": { "S": "p" }, "sk": { "S": sk } },
            "SequenceNumber": number,
        }})
    }

    async fn respond(
        endpoint: &StreamEndpoint<Failing>,
        event: Value,
    ) -> Result<Value, RetryableError> {
        let event = LambdaEvent::new(event, Context::default());
        let response = endpoint.handle(event).await?;
        Ok(serde_json::to_value(response).unwrap())
    }

    fn failing(at: &[&'static str]) -> StreamEndpoint<Failing> {
        let handler = Failing {
            at: at.to_vec(),
            calls: Mutex::default(),
        };
        StreamEndpoint::new(handler, Arc::new(SystemClock))
    }

    #[tokio::test]
    async fn a_processed_batch_has_no_failures() {
        let endpoint = failing(&[]);
        let records = [record("a", "1"), record("b", "2"), record("a", "3")];
        let response = respond(&endpoint, json!({ "Records": records })).await;
        assert_eq!(response.unwrap(), json!({ "batchItemFailures": [] }));
        let mut calls = endpoint.handler.calls.lock().unwrap().clone();
        calls.sort();
        assert_eq!(calls, ["a", "b"], "each item once");
    }

    #[tokio::test]
    async fn a_failure_is_reported_by_the_first_record_of_its_item() {
        let records = [
            record("a", "1"),
            record("b", "2"),
            record("c", "3"),
            record("b", "4"),
        ];
        let response = respond(&failing(&["b", "c"]), json!({ "Records": records })).await;
        assert_eq!(
            response.unwrap(),
            json!({ "batchItemFailures": [{ "itemIdentifier": "2" }] })
        );
    }

    #[tokio::test]
    async fn an_event_that_is_not_a_batch_is_retried() {
        for event in [
            json!({}),
            json!({ "Records": [{ "dynamodb": {} }] }),
            json!({ "Records": [record("a", "")] }),
        ] {
            assert!(respond(&failing(&[]), event).await.is_err());
        }
    }
}
