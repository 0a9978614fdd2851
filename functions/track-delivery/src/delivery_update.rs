use domain::TranscriptState;
use serde_json::Value;

/// The new state of a transcript according to a delivery event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeliveryUpdate {
    pub(crate) state: TranscriptState,
    /// The reason for the state, if there is one.
    pub(crate) reason: Option<String>,
}

impl DeliveryUpdate {
    /// Creates an update without a reason.
    pub(crate) fn plain(state: TranscriptState) -> Self {
        Self {
            state,
            reason: None,
        }
    }

    /// Creates an update with a reason.
    pub(crate) fn because(state: TranscriptState, reason: impl Into<String>) -> Self {
        Self {
            state,
            reason: Some(reason.into()),
        }
    }
}

/// Returns a member of `value` if it is a string.
pub(crate) fn text<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member)?.as_str()
}
