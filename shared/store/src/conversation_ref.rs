use domain::{ConversationId, OrganisationId, Timestamp};
use dynamodb::Key;

use crate::key;

/// The key of a conversation and the time of the request that refers to it.
#[derive(Clone, Copy, Debug)]
pub struct ConversationRef<'a> {
    /// The tenant of the conversation.
    pub organisation: &'a OrganisationId,
    /// The id of the conversation.
    pub conversation: &'a ConversationId,
    /// When the request arrived. Items that have expired by then do not exist for it.
    pub now: Timestamp,
}

impl<'a> ConversationRef<'a> {
    /// A reference to `conversation` of `organisation` in a request that arrived at `now`.
    pub fn new(
        organisation: &'a OrganisationId,
        conversation: &'a ConversationId,
        now: Timestamp,
    ) -> Self {
        Self {
            organisation,
            conversation,
            now,
        }
    }

    /// The key of the conversation itself.
    pub fn key(&self) -> Key {
        key::conversation(self.organisation, self.conversation)
    }
}
