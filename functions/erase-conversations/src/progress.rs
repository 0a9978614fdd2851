use std::time::{Duration, Instant};

/// How many items one call removes before it asks to be repeated. A partition takes about 1,000
/// write units in a second.
const ITEMS_AT_MOST: usize = 1_000;

/// How many items are read at a time.
const ITEMS_ON_A_PAGE: usize = 500;

/// How long one call goes on before it asks to be repeated.
const TIME_AT_MOST: Duration = Duration::from_secs(15);

/// What is kept of the invocation's time for the step that is under way.
const LAST_STEP: Duration = Duration::from_secs(7);

/// How far a call has come, and how far it may go.
#[derive(Debug)]
pub(crate) struct Progress {
    removed: usize,
    deadline: Instant,
}

impl Progress {
    /// Nothing is removed yet, and `time_left` is left of the invocation.
    pub(crate) fn within(time_left: Duration) -> Self {
        let time = time_left.saturating_sub(LAST_STEP).min(TIME_AT_MOST);
        Self {
            removed: 0,
            deadline: Instant::now() + time,
        }
    }

    /// How many items were removed, or emptied of all that is personal.
    pub(crate) fn removed(&self) -> usize {
        self.removed
    }

    /// Notes that so many more were removed.
    pub(crate) fn add(&mut self, removed: usize) {
        self.removed += removed;
    }

    /// How many items the next page may have.
    pub(crate) fn page(&self) -> i32 {
        let room = ITEMS_AT_MOST.saturating_sub(self.removed);
        i32::try_from(room.clamp(1, ITEMS_ON_A_PAGE)).unwrap_or(1)
    }

    /// Whether the next step may begin.
    pub(crate) fn may_go_on(&self) -> bool {
        self.removed < ITEMS_AT_MOST && Instant::now() < self.deadline
    }
}
