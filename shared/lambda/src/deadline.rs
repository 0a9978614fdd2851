//! How much of an invocation's time is left.

use std::time::Duration;

use errors::{Fault, FaultCode};
use futures_util::future::BoxFuture;
use lambda_http::Context;

use crate::clock::{Clock, SystemClock};
use crate::panics;

/// The part of an invocation's time that is reserved for sending the result.
const MARGIN: Duration = Duration::from_millis(500);

/// The longest timeout that Lambda allows for any function.
const LONGEST_INVOCATION_MILLISECONDS: u64 = 15 * 60 * 1_000;

/// The rest of an invocation's time, minus a margin for sending the result.
///
/// The deadline is in real time, whichever clock the function uses.
pub(crate) fn time_left(context: &Context) -> Duration {
    let now = u64::try_from(SystemClock.now().epoch_milliseconds()).unwrap_or(0);
    match context.deadline {
        0 => Duration::MAX,
        deadline => time_until(deadline, now).saturating_sub(MARGIN),
    }
}

/// Runs `work` for at most `time_left`. Returns a fault if it panics or does not finish in time.
///
/// If no time is left, `work` is not started. Otherwise the work could write something before the
/// timer fires.
pub(crate) async fn done_within<T>(
    time_left: Duration,
    work: BoxFuture<'_, T>,
) -> Result<T, Fault> {
    let timed_out = || Fault::new(FaultCode::TimedOut, "the invocation's time ran out");
    if time_left.is_zero() {
        return Err(timed_out());
    }
    let work = aws::deadline::scope(time_left, panics::caught(work));
    match tokio::time::timeout(time_left, work).await {
        Ok(outcome) => outcome,
        Err(_elapsed) => Err(timed_out()),
    }
}

/// The time from `now` until `deadline`, both in milliseconds since 1970.
///
/// `cargo lambda watch` sends a duration of ten minutes as the deadline, not a time.
fn time_until(deadline: u64, now: u64) -> Duration {
    if deadline <= LONGEST_INVOCATION_MILLISECONDS {
        Duration::from_millis(deadline)
    } else {
        Duration::from_millis(deadline.saturating_sub(now))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    const NOW: u64 = 1_767_646_800_000;

    #[tokio::test]
    async fn without_time_the_work_does_not_start() {
        let mut has_started = false;
        let outcome = done_within(Duration::ZERO, async { has_started = true }.boxed()).await;
        assert_eq!(outcome.unwrap_err().code(), FaultCode::TimedOut);
        assert!(!has_started);
    }

    #[tokio::test]
    async fn work_that_exceeds_the_time_is_a_fault() {
        let outcome = done_within(
            Duration::from_millis(1),
            std::future::pending::<()>().boxed(),
        )
        .await;
        assert_eq!(outcome.unwrap_err().code(), FaultCode::TimedOut);
        assert_eq!(
            done_within(Duration::MAX, async { 5 }.boxed())
                .await
                .unwrap(),
            5
        );
    }

    #[test]
    fn a_deadline_is_a_time_in_milliseconds() {
        assert_eq!(time_until(NOW + 300, NOW), Duration::from_millis(300));
        assert_eq!(time_until(NOW - 300, NOW), Duration::ZERO);
    }

    #[test]
    fn a_deadline_of_at_most_15_minutes_is_a_duration() {
        assert_eq!(time_until(600_000, NOW), Duration::from_secs(600));
        assert_eq!(time_until(900_001, NOW), Duration::ZERO);
    }
}
