use domain::TranscriptState;
use store::TranscriptItem;

use crate::request::TranscriptRequest;

/// The outcome of an earlier request with the same idempotency key.
#[derive(Debug)]
pub(crate) enum PriorAttempt {
    /// Its mail was sent: return the same 201.
    Sent(Box<TranscriptItem>),
    /// The outcome of its send is unknown: return the same 504.
    Unknown,
    /// It is still in progress: 409.
    InFlight,
    /// It had a different payload: 422.
    OtherPayload,
}

impl PriorAttempt {
    /// The outcome of the earlier request that wrote `existing`, the transcript with the id of
    /// `request`.
    pub(crate) fn of(request: &TranscriptRequest, existing: TranscriptItem) -> Self {
        if existing.payload_fingerprint != request.payload_fingerprint {
            return Self::OtherPayload;
        }
        match existing.state {
            TranscriptState::Reserved if existing.is_in_flight(request.now) => Self::InFlight,
            TranscriptState::Reserved | TranscriptState::Unknown => Self::Unknown,
            _ => Self::Sent(Box::new(existing)),
        }
    }
}
