//! Reads messages on the platform and records them.

use domain::MessageId;
use errors::Fault;
use lambda::events::EventOutcome;
use platform_recordings::PromptAnswer;
use platform_store::{record_conversation, record_messages, record_thread};

use crate::CallPlatform;
use crate::connected_conversation::ConnectedConversation;

impl CallPlatform {
    /// Reads one message and records it, and the visitor's answer in it.
    pub(crate) async fn read_message(
        &self,
        connected: &ConnectedConversation,
        message_id: &MessageId,
    ) -> Result<EventOutcome, Fault> {
        let ConnectedConversation {
            organisation,
            conversation,
            now,
            ..
        } = connected;
        let read = match connected.on_platform.read_message(message_id, *now).await {
            Ok(Some(read)) => read,
            Ok(None) => return Ok(EventOutcome::unchanged("no_message")),
            Err(error) => {
                let reason = self.out_of_reach(connected, error).await?;
                return Ok(EventOutcome::unchanged(reason));
            }
        };
        for messages in &read.messages {
            let recorded = record_messages(&self.table, organisation, conversation, messages, *now);
            if !recorded.await?.is_recorded() {
                return Ok(EventOutcome::unchanged("no_conversation"));
            }
        }
        self.record_answers(connected, &read.answers).await?;
        Ok(EventOutcome::applied("message_recorded"))
    }

    /// Reads the whole conversation and records it, and the visitor's answers in it. A conversation that was
    /// deleted on the platform stays as it is recorded.
    pub(crate) async fn read_conversation(
        &self,
        connected: &ConnectedConversation,
    ) -> Result<EventOutcome, Fault> {
        let ConnectedConversation {
            organisation,
            conversation,
            now,
            ..
        } = connected;
        let read = match connected.on_platform.read(*now).await {
            Ok(read) => read,
            Err(error) => {
                let reason = self.out_of_reach(connected, error).await?;
                return Ok(EventOutcome::unchanged(reason));
            }
        };
        for recording in &read.conversation {
            let recorded = record_conversation(&self.table, organisation, recording, *now);
            if !recorded.await?.is_recorded() {
                return Ok(EventOutcome::unchanged("no_conversation"));
            }
        }
        for messages in &read.messages {
            let recorded = record_thread(&self.table, organisation, conversation, messages, *now);
            if !recorded.await?.is_recorded() {
                return Ok(EventOutcome::unchanged("no_conversation"));
            }
        }
        self.record_answers(connected, &read.answers).await?;
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
