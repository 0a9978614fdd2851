//! Sends the visitor the transcript, if the rule of the settings says so.

use domain::Timestamp;
use errors::Fault;
use futures_util::FutureExt;
use lambda::events::{EventInvocation, EventOutcome};
use lambda::random;
use settings::Settings;
use store::{ConversationItem, ConversationRef, get_conversation};
use transcripts::{NotSent, Payload, Purpose, RequestedBy, TranscriptRequest};

use crate::FollowUp;
use crate::due::{Due, DueInRound};
use crate::round::{acting_agent, decide, derived_id};

/// How often the decision is made again because the conversation changed before the write.
const RETRIES: u32 = 5;

impl FollowUp {
    /// Sends the transcript in `round`, once. The reservation checks that the conversation is still in
    /// this round and as it was read.
    pub(crate) async fn send_transcript(
        &self,
        due: &Due,
        round: &DueInRound,
        invocation: &EventInvocation,
    ) -> Result<EventOutcome, Fault> {
        let now = invocation.now;
        let conversation_ref = ConversationRef::new(&due.organisation, &due.conversation_id, now);
        for _ in 0..=RETRIES {
            let (conversation, settings) = tokio::try_join!(
                get_conversation(&self.table, conversation_ref),
                self.settings.read(&self.table, &due.organisation, now),
            )?;
            let Some(conversation) = conversation else {
                return Ok(EventOutcome::unchanged("no_conversation"));
            };
            let request = match self.transcript(due, round, &conversation, &settings, now)? {
                Ok(request) => request,
                Err(reason) => return Ok(EventOutcome::unchanged(reason)),
            };
            match self.sender.send(request).boxed().await {
                Ok(sent) if sent.is_replay => return Ok(EventOutcome::unchanged("already_sent")),
                Ok(_) => return Ok(EventOutcome::applied("transcript_sent")),
                Err(NotSent::DecideAgain) => {}
                Err(NotSent::Failed(failure)) => {
                    return self.after_failure(due, failure, invocation).await;
                }
            }
        }
        Err(Fault::contended(
            "a conversation changed in every attempt to send its transcript by the rule",
        ))
    }

    /// The transcript that the rule sends now, or the reason why it sends none.
    fn transcript(
        &self,
        due: &Due,
        round: &DueInRound,
        conversation: &ConversationItem,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<Result<TranscriptRequest, &'static str>, Fault> {
        let ongoing = match decide(due, round, settings.transcripts.rule(), conversation, now) {
            Ok(ongoing) => ongoing,
            Err(reason) => return Ok(Err(reason)),
        };
        let Some(sender) = self.sender.automatic_sender(settings)? else {
            return Ok(Err("no_sender"));
        };
        Ok(Ok(TranscriptRequest {
            organisation: due.organisation.clone(),
            conversation: due.conversation_id.clone(),
            purpose: Purpose::Send,
            requested_by: RequestedBy::Rule,
            agent: acting_agent(conversation, settings, self.brand_name.as_deref()),
            payload: Payload::to_visitor(sender.address, sender.name),
            id: derived_id("transcript-by-rule", due, round).into(),
            attempt: random::unique_id(),
            rating_request: None,
            rating_mail: None,
            // It makes the request repeatable. The settings may change between two attempts.
            payload_fingerprint: Some("rule".to_owned()),
            round: Some(ongoing),
            now,
        }))
    }
}
