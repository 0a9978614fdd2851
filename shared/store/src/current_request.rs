use domain::{Agent, RatingRequestId, Timestamp};
use serde::{Deserialize, Serialize};

/// The conversation's copy of its current rating request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentRequest {
    /// The id of the rating request.
    pub id: RatingRequestId,
    /// When the agent asked for the rating.
    pub requested_at: Timestamp,
    /// The agent who asked for the rating.
    pub agent: Agent,
    /// When it was withdrawn, because the conversation was reopened before the visitor answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Timestamp>,
    /// Until when the visitor can answer, in epoch seconds, as the settings say. `None` means without
    /// such a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answerable_until: Option<i64>,
    /// When the item of an unanswered request expires, in epoch seconds. `None` means never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}
