use chatwoot::{Connection, ConversationPrefix};
use chatwoot_client::ChatwootClient;
use domain::{ConversationId, OrganisationId, Platform, Timestamp};
use errors::Fault;
use platform_client::Origin;
use platform_store::find_by_conversation;
use settings::Settings;
use store::{ConversationItem, ConversationRef};
use texts::VisitorLanguage;

use crate::event::PlatformEvent;
use crate::{CallPlatform, TIME_PER_CALL};

/// A conversation of a connected account, with a client for its server.
#[derive(Debug)]
pub(crate) struct OpenedConversation {
    pub(crate) organisation: OrganisationId,
    pub(crate) conversation: ConversationId,
    /// The number of the conversation in its account.
    pub(crate) display_id: u64,
    pub(crate) connection: Connection,
    pub(crate) client: ChatwootClient,
    pub(crate) now: Timestamp,
}

impl OpenedConversation {
    /// Opens the conversation of `event`. Returns `None` if it belongs to no connection.
    pub(crate) async fn open(
        function: &CallPlatform,
        event: &PlatformEvent,
        now: Timestamp,
    ) -> Result<Option<Self>, Fault> {
        let (organisation, conversation) = (&event.organisation, &event.conversation);
        let platform = Platform::Chatwoot;
        let found = find_by_conversation(&function.table, organisation, platform, conversation);
        let Some(found) = found.await? else {
            return Ok(None);
        };
        let origin = Origin::parse(&found.connection.url, function.targets);
        let origin =
            origin.map_err(|error| Fault::internal(format!("the URL of a connection {error}")))?;
        let account_id = found.connection.account_id;
        let prefix = ConversationPrefix::new(origin.as_str(), account_id);
        let Some(display_id) = prefix.display_id(conversation) else {
            return Ok(None);
        };
        Ok(Some(Self {
            organisation: organisation.clone(),
            conversation: conversation.clone(),
            display_id,
            connection: Connection {
                prefix,
                account_id,
                bot_id: found.connection.bot_id,
            },
            client: ChatwootClient::new(
                origin,
                function.targets,
                account_id,
                found.secrets.api_access_token,
                TIME_PER_CALL,
            ),
            now,
        }))
    }

    pub(crate) fn conversation_ref(&self) -> ConversationRef<'_> {
        ConversationRef::new(&self.organisation, &self.conversation, self.now)
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
