use chatwoot::Connection;
use chatwoot_client::ChatwootClient;
use domain::{ConnectionId, ConversationId, OrganisationId, RatingRequestId, Timestamp};
use dynamodb::Key;
use settings::Settings;
use store::{ConversationItem, ConversationRef, key};
use texts::VisitorLanguage;

/// A conversation of a connected account, with a client for its server.
#[derive(Debug)]
pub(crate) struct ConnectedConversation {
    pub(crate) organisation: OrganisationId,
    pub(crate) conversation: ConversationId,
    /// The number of the conversation in its account.
    pub(crate) display_id: u64,
    pub(crate) connection_id: ConnectionId,
    pub(crate) connection: Connection,
    pub(crate) client: ChatwootClient,
    pub(crate) now: Timestamp,
    /// When the event happened.
    pub(crate) event_at: Timestamp,
}

impl ConnectedConversation {
    pub(crate) fn conversation_ref(&self) -> ConversationRef<'_> {
        ConversationRef::new(&self.organisation, &self.conversation, self.now)
    }

    pub(crate) fn request_key(&self, id: &RatingRequestId) -> Key {
        key::rating_request(&self.organisation, &self.conversation, id)
    }

    /// The key of the post with this marker.
    pub(crate) fn post_key(&self, marker: &str) -> Key {
        key::platform_post(&self.organisation, &self.conversation, marker)
    }
}

/// The language of what the visitor reads.
pub(crate) fn visitor_language(
    conversation: &ConversationItem,
    settings: &Settings,
) -> VisitorLanguage {
    let recorded = conversation.visitor_language.as_ref();
    recorded
        .and_then(|language| VisitorLanguage::of_tag(language.as_str()))
        .unwrap_or_else(|| settings.default_language())
}
