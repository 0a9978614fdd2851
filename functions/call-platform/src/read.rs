//! Reads messages on the platform and records them.

use domain::MessageId;
use errors::Fault;
use lambda::events::EventOutcome;
use platform_recordings::PromptAnswer;
use platform_store::{record_conversation, record_messages, record_thread};

use crate::CallPlatform;
use crate::connected_conversation::ConnectedConversation;
use crate::out_of_reach::OutOfReach;

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
                return Ok(reason.into_event());
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
    /// deleted on the platform, or is not visible, stays as it is recorded.
    pub(crate) async fn read_conversation(
        &self,
        connected: &ConnectedConversation,
    ) -> Result<EventOutcome, Fault> {
        match self.record_whole(connected).await? {
            Ok(outcome) => Ok(outcome),
            Err(reason) => Ok(reason.into_event()),
        }
    }

    /// As [`Self::read_conversation`], before a mail is sent.
    ///
    /// # Errors
    /// Also if the conversation is not visible: a mail could contain what was changed or deleted since.
    pub(crate) async fn read_before_mail(
        &self,
        connected: &ConnectedConversation,
    ) -> Result<EventOutcome, Fault> {
        match self.record_whole(connected).await? {
            Ok(outcome) => Ok(outcome),
            Err(reason) => reason.require_visible(),
        }
    }

    async fn record_whole(
        &self,
        connected: &ConnectedConversation,
    ) -> Result<Result<EventOutcome, OutOfReach>, Fault> {
        let ConnectedConversation {
            organisation,
            conversation,
            now,
            ..
        } = connected;
        let read = match connected.on_platform.read(*now).await {
            Ok(read) => read,
            Err(error) => {
                return self.out_of_reach(connected, error).await.map(Err);
            }
        };
        for recording in &read.conversation {
            let recorded = record_conversation(&self.table, organisation, recording, *now);
            if !recorded.await?.is_recorded() {
                return Ok(Ok(EventOutcome::unchanged("no_conversation")));
            }
        }
        for messages in &read.messages {
            let recorded = record_thread(&self.table, organisation, conversation, messages, *now);
            if !recorded.await?.is_recorded() {
                return Ok(Ok(EventOutcome::unchanged("no_conversation")));
            }
        }
        self.record_answers(connected, &read.answers).await?;
        if let Some(closes_at) = read.survey_closes_at {
            self.record_survey_of_open_request(connected, closes_at)
                .await?;
        }
        Ok(Ok(EventOutcome::applied("conversation_recorded")))
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
