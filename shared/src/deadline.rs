//! How much of an invocation's time is left.

use std::time::Duration;

use lambda_http::Context;

use crate::clock::{Clock, SystemClock};

/// What is kept of an invocation's time for sending what became of it.
const MARGIN: Duration = Duration::from_millis(500);

/// How long Lambda lets any function run.
const LONGEST_INVOCATION_MILLISECONDS: u64 = 15 * 60 * 1_000;

/// What is left of an invocation's time, less a margin for sending what became of it.
///
/// The deadline is in real time, whatever clock the function goes by.
pub(crate) fn time_left(context: &Context) -> Duration {
    let now = u64::try_from(SystemClock.now().epoch_milliseconds()).unwrap_or(0);
    match context.deadline {
        0 => Duration::MAX,
        deadline => time_until(deadline, now).saturating_sub(MARGIN),
    }
}

/// The time from `now` until `deadline`, both in milliseconds since 1970.
///
/// `cargo lambda watch` gives the time itself, ten minutes, for the deadline.
fn time_until(deadline: u64, now: u64) -> Duration {
    if deadline <= LONGEST_INVOCATION_MILLISECONDS {
        Duration::from_millis(deadline)
    } else {
        Duration::from_millis(deadline.saturating_sub(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_767_646_800_000;

    #[test]
    fn a_deadline_is_a_moment() {
        assert_eq!(time_until(NOW + 300, NOW), Duration::from_millis(300));
        assert_eq!(time_until(NOW - 300, NOW), Duration::ZERO);
    }

    #[test]
    fn a_deadline_in_the_first_minutes_of_1970_is_the_time_itself() {
        assert_eq!(time_until(600_000, NOW), Duration::from_secs(600));
        assert_eq!(time_until(900_001, NOW), Duration::ZERO);
    }
}
