use std::sync::{Arc, Mutex, MutexGuard};

use jiff::{SignedDuration, Timestamp};
use lambda::clock::{Clock, SharedClock};

/// A clock that follows another until a test stops it.
#[derive(Debug)]
pub(crate) struct StoppableClock {
    base: SharedClock,
    stopped_at: Mutex<Option<Timestamp>>,
}

impl StoppableClock {
    /// A clock that shows the time of `base`.
    pub(crate) fn following(base: SharedClock) -> Arc<Self> {
        Arc::new(Self {
            base,
            stopped_at: Mutex::default(),
        })
    }

    /// Stops the clock at its current time. A stopped clock is not changed.
    pub(crate) fn stop(&self) {
        let mut stopped_at = self.stopped_at();
        stopped_at.get_or_insert_with(|| self.base.now().to_jiff());
    }

    /// Changes the time of a stopped clock.
    ///
    /// # Panics
    /// If the clock is not stopped.
    pub(crate) fn shift(&self, time: SignedDuration) {
        let mut stopped_at = self.stopped_at();
        let moment = stopped_at.as_mut().expect("the clock is stopped");
        *moment += time;
    }

    fn stopped_at(&self) -> MutexGuard<'_, Option<Timestamp>> {
        self.stopped_at.lock().expect("the lock is not poisoned")
    }
}

impl Clock for StoppableClock {
    fn now(&self) -> domain::Timestamp {
        match *self.stopped_at() {
            Some(moment) => domain::Timestamp::from_epoch_milliseconds(moment.as_millisecond())
                .expect("a time before the year 10000"),
            None => self.base.now(),
        }
    }
}
