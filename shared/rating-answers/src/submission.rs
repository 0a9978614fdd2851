use domain::{Comment, OfferedReason, RatingRequestId, Score, Timestamp, UniqueId};
use dynamodb::Key;
use store::{ConversationRef, key};

use crate::visitor_credential::VisitorCredential;

/// A visitor's answer to a rating request.
#[derive(Debug)]
pub struct Submission {
    /// The token of the visitor.
    pub credential: VisitorCredential,
    /// The rating request that it answers.
    pub rating_request_id: RatingRequestId,
    /// The score.
    pub score: Score,
    /// `None` keeps an earlier comment. An empty one removes it.
    pub comment: Option<Comment>,
    /// The reasons, each offered for the score. `None` keeps earlier ones that are.
    pub reasons: Option<Vec<OfferedReason>>,
    /// The id for the `rating_changed` event; unused for a first answer.
    pub change_id: UniqueId,
    /// When the answer was current, if it was read on a chat platform and not submitted by the visitor. It does not
    /// replace an answer that was recorded later. It counts although its request was withdrawn, because the visitor may
    /// have chosen it before, and undoes that.
    pub read_at: Option<Timestamp>,
    /// When the request arrived.
    pub now: Timestamp,
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
