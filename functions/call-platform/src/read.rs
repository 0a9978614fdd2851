//! Reads messages on the platform and records them.

use chatwoot::{PromptAnswer, map_conversation, map_messages};
use errors::Fault;
use lambda::events::EventOutcome;
use platform_store::{record_conversation, record_messages, record_thread};

use crate::CallPlatform;
use crate::connected_conversation::ConnectedConversation;

impl CallPlatform {
    /// Reads one message and records it, and the visitor's answer in it.
    pub(crate) async fn read_message(
        &self,
        connected: &ConnectedConversation,
        message_id: u64,
    ) -> Result<EventOutcome, Fault> {
        let read = connected
            .client
            .read_message(connected.display_id, message_id);
        let message = match read.await {
            Ok(Some(message)) => message,
            Ok(None) => return Ok(EventOutcome::unchanged("no_message")),
            Err(error) => {
                let reason = self.out_of_reach(connected, error).await?;
                return Ok(EventOutcome::unchanged(reason));
            }
        };
        let mapping = map_messages(&connected.connection, &[message], connected.now);
        let (organisation, conversation) = (&connected.organisation, &connected.conversation);
        for body in &mapping.bodies {
            let recorded =
                record_messages(&self.table, organisation, conversation, body, connected.now);
            if !recorded.await?.is_recorded() {
                return Ok(EventOutcome::unchanged("no_conversation"));
            }
        }
        self.record_answers(connected, &mapping.answers).await?;
        Ok(EventOutcome::applied("message_recorded"))
    }

    /// Reads the whole conversation and records it, and the visitor's answers in it. A conversation that was
    /// deleted on the platform stays as it is recorded.
    pub(crate) async fn read_conversation(
        &self,
        connected: &ConnectedConversation,
    ) -> Result<EventOutcome, Fault> {
        let ConnectedConversation {
            client,
            display_id,
            organisation,
            connection,
            now,
            ..
        } = connected;
        let read = tokio::try_join!(
            client.read_conversation(*display_id),
            client.read_thread(*display_id)
        );
        let (conversation, thread) = match read {
            Ok(read) => read,
            Err(error) => {
                let reason = self.out_of_reach(connected, error).await?;
                return Ok(EventOutcome::unchanged(reason));
            }
        };
        if conversation.display_id != *display_id {
            return Err(Fault::internal(
                "the platform returned another conversation",
            ));
        }
        for recording in map_conversation(connection, &conversation, *now) {
            let recorded = record_conversation(&self.table, organisation, &recording, *now);
            if !recorded.await?.is_recorded() {
                return Ok(EventOutcome::unchanged("no_conversation"));
            }
        }
        let mapping = map_messages(connection, &thread, *now);
        for messages in &mapping.bodies {
            let conversation = &connected.conversation;
            let recorded = record_thread(&self.table, organisation, conversation, messages, *now);
            if !recorded.await?.is_recorded() {
                return Ok(EventOutcome::unchanged("no_conversation"));
            }
        }
        self.record_answers(connected, &mapping.answers).await?;
        Ok(EventOutcome::applied("conversation_recorded"))
    }

    async fn record_answers(
        &self,
        connected: &ConnectedConversation,
        answers: &[PromptAnswer],
    ) -> Result<(), Fault> {
        for answer in answers {
            self.record_answer(connected, answer).await?;
        }
        Ok(())
    }
}
