use domain::{ChosenReasons, Comment, Score, Timestamp};
use serde::Serialize;
use store::{ConversationRating, RatingAnswer, changeable_until};

/// A rating as visitors see it.
#[derive(Debug, Serialize)]
pub(crate) struct RatingBody<'a> {
    score: Score,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a Comment>,
    #[serde(skip_serializing_if = "ChosenReasons::is_empty")]
    reasons: ChosenReasons,
    rated_at: Timestamp,
    changeable_until: Timestamp,
}

impl<'a> RatingBody<'a> {
    /// The rating of an answer.
    pub(crate) fn of_answer(answer: &'a RatingAnswer) -> Self {
        Self {
            score: answer.score,
            comment: answer.comment.as_ref(),
            reasons: answer.chosen_reasons(),
            rated_at: answer.first_rated_at,
            changeable_until: changeable_until(answer.first_rated_at),
        }
    }

    /// The newest rating of a conversation.
    pub(crate) fn of_conversation(rating: &'a ConversationRating) -> Self {
        Self {
            score: rating.score,
            comment: rating.comment.as_ref(),
            reasons: rating.reasons.clone(),
            rated_at: rating.rated_at,
            changeable_until: changeable_until(rating.rated_at),
        }
    }
}
