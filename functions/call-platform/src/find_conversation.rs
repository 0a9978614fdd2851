use std::time::Duration;

use chatwoot::{Connection, ConversationPrefix};
use chatwoot_client::ChatwootClient;
use domain::{Platform, Timestamp};
use errors::Fault;
use platform_client::Origin;
use platform_store::find_by_conversation;

use crate::CallPlatform;
use crate::connected_conversation::ConnectedConversation;
use crate::event::PlatformEvent;

/// How long one call to the platform may take.
const TIME_PER_CALL: Duration = Duration::from_secs(10);

impl CallPlatform {
    /// Finds the conversation of `event` and its connection. Returns `None` if it belongs to no connection.
    pub(crate) async fn find_conversation(
        &self,
        event: &PlatformEvent,
        now: Timestamp,
    ) -> Result<Option<ConnectedConversation>, Fault> {
        let (organisation, conversation) = (&event.organisation, &event.conversation);
        let platform = Platform::Chatwoot;
        let found = find_by_conversation(&self.table, organisation, platform, conversation);
        let Some(found) = found.await? else {
            return Ok(None);
        };
        let origin = Origin::parse(&found.connection.url, self.targets);
        let origin =
            origin.map_err(|error| Fault::internal(format!("the URL of a connection {error}")))?;
        let account_id = found.connection.account_id;
        let prefix = ConversationPrefix::new(origin.as_str(), account_id);
        let Some(display_id) = prefix.display_id(conversation) else {
            return Ok(None);
        };
        Ok(Some(ConnectedConversation {
            organisation: organisation.clone(),
            conversation: conversation.clone(),
            display_id,
            connection_id: found.connection.connection_id,
            connection: Connection {
                prefix,
                account_id,
                bot_id: found.connection.bot_id,
            },
            client: ChatwootClient::new(
                origin,
                self.targets,
                account_id,
                found.secrets.api_access_token,
                TIME_PER_CALL,
            )
            .posting_with(found.secrets.bot_access_token),
            now,
            event_at: event.at.unwrap_or(now),
        }))
    }
}
