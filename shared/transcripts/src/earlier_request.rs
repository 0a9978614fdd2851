use domain::TranscriptState;
use store::TranscriptItem;

use crate::request::TranscriptRequest;

/// The outcome of an earlier request with the same idempotency key.
#[derive(Debug)]
pub(crate) enum EarlierRequest {
    /// Its mail was sent: return the same 201.
    Sent(Box<TranscriptItem>),
    /// The outcome of its send is unknown: return the same 504.
    Unknown,
    /// It is still in progress: 409.
    InFlight,
    /// It had a different payload: 422.
    OtherPayload,
}

impl EarlierRequest {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{now, request, transcript};

    #[test]
    fn the_outcome_of_an_earlier_request_follows_from_the_state_of_its_transcript() {
        use TranscriptState::{Bounced, Delivered, Reserved, Sent, Unknown};
        let long_ago = now().plus_seconds(-24 * 60 * 60);
        for (state, sent_at, expected) in [
            (Reserved, now(), "InFlight"),
            (Reserved, long_ago, "Unknown"),
            (Unknown, now(), "Unknown"),
            (Sent, now(), "Sent"),
            (Delivered, long_ago, "Sent"),
            (Bounced, long_ago, "Sent"),
        ] {
            let earlier_request = EarlierRequest::of(&request(), transcript(state, sent_at));
            let name = format!("{earlier_request:?}");
            assert_eq!(name.split('(').next().unwrap(), expected, "{state:?}");
        }
    }

    #[test]
    fn another_payload_under_the_same_key_is_not_a_retry() {
        let mut existing = transcript(TranscriptState::Sent, now());
        existing.payload_fingerprint = Some("other".to_owned());
        let earlier_request = EarlierRequest::of(&request(), existing);
        assert!(
            matches!(earlier_request, EarlierRequest::OtherPayload),
            "{earlier_request:?}"
        );
    }
}
