//! The source of the time. It is read once for each request, at the edge, and then passed down.

use std::fmt::Debug;
use std::sync::Arc;

use domain::Timestamp;

/// A source of the current time.
pub trait Clock: Debug + Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}

/// A clock that several functions share.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the edge where the time is taken"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::from_epoch_milliseconds(jiff::Timestamp::now().as_millisecond())
            .unwrap_or(Timestamp::EPOCH)
    }
}
