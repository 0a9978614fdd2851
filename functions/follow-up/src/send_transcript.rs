//! Sends the visitor the transcript, if the rule of the settings says so.

use domain::Timestamp;
use errors::Fault;
use lambda::events::{EventInvocation, EventOutcome};
use settings::Settings;
use store::{ConversationItem, ConversationRef, get_conversation};
use transcripts::TranscriptRequest;

use crate::due::{Due, DueInRound};
use crate::mail_by_rule::transcript_by_rule;
use crate::round::{acting_agent, decide, derived_id};
use crate::{FollowUp, RETRIES};

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
        let mut is_platform_read = false;
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
            let sent = self.send_by_rule(
                due,
                request,
                "transcript_sent",
                &mut is_platform_read,
                invocation,
            );
            if let Some(outcome) = sent.await? {
                return Ok(outcome);
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
        let agent = acting_agent(conversation, settings, self.brand_name.as_deref());
        let id = derived_id("transcript-by-rule", due, round);
        Ok(Ok(TranscriptRequest {
            round: Some(ongoing),
            ..transcript_by_rule(due, agent, sender, id, now)
        }))
    }
}
