//! The clock of the functions. It follows a base clock, usually the system clock, and can be moved
//! ahead.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::Timestamp;
use lambda::clock::{Clock, SharedClock};

use crate::storage::{Storage, StorageError};

const FILE: &str = "clock.json";

/// The interval at which the clock is checked for what is due, because it can be moved ahead.
pub(crate) const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// A clock that can be moved ahead, so that tests can skip a week.
#[derive(Debug)]
pub(crate) struct AdjustableClock {
    base: SharedClock,
    ahead_milliseconds: AtomicI64,
    storage: Storage,
}

impl AdjustableClock {
    /// Opens the clock with the offset of the last run, so that time does not move back between
    /// runs.
    pub(crate) fn open(base: SharedClock, storage: Storage) -> Result<Self, StorageError> {
        let ahead = storage.read_json(FILE)?.unwrap_or_default();
        Ok(Self {
            base,
            ahead_milliseconds: AtomicI64::new(ahead),
            storage,
        })
    }

    /// Moves the clock ahead, and returns its new time.
    ///
    /// Returns `None`, and does not move the clock, if the new time is after the year 9999.
    pub(crate) fn advance(&self, seconds: u64) -> Result<Option<Timestamp>, StorageError> {
        let base = self.base.now();
        let moved =
            self.ahead_milliseconds
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |ahead| {
                    let step = i64::try_from(seconds).ok()?.checked_mul(1_000)?;
                    let ahead = ahead.checked_add(step)?;
                    shifted(base, ahead).map(|_| ahead)
                });
        if moved.is_err() {
            return Ok(None);
        }
        self.storage
            .write_json(FILE, &self.ahead_milliseconds.load(Ordering::SeqCst))?;
        Ok(Some(self.now()))
    }
}

impl Clock for AdjustableClock {
    fn now(&self) -> Timestamp {
        let base = self.base.now();
        shifted(base, self.ahead_milliseconds.load(Ordering::SeqCst)).unwrap_or(base)
    }
}

fn shifted(time: Timestamp, milliseconds: i64) -> Option<Timestamp> {
    Timestamp::from_epoch_milliseconds(time.epoch_milliseconds().checked_add(milliseconds)?)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lambda::clock::SystemClock;

    use super::*;

    fn clock() -> AdjustableClock {
        AdjustableClock::open(Arc::new(SystemClock), Storage::Memory).unwrap()
    }

    #[test]
    fn advancing_the_clock_by_a_week_changes_its_time() {
        let clock = clock();
        let before = clock.now().epoch_milliseconds();
        let after = clock
            .advance(604_800)
            .unwrap()
            .unwrap()
            .epoch_milliseconds();
        assert!((604_800_000..604_860_000).contains(&(after - before)));
    }

    #[test]
    fn a_time_after_the_year_9999_is_refused() {
        let clock = clock();
        assert_eq!(clock.advance(u64::MAX).unwrap(), None);
        assert_eq!(clock.advance(300_000_000_000).unwrap(), None);
    }
}
