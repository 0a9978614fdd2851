use domain::{Comment, Score, Timestamp};
use serde::Serialize;
use store::changeable_until;

/// A rating as visitors see it.
#[derive(Debug, Serialize)]
pub(crate) struct RatingBody<'a> {
    score: Score,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a Comment>,
    rated_at: Timestamp,
    changeable_until: Timestamp,
}

impl<'a> RatingBody<'a> {
    pub(crate) fn new(score: Score, comment: Option<&'a Comment>, rated_at: Timestamp) -> Self {
        Self {
            score,
            comment,
            rated_at,
            changeable_until: changeable_until(rated_at),
        }
    }
}
