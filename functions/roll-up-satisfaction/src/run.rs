use std::time::{Duration, Instant};

use domain::Timestamp;

/// How long a run goes on: the fold that is under way then ends before the template's 15 minutes
/// do. The next run does the rest.
const TIME_AT_MOST: Duration = Duration::from_secs(13 * 60);

/// A run of the function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    began_at: Timestamp,
    began: Instant,
}

impl Run {
    /// A run that begins at `now`; `began` is the same moment, by which time is measured.
    pub(crate) fn begin(now: Timestamp, began: Instant) -> Self {
        Self {
            began_at: now,
            began,
        }
    }

    /// The current time.
    pub(crate) fn now(self) -> Timestamp {
        let seconds = i64::try_from(self.began.elapsed().as_secs()).unwrap_or(i64::MAX);
        self.began_at.plus_seconds(seconds)
    }

    /// Whether another fold may begin.
    pub(crate) fn may_go_on(self) -> bool {
        self.began.elapsed() < TIME_AT_MOST
    }
}
