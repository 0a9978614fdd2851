//! Reads messages on the platform and records them.

use domain::{MessageId, Timestamp};
use errors::Fault;
use lambda::events::EventOutcome;
use platform_recordings::PromptAnswer;
use platform_store::{record_conversation, record_messages, record_thread};
use store::PlatformRequest;

use crate::CallPlatform;
use crate::answer::FoundBy;
use crate::connected_conversation::ConnectedConversation;
use crate::out_of_reach::OutOfReach;

/// The outcome of reading a whole conversation.
pub(crate) struct WholeRead {
    pub(crate) outcome: EventOutcome,
    /// Until when a survey of the platform's own is open; `None` if none is known.
    pub(crate) survey_closes_at: Option<Timestamp>,
}

impl WholeRead {
    /// The conversation is not recorded here: it was erased.
    fn without_conversation() -> Self {
        Self {
            outcome: EventOutcome::unchanged("no_conversation"),
            survey_closes_at: None,
        }
    }
}

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
                let reason = self.classify_failure(connected, error).await?;
                return Ok(reason.into_event());
            }
        };
        for messages in &read.messages {
            let recorded = record_messages(&self.table, organisation, conversation, messages, *now);
            if !recorded.await?.is_recorded() {
                return Ok(EventOutcome::unchanged("no_conversation"));
            }
        }
        self.record_answers(connected, &read.answers, FoundBy::Event)
            .await?;
        Ok(EventOutcome::applied("message_recorded"))
    }

    /// Reads the whole conversation and records it, and the visitor's answers in it. A conversation that was
    /// deleted on the platform, or is not visible, stays as it is recorded.
    pub(crate) async fn read_conversation(
        &self,
        connected: &ConnectedConversation,
    ) -> Result<EventOutcome, Fault> {
        let read = self.record_whole(connected).await?;
        Ok(read.map_or_else(OutOfReach::into_event, |read| read.outcome))
    }

    /// As [`Self::read_conversation`], before a mail is sent.
    ///
    /// # Errors
    /// Also if the conversation is not visible: a mail could contain what was changed or deleted since.
    pub(crate) async fn read_before_mail(
        &self,
        connected: &ConnectedConversation,
    ) -> Result<EventOutcome, Fault> {
        let read = self.record_whole(connected).await?;
        read.map_or_else(OutOfReach::require_visible, |read| Ok(read.outcome))
    }

    /// As [`Self::read_conversation`], before a rule asks for a rating. The outcome is
    /// [`PlatformRequest::ASKABLE`], or the reason why the question could not be posted or its answer not be read.
    pub(crate) async fn read_before_asking(
        &self,
        connected: &ConnectedConversation,
    ) -> Result<EventOutcome, Fault> {
        let read = self.record_whole(connected).await?;
        Ok(match read {
            Err(reason) => reason.into_event(),
            Ok(_) if !connected.on_platform.can_post() => EventOutcome::unchanged("no_bot"),
            Ok(read) if read.survey_closes_at.is_some() => {
                EventOutcome::unchanged("platform_survey_open")
            }
            Ok(_) => EventOutcome::applied(PlatformRequest::ASKABLE),
        })
    }

    /// Reads the whole conversation and records it, and the visitor's answers in it.
    pub(crate) async fn record_whole(
        &self,
        connected: &ConnectedConversation,
    ) -> Result<Result<WholeRead, OutOfReach>, Fault> {
        let ConnectedConversation {
            organisation,
            conversation,
            now,
            ..
        } = connected;
        let read = match connected.on_platform.read(*now).await {
            Ok(read) => read,
            Err(error) => {
                return self.classify_failure(connected, error).await.map(Err);
            }
        };
        for recording in &read.conversation {
            let recorded = record_conversation(&self.table, organisation, recording, *now);
            if !recorded.await?.is_recorded() {
                return Ok(Ok(WholeRead::without_conversation()));
            }
        }
        for messages in &read.messages {
            let recorded = record_thread(&self.table, organisation, conversation, messages, *now);
            if !recorded.await?.is_recorded() {
                return Ok(Ok(WholeRead::without_conversation()));
            }
        }
        self.record_answers(connected, &read.answers, FoundBy::Thread)
            .await?;
        if let Some(closes_at) = read.survey_closes_at {
            self.record_survey_of_open_request(connected, closes_at)
                .await?;
        }
        Ok(Ok(WholeRead {
            outcome: EventOutcome::applied("conversation_recorded"),
            survey_closes_at: read.survey_closes_at,
        }))
    }

    async fn record_answers(
        &self,
        connected: &ConnectedConversation,
        answers: &[PromptAnswer],
        found_by: FoundBy,
    ) -> Result<(), Fault> {
        for answer in answers {
            self.record_answer(connected, answer, found_by).await?;
        }
        Ok(())
    }
}
