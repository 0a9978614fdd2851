//! The time of the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use domain::Timestamp;

/// The source of the server's time: the machine's clock, or a time that a test sets.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stays at `now` until [`Self::advance`] is called.
    pub fn fixed(now: Timestamp) -> Self {
        Self(Some(Arc::new(AtomicI64::new(now.epoch_milliseconds()))))
    }

    /// Moves a fixed clock by `milliseconds`. Has no effect on the machine's clock.
    pub fn advance(&self, milliseconds: i64) {
        if let Some(now) = &self.0 {
            now.fetch_add(milliseconds, Ordering::SeqCst);
        }
    }

    /// The current time.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the edge where the time is taken"
    )]
    pub fn now(&self) -> Timestamp {
        let milliseconds = match &self.0 {
            Some(now) => now.load(Ordering::SeqCst),
            None => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .ok()
                .and_then(|since| i64::try_from(since.as_millis()).ok())
                .unwrap_or(0),
        };
        Timestamp::from_epoch_milliseconds(milliseconds).unwrap_or(Timestamp::EPOCH)
    }
}
