use domain::Timestamp;
use errors::{Failure, Fault, FaultCode, Refusal, RefusalCode};

use crate::limits::ReachedLimit;
use crate::request::RequestedBy;

/// The error if the From address is not verified. A visitor and a rule did not choose it: the settings
/// name it.
pub(crate) fn refuse_sender(requested_by: RequestedBy) -> Failure {
    match requested_by {
        RequestedBy::Agent => Refusal::new(
            RefusalCode::SenderNotVerified,
            "from must be one of the organisation's verified senders.",
        )
        .with_member("field", "from")
        .into(),
        RequestedBy::Visitor | RequestedBy::Rule => Fault::new(
            FaultCode::EmailUnavailable,
            "the sender of the settings is not verified",
        )
        .into(),
    }
}

/// The error if the conversation does not exist.
pub(crate) fn refuse_conversation(requested_by: RequestedBy) -> Refusal {
    match requested_by {
        RequestedBy::Agent | RequestedBy::Rule => Refusal::conversation_not_found(),
        RequestedBy::Visitor => Refusal::invalid_visitor_token(),
    }
}

/// The error if no recipient is known.
pub(crate) fn refuse_without_recipient(requested_by: RequestedBy) -> Refusal {
    let refusal = |detail| Refusal::new(RefusalCode::RecipientRequired, detail);
    match requested_by {
        RequestedBy::Agent => {
            refusal("to is required, because the visitor's address is not recorded.")
                .with_member("field", "to")
        }
        RequestedBy::Visitor | RequestedBy::Rule => {
            refusal("No e-mail address of the visitor is recorded.")
        }
    }
}

pub(crate) fn refuse_until_reset(limit: ReachedLimit, now: Timestamp) -> Refusal {
    Refusal::new(RefusalCode::TranscriptLimitReached, limit.detail)
        .with_member("resets_at", limit.resets_at)
        .with_rate_limit(&limit.rate, now, limit.resets_at)
}
