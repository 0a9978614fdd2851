//! Sends the transcript that a teammate requested on the chat platform, by a private note, a macro or a rule there.

use domain::{AgentId, Timestamp, TranscriptId, UniqueId};
use dynamodb::{Key, attribute, get_unexpired, update_if};
use errors::{Failure, Fault, FaultCode, Refusal, RefusalCode};
use futures_util::FutureExt;
use lambda::events::{EventOutcome, is_last_attempt};
use lambda::random;
use store::{
    ConversationRef, OutboxEvent, PlatformTask, PlatformTaskItem, TranscriptNotSent,
    get_conversation, key,
};
use transcripts::{NotSent, Payload, Purpose, RequestedBy, TranscriptRequest};

use crate::FollowUp;
use crate::event::TaskEvent;
use crate::round::acting_agent;

impl FollowUp {
    /// Sends the transcript of a task to the visitor's recorded address, once. If it is not sent, a private
    /// note on the platform says why.
    ///
    /// # Errors
    /// If DynamoDB fails, or the platform does not respond. Nothing was sent, and the event should be retried.
    pub(crate) async fn send_requested(
        &self,
        requested: &TaskEvent,
        now: Timestamp,
    ) -> Result<EventOutcome, Fault> {
        let TaskEvent {
            organisation,
            conversation_id,
            ..
        } = requested;
        let conversation_ref = ConversationRef::new(organisation, conversation_id, now);
        let id = requested.task_id();
        let key = key::platform_task(organisation, conversation_id, id);
        let (task, conversation, settings) = tokio::try_join!(
            get_unexpired::<PlatformTaskItem>(&self.table, key.clone(), now),
            get_conversation(&self.table, conversation_ref),
            self.settings.read(&self.table, organisation, now),
        )?;
        let (Some(conversation), Some(task)) = (conversation, task) else {
            return Ok(EventOutcome::unchanged("no_task"));
        };
        // A note reports that it was not sent. The teammate may have requested another one since.
        if task.not_sent.is_some() {
            return Ok(EventOutcome::unchanged("not_sent_before"));
        }
        let PlatformTask::SendTranscript { agent } = task.task else {
            return Ok(EventOutcome::dropped("task_of_another_function"));
        };
        let Some(sender) = self.sender.automatic_sender(&settings)? else {
            let refusal = Refusal::new(
                RefusalCode::SenderNotVerified,
                "The settings name no sender of transcripts.",
            );
            let outcome = refused(&refusal);
            self.record_not_sent(key, id, outcome, now).await?;
            return Ok(EventOutcome::unchanged("no_sender"));
        };
        let agent = agent.filter(|agent| agent.id != AgentId::automatic());
        let request = TranscriptRequest {
            organisation: organisation.clone(),
            conversation: conversation_id.clone(),
            purpose: Purpose::Send,
            requested_by: RequestedBy::Agent,
            agent: agent.unwrap_or_else(|| {
                acting_agent(&conversation, &settings, self.brand_name.as_deref())
            }),
            payload: Payload::to_visitor(sender.address, sender.name),
            id: transcript_id(requested),
            attempt: random::unique_id(),
            rating_request: None,
            // A retry is then a retry of the same request. The settings may change between two attempts.
            payload_fingerprint: Some("task".to_owned()),
            rating_mail: None,
            round: None,
            now,
        };
        let (outcome, reason) = match self.sender.send(request).boxed().await {
            Ok(sent) if sent.is_replay => return Ok(EventOutcome::unchanged("already_sent")),
            Ok(_) => return Ok(EventOutcome::applied("transcript_sent")),
            Err(NotSent::DecideAgain) => return Err(Fault::contended("the conversation changed")),
            Err(NotSent::Failed(Failure::Refused(refusal))) => {
                let code = refusal.code();
                if code == RefusalCode::IdempotencyKeyInUse {
                    return Err(Fault::contended("another attempt sends the transcript"));
                }
                (refused(&refusal), code.as_str())
            }
            Err(NotSent::Failed(Failure::Faulted(fault))) => {
                let code = fault.code();
                let is_final = match code {
                    FaultCode::EmailRefused
                    | FaultCode::EmailUnavailable
                    | FaultCode::EmailOutcomeUnknown => true,
                    FaultCode::PlatformUnavailable => is_last_attempt(requested.at, now),
                    _ => false,
                };
                if !is_final {
                    return Err(fault);
                }
                let code = code.as_str();
                let outcome = TranscriptNotSent::Failed {
                    code: code.to_owned(),
                };
                (outcome, code)
            }
        };
        self.record_not_sent(key, id, outcome, now).await?;
        Ok(EventOutcome::unchanged(reason))
    }

    /// Records in the task why its transcript was not sent. The event of this write posts a private note.
    async fn record_not_sent(
        &self,
        task: Key,
        id: &str,
        outcome: TranscriptNotSent,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let event = OutboxEvent::transcript_not_sent(id, now);
        let update = self
            .table
            .update(task)
            .update_expression("SET not_sent = :not_sent, announcement = :announcement")
            // An erasure may have deleted it.
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(not_sent)")
            .expression_attribute_values(":not_sent", attribute(&outcome)?)
            .expression_attribute_values(":announcement", attribute(&event)?);
        update_if(&self.table, update).await.map(|_| ())
    }
}

fn refused(refusal: &Refusal) -> TranscriptNotSent {
    TranscriptNotSent::Refused {
        code: refusal.code().as_str().to_owned(),
        detail: refusal.detail().to_owned(),
        available_at: resets_at(refusal),
    }
}

/// The time of a refusal from which a transcript can be sent again.
fn resets_at(refusal: &Refusal) -> Option<Timestamp> {
    let mut members = refusal.members().iter();
    let (_, time) = members.find(|(name, _)| *name == "resets_at")?;
    Timestamp::parse(time.as_str()?).ok()
}

/// The id of the transcript of a request. It is always the same, so that it is sent once.
fn transcript_id(requested: &TaskEvent) -> TranscriptId {
    let id = UniqueId::derived_from(&[
        "transcript-by-task",
        requested.organisation.as_str(),
        requested.conversation_id.as_str(),
        requested.task_id(),
    ]);
    id.into()
}
