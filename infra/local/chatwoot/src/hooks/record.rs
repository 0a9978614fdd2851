//! The record of deliveries.

use domain::Timestamp;

/// The outcome of one attempt to deliver a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// The receiver answered with a status of 200 to 299.
    Delivered {
        /// The status.
        status: u16,
    },
    /// The receiver answered with another status.
    Refused {
        /// The status.
        status: u16,
    },
    /// The receiver did not answer in time.
    TimedOut,
    /// The connection failed.
    Unreachable,
    /// The plan lost the hook. Nothing was sent.
    Lost,
    /// The record was deleted before the hook was built. Nothing was sent.
    RecordDeleted,
}

impl DeliveryOutcome {
    /// Whether the receiver accepted the hook.
    pub fn is_delivered(&self) -> bool {
        matches!(self, Self::Delivered { .. })
    }
}

/// One attempt to deliver a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// The number of the pending hook.
    pub number: u64,
    /// The name of the event.
    pub event: String,
    /// The URL.
    pub url: String,
    /// `X-Chatwoot-Delivery`. Empty if nothing was sent.
    pub delivery_id: String,
    /// The attempt, from 1.
    pub attempt: u32,
    /// When the attempt ended.
    pub at: Timestamp,
    /// The bytes that were sent. Empty if nothing was sent.
    pub body: Vec<u8>,
    /// The outcome.
    pub outcome: DeliveryOutcome,
}
