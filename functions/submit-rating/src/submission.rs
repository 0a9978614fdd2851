use domain::{Comment, OfferedReason, RatingRequestId, Score, Timestamp, UniqueId};
use dynamodb::Key;
use store::{ConversationRef, key};

use crate::visitor_credential::VisitorCredential;

/// A decoded answer to a rating request.
#[derive(Debug)]
pub(crate) struct Submission {
    pub(crate) credential: VisitorCredential,
    pub(crate) rating_request_id: RatingRequestId,
    pub(crate) score: Score,
    /// `None` keeps an earlier comment. An empty one removes it.
    pub(crate) comment: Option<Comment>,
    /// The reasons, each offered for the score. `None` keeps earlier ones that are.
    pub(crate) reasons: Option<Vec<OfferedReason>>,
    /// The id for the `rating_changed` event; unused for a first answer.
    pub(crate) change_id: UniqueId,
    pub(crate) now: Timestamp,
}

impl Submission {
    pub(crate) fn conversation_ref(&self) -> ConversationRef<'_> {
        let credential = &self.credential;
        ConversationRef::new(&credential.organisation, &credential.conversation, self.now)
    }

    pub(crate) fn request_key(&self) -> Key {
        key::rating_request(
            &self.credential.organisation,
            &self.credential.conversation,
            &self.rating_request_id,
        )
    }
}
