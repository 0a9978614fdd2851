use domain::{ConversationId, OrganisationId, Timestamp};
use dynamodb::Key;

use crate::key;

/// The key of a conversation and the time of the request that refers to it.
#[derive(Clone, Copy, Debug)]
pub struct ConversationRef<'a> {
    /// The tenant.
    pub organisation: &'a OrganisationId,
    /// Which conversation it is.
    pub conversation: &'a ConversationId,
    /// When the request arrived.
    pub now: Timestamp,
}

impl<'a> ConversationRef<'a> {
    /// `conversation` of `organisation` at `now`.
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
