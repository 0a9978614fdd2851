use domain::{Comment, RatingRequestId, Score, Timestamp, UniqueId};

use crate::visitor_credential::VisitorCredential;

/// A decoded answer to a rating request.
#[derive(Debug)]
pub(crate) struct Submission {
    pub(crate) credential: VisitorCredential,
    pub(crate) rating_request_id: RatingRequestId,
    pub(crate) score: Score,
    /// `None` keeps an earlier comment. An empty one removes it.
    pub(crate) comment: Option<Comment>,
    /// The id of the event if the answer is a change.
    pub(crate) change_id: UniqueId,
    pub(crate) now: Timestamp,
}
