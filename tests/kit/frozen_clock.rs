use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::Timestamp;
use lambda::clock::Clock;

/// A clock that shows the same time until a test advances it, so that the time of each request is
/// known.
#[derive(Debug)]
pub struct FrozenClock {
    epoch_milliseconds: AtomicI64,
}

impl FrozenClock {
    /// A clock that shows `moment`.
    pub fn at(moment: jiff::Timestamp) -> Arc<Self> {
        Arc::new(Self {
            epoch_milliseconds: AtomicI64::new(moment.as_millisecond()),
        })
    }

    /// Advances it by whole milliseconds.
    pub fn advance(&self, time: Duration) {
        let milliseconds =
            i64::try_from(time.as_millis()).expect("fewer milliseconds than i64::MAX");
        self.epoch_milliseconds
            .fetch_add(milliseconds, Ordering::SeqCst);
    }
}

impl Clock for FrozenClock {
    fn now(&self) -> Timestamp {
        let milliseconds = self.epoch_milliseconds.load(Ordering::SeqCst);
        Timestamp::from_epoch_milliseconds(milliseconds).expect("a time before the year 10000")
    }
}
