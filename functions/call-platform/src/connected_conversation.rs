use domain::{ConnectionId, ConversationId, OrganisationId, Platform, RatingRequestId, Timestamp};
use dynamodb::Key;
use settings::Settings;
use store::{ConversationItem, ConversationRef, key};
use texts::VisitorLanguage;

use crate::platform::PlatformConversation;

/// A conversation of a connected account.
#[derive(Debug)]
pub(crate) struct ConnectedConversation {
    pub(crate) organisation: OrganisationId,
    pub(crate) conversation: ConversationId,
    pub(crate) platform: Platform,
    pub(crate) connection_id: ConnectionId,
    pub(crate) on_platform: PlatformConversation,
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
