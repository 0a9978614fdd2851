use domain::{ChosenReasons, Comment, RatingRequestId, Score, Timestamp};
use serde::{Deserialize, Serialize};

/// The conversation's copy of its newest rating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationRating {
    /// The request that it answers.
    #[serde(rename = "request_id")]
    pub rating_request_id: RatingRequestId,
    /// The score, from 1 to 5.
    pub score: Score,
    /// The visitor's comment; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Comment>,
    /// The reasons that the visitor chose.
    #[serde(default, skip_serializing_if = "ChosenReasons::is_empty")]
    pub reasons: ChosenReasons,
    /// When it was first answered.
    pub rated_at: Timestamp,
}
