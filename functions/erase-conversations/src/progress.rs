use std::time::{Duration, Instant};

/// The maximum number of items that one request removes. If there are more, the caller must repeat
/// the request. A partition accepts about 1,000 write units per second.
const ITEMS_AT_MOST: usize = 1_000;

/// The maximum number of items that one query reads.
const ITEMS_ON_A_PAGE: usize = 500;

/// The maximum time that one request spends on removal. If items remain, the caller must repeat the
/// request.
const TIME_AT_MOST: Duration = Duration::from_secs(15);

/// The part of the invocation's time that is reserved for the step in progress.
const LAST_STEP: Duration = Duration::from_secs(7);

/// The number of items that a request has removed so far, and its deadline.
#[derive(Debug)]
pub(crate) struct Progress {
    removed: usize,
    deadline: Instant,
}

impl Progress {
    /// Starts with nothing removed. `time_left` is the remaining time of the invocation.
    pub(crate) fn within(time_left: Duration) -> Self {
        let time = time_left.saturating_sub(LAST_STEP).min(TIME_AT_MOST);
        Self {
            removed: 0,
            deadline: Instant::now() + time,
        }
    }

    /// The number of items that were deleted or stripped of all personal data.
    pub(crate) fn removed(&self) -> usize {
        self.removed
    }

    pub(crate) fn add(&mut self, removed: usize) {
        self.removed += removed;
    }

    /// The maximum number of items on the next page.
    pub(crate) fn page(&self) -> i32 {
        let room = ITEMS_AT_MOST.saturating_sub(self.removed);
        i32::try_from(room.clamp(1, ITEMS_ON_A_PAGE)).unwrap_or(1)
    }

    /// Whether the next step may start.
    pub(crate) fn may_go_on(&self) -> bool {
        self.removed < ITEMS_AT_MOST && Instant::now() < self.deadline
    }
}
