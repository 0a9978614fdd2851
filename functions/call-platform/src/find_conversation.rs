use domain::{Platform, Timestamp};
use errors::Fault;
use platform_store::find_by_conversation;

use crate::CallPlatform;
use crate::connected_conversation::ConnectedConversation;
use crate::event::PlatformEvent;
use crate::platform::PlatformConversation;

impl CallPlatform {
    /// Finds the conversation of `event` and its connection. Returns `None` if it belongs to no connection.
    pub(crate) async fn find_conversation(
        &self,
        event: &PlatformEvent,
        now: Timestamp,
    ) -> Result<Option<ConnectedConversation>, Fault> {
        let (organisation, conversation) = (&event.organisation, &event.conversation);
        let Some(platform) = Platform::of_conversation(conversation) else {
            return Ok(None);
        };
        let found = find_by_conversation(&self.table, organisation, platform, conversation);
        let Some(found) = found.await? else {
            return Ok(None);
        };
        let connection_id = found.connection.connection_id.clone();
        let on_platform = PlatformConversation::of(platform, found, conversation, self.targets)?;
        Ok(on_platform.map(|on_platform| ConnectedConversation {
            organisation: organisation.clone(),
            conversation: conversation.clone(),
            platform,
            connection_id,
            on_platform,
            now,
            event_at: event.at.unwrap_or(now),
        }))
    }
}
