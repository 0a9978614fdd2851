use domain::TranscriptState;
use serde_json::Value;

/// What an event says about the mail of a transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeliveryUpdate {
    pub(crate) state: TranscriptState,
    /// Why, if there is a reason.
    pub(crate) reason: Option<String>,
}

impl DeliveryUpdate {
    /// A state that needs no reason.
    pub(crate) fn plain(state: TranscriptState) -> Self {
        Self {
            state,
            reason: None,
        }
    }

    /// A state with its reason.
    pub(crate) fn because(state: TranscriptState, reason: impl Into<String>) -> Self {
        Self {
            state,
            reason: Some(reason.into()),
        }
    }
}

/// A member that is text.
pub(crate) fn text<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member)?.as_str()
}
