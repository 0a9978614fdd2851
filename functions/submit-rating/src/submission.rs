use domain::{Comment, RatingRequestId, Score, Timestamp, UniqueId};

use crate::proof::VisitorCredential;

/// A visitor's answer to a rating request, decoded.
#[derive(Debug)]
pub(crate) struct Submission {
    pub(crate) claim: VisitorCredential,
    pub(crate) request_id: RatingRequestId,
    pub(crate) score: Score,
    /// `None` leaves an earlier comment, an empty one takes it back.
    pub(crate) comment: Option<Comment>,
    /// Names the event of a change.
    pub(crate) change_id: UniqueId,
    pub(crate) now: Timestamp,
}
