//! Limits the rate of SES calls other than sends.

use std::sync::{Mutex, PoisonError};

use domain::Timestamp;

const MILLISECONDS_A_CALL: i64 = 1_000;

/// A token bucket with a capacity of one token and a refill of one token per second. SES has one
/// bucket for each account and region. Each server has one.
#[derive(Debug, Default)]
pub(super) struct CallRate {
    /// The time at which the next token is available, in milliseconds since 1970.
    full_at: Mutex<i64>,
}

impl CallRate {
    /// Takes the token if it is available at `now`. Returns whether it was.
    pub(super) fn admits(&self, now: Timestamp) -> bool {
        let now = now.epoch_milliseconds();
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        // If the clock was set back, the bucket must not stay empty for long.
        let is_full = now >= *full_at || *full_at - now > MILLISECONDS_A_CALL;
        if is_full {
            *full_at = now + MILLISECONDS_A_CALL;
        }
        is_full
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(seconds: &[&str]) -> Vec<bool> {
        let rate = CallRate::default();
        let times = seconds
            .iter()
            .map(|second| format!("2026-01-05T09:00:{second}Z"));
        times
            .map(|time| rate.admits(Timestamp::parse(&time).unwrap()))
            .collect()
    }

    #[test]
    fn more_than_one_call_per_second_is_throttled() {
        let admitted = admitted(&["00.000", "00.000", "00.999", "01.000", "01.500", "02.000"]);
        assert_eq!(admitted, [true, false, false, true, false, true]);
    }

    #[test]
    fn unused_tokens_do_not_accumulate() {
        assert_eq!(
            admitted(&["00.000", "10.000", "10.000"]),
            [true, true, false]
        );
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_throttle_calls() {
        assert_eq!(
            admitted(&["50.000", "10.000", "10.500"]),
            [true, true, false]
        );
    }
}
