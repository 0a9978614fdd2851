//! Where the time comes from: read once for each request, at the edge, then handed down.

use std::fmt::Debug;
use std::sync::Arc;

use domain::Timestamp;

/// A source of the present time.
pub trait Clock: Debug + Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}

/// A clock that several functions share.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's own clock.
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
