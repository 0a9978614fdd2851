//! The boundary for events: it runs a handler and logs the outcome.
//!
//! Nobody waits for a response, except a function that invokes another one. An event that a function
//! cannot process is dropped and logged. A failure is returned to Lambda as an error, so that Lambda retries the event and
//! finally moves it to the dead-letter queue. Each event is one log line. It is processed within the
//! invocation's deadline, minus a margin.

mod batch;
mod stream;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::Timestamp;
use errors::{Fault, FaultCode};
use futures_util::FutureExt;
use lambda_http::lambda_runtime::{self, Diagnostic};
use lambda_http::{Context, LambdaEvent, service_fn};
use serde_json::Value;

use crate::clock::{SharedClock, SystemClock};
use crate::deadline::{done_within, time_left};
use crate::metrics::{self, Ending};

pub use batch::{BatchResponse, ItemKey};
pub use stream::{StreamEndpoint, StreamHandler, run as run_stream};

/// A handler of events.
pub trait EventHandler: Send + Sync {
    /// Processes `event`. Events may be repeated and out of order.
    fn handle(
        &self,
        event: Value,
        invocation: EventInvocation,
    ) -> impl Future<Output = Result<EventOutcome, Fault>> + Send;
}

/// The invocation of a function for an event.
#[derive(Clone, Debug)]
pub struct EventInvocation {
    /// When the event arrived.
    pub now: Timestamp,
    /// The ARN of the function, as Lambda gives it.
    pub function_arn: String,
}

/// From when on, after its event, an attempt is the last one: Lambda repeats an event after one minute and after two
/// more (<https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>).
const LAST_ATTEMPT_SECONDS: i64 = 150;

/// Whether Lambda does not repeat an event of the time `at` after an attempt at `now`.
pub fn is_last_attempt(at: Timestamp, now: Timestamp) -> bool {
    at.plus_seconds(LAST_ATTEMPT_SECONDS) <= now
}

/// The outcome of an event, in words for the log. It contains no data of the event except ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventOutcome {
    outcome: Outcome,
    detail: &'static str,
    subject: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Applied,
    Unchanged,
    Dropped,
}

impl EventOutcome {
    /// Something changed: `detail` names it.
    pub fn applied(detail: &'static str) -> Self {
        Self::new(Outcome::Applied, detail)
    }

    /// Nothing changed, because the same or newer data was already recorded.
    pub fn unchanged(detail: &'static str) -> Self {
        Self::new(Outcome::Unchanged, detail)
    }

    /// The event is not for this function or cannot be read. A retry would change nothing.
    pub fn dropped(detail: &'static str) -> Self {
        Self::new(Outcome::Dropped, detail)
    }

    /// The same outcome, about the record with this id.
    #[must_use]
    pub fn about(mut self, id: impl fmt::Display) -> Self {
        self.subject = Some(id.to_string());
        self
    }

    fn new(outcome: Outcome, detail: &'static str) -> Self {
        Self {
            outcome,
            detail,
            subject: None,
        }
    }
}

/// An event handler with its clock.
#[derive(Clone)]
pub struct EventEndpoint<H> {
    handler: H,
    clock: SharedClock,
}

/// The error for an event that Lambda should retry. Its text is only the fault's code, because
/// Lambda stores it with the dead letter and the runtime logs it.
#[derive(Clone, Copy, thiserror::Error)]
#[error("{}", self.0.as_str())]
pub struct RetryableError(FaultCode);

impl fmt::Debug for RetryableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<RetryableError> for Diagnostic {
    fn from(error: RetryableError) -> Self {
        Self {
            error_type: error.to_string(),
            error_message: error.0.title().to_owned(),
        }
    }
}

impl<H: EventHandler> EventEndpoint<H> {
    /// The endpoint of `handler`, which takes its time from `clock`.
    pub fn new(handler: H, clock: SharedClock) -> Self {
        Self { handler, clock }
    }

    /// Processes `event` with the handler. Returns the outcome in words, for a function that waits for it.
    ///
    /// # Errors
    /// If Lambda should retry the event.
    pub async fn handle(&self, event: LambdaEvent<Value>) -> Result<&'static str, RetryableError> {
        let started = Instant::now();
        let (event, context) = event.into_parts();
        let outcome = self.handle_in_time(event, &context).await;
        let elapsed = started.elapsed();
        log(&context.request_id, &outcome, elapsed);
        let ending = match &outcome {
            Ok(_) => Ending::Done,
            Err(fault) => Ending::Faulted(fault.code().as_str()),
        };
        metrics::note_end(ending, elapsed);
        outcome
            .map(|outcome| outcome.detail)
            .map_err(|fault| RetryableError(fault.code()))
    }

    async fn handle_in_time(&self, event: Value, context: &Context) -> Result<EventOutcome, Fault> {
        let invocation = EventInvocation {
            now: self.clock.now(),
            function_arn: context.invoked_function_arn.clone(),
        };
        let handled = self.handler.handle(event, invocation).boxed();
        done_within(time_left(context), handled).await?
    }
}

fn log(request_id: &str, outcome: &Result<EventOutcome, Fault>, elapsed: Duration) {
    let duration_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    match outcome {
        Ok(EventOutcome {
            outcome,
            detail,
            subject,
        }) => {
            let subject = subject.as_deref();
            match outcome {
                Outcome::Applied => {
                    tracing::info!(request_id, detail, subject, duration_ms, "applied");
                }
                Outcome::Unchanged => {
                    tracing::info!(request_id, detail, subject, duration_ms, "unchanged");
                }
                Outcome::Dropped => {
                    tracing::warn!(request_id, detail, subject, duration_ms, "dropped");
                }
            }
        }
        Err(fault) => fault.log(request_id, None, elapsed),
    }
}

/// Serves `handler` on Lambda until the sandbox ends.
///
/// # Errors
/// If the runtime's loop fails.
pub async fn run(handler: impl EventHandler) -> Result<(), lambda_runtime::Error> {
    let endpoint = EventEndpoint::new(handler, Arc::new(SystemClock));
    // Boxed, because the runtime's own layers are deeply nested already.
    lambda_runtime::run(service_fn(|event| endpoint.handle(event).boxed())).await
}
