//! Reads messages on the platform and records them.

use chatwoot::{Message, map_conversation, map_messages};
use domain::Timestamp;
use errors::Fault;
use lambda::events::EventOutcome;
use platform_store::{record_conversation, record_messages};

use crate::opened_conversation::OpenedConversation;
use crate::{CallPlatform, platform_fault};

impl CallPlatform {
    /// Reads one message and records it, and the visitor's answer in it.
    pub(crate) async fn read_message(
        &self,
        opened: &OpenedConversation,
        message_id: u64,
    ) -> Result<EventOutcome, Fault> {
        let read = opened.client.read_message(opened.display_id, message_id);
        let Some(message) = read.await.map_err(platform_fault)? else {
            return Ok(EventOutcome::unchanged("no_message"));
        };
        self.record(opened, &[message], opened.now).await?;
        Ok(EventOutcome::applied("message_recorded"))
    }

    /// Reads the whole conversation and records it, and the visitor's answers in it.
    pub(crate) async fn read_thread(&self, opened: &OpenedConversation) -> Result<(), Fault> {
        let (client, display_id) = (&opened.client, opened.display_id);
        let conversation = client.read_conversation(display_id);
        let conversation = conversation.await.map_err(platform_fault)?;
        let recordings = map_conversation(&opened.connection, &conversation, opened.now);
        for recording in recordings {
            let recorded =
                record_conversation(&self.table, &opened.organisation, &recording, opened.now);
            if !recorded.await?.is_recorded() {
                return Ok(());
            }
        }
        let thread = client.read_thread(display_id).await;
        let thread = thread.map_err(platform_fault)?;
        self.record(opened, &thread, opened.now).await
    }

    /// Records `messages`, which were read at `read_at` or later.
    async fn record(
        &self,
        opened: &OpenedConversation,
        messages: &[Message],
        read_at: Timestamp,
    ) -> Result<(), Fault> {
        let mapping = map_messages(&opened.connection, messages, read_at);
        let (organisation, conversation) = (&opened.organisation, &opened.conversation);
        for body in &mapping.bodies {
            let recorded =
                record_messages(&self.table, organisation, conversation, body, opened.now);
            if !recorded.await?.is_recorded() {
                return Ok(());
            }
        }
        for answer in &mapping.answers {
            self.record_answer(opened, answer).await?;
        }
        Ok(())
    }
}
