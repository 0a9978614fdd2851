use std::time::{Duration, Instant};

use domain::Timestamp;

/// The time after which a run starts no more roll-ups. The roll-up in progress then ends before the
/// template's timeout of 15 minutes. The next run does the rest.
const TIME_AT_MOST: Duration = Duration::from_secs(13 * 60);

#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    began_at: Timestamp,
    began: Instant,
}

impl Run {
    /// Starts a run at `now`. `began` is the same moment on the clock that measures the elapsed
    /// time.
    pub(crate) fn begin(now: Timestamp, began: Instant) -> Self {
        Self {
            began_at: now,
            began,
        }
    }

    /// The current time, calculated from the start of the run.
    pub(crate) fn now(self) -> Timestamp {
        let seconds = i64::try_from(self.began.elapsed().as_secs()).unwrap_or(i64::MAX);
        self.began_at.plus_seconds(seconds)
    }

    /// Whether another roll-up may start.
    pub(crate) fn may_go_on(self) -> bool {
        self.began.elapsed() < TIME_AT_MOST
    }
}
