//! Asks the visitor for a rating, if the rule of the settings says so.

use std::time::Duration;

use domain::Timestamp;
use errors::Fault;
use lambda::events::{EventInvocation, EventOutcome};
use lambda::metrics::{self, Counter};
use platform_reader::AskableOutcome;
use settings::Settings;
use store::rating_request_creation::{CreateOutcome, NewRatingRequest, create_rating_request};
use store::{
    ConversationDetails, ConversationItem, ConversationRef, ConversationSnapshot, get_conversation,
};

use crate::due::{Due, DueInRound};
use crate::round::{acting_agent, decide, derived_id};
use crate::{FollowUp, RETRIES};

/// The time that is left for the writes after the platform was read.
const TIME_TO_ASK: Duration = Duration::from_secs(10);

impl FollowUp {
    /// Asks in `round`. The write checks that the conversation is still in this round and
    /// as it was read, and that nobody asked in this round.
    ///
    /// A conversation on a chat platform is read there before, with the answer to an earlier question. Nobody is asked
    /// while the platform does not respond, or if the question could not be posted or its answer not be read.
    pub(crate) async fn ask(
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
            let new_request = match self.new_request(due, round, &conversation, &settings, now) {
                Ok(new_request) => new_request,
                Err(reason) => return Ok(EventOutcome::unchanged(reason)),
            };
            if !std::mem::replace(&mut is_platform_read, true) {
                let read = self
                    .platform
                    .read_before_asking(conversation_ref, TIME_TO_ASK);
                match read.await {
                    Ok(AskableOutcome::NotOnPlatform) => {}
                    Ok(AskableOutcome::Yes) => continue,
                    Ok(AskableOutcome::No) => return Ok(EventOutcome::unchanged("not_askable")),
                    Err(fault) => return self.after_failure(due, fault.into(), invocation).await,
                }
            }
            match create_rating_request(&self.table, &new_request).await? {
                CreateOutcome::Created(_) => {
                    metrics::count(Counter::Asked);
                    return Ok(EventOutcome::applied("asked"));
                }
                CreateOutcome::OnCooldown { .. } => {
                    return Ok(EventOutcome::unchanged("asked_recently"));
                }
                CreateOutcome::ChannelNotSupported(_) => {
                    return Ok(EventOutcome::unchanged("conditions_not_met"));
                }
                CreateOutcome::ConversationNotFound => {
                    return Ok(EventOutcome::unchanged("no_conversation"));
                }
                // The id is derived from the round, so an earlier invocation created it.
                CreateOutcome::Replayed(_) | CreateOutcome::PayloadMismatch => {
                    return Ok(EventOutcome::unchanged("already_asked"));
                }
                CreateOutcome::ConversationChanged => {}
            }
        }
        Err(Fault::contended(
            "a conversation changed in every attempt to ask by the rule",
        ))
    }

    /// The rating request that the rule makes in `conversation` now, or the reason why it makes none.
    fn new_request(
        &self,
        due: &Due,
        round: &DueInRound,
        conversation: &ConversationItem,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<NewRatingRequest, &'static str> {
        let ongoing = decide(due, round, settings.asking.rule(), conversation, now)?;
        if conversation.asked_in_round.as_ref() == Some(&round.round_id) {
            return Err("already_asked");
        }
        Ok(NewRatingRequest {
            organisation: due.organisation.clone(),
            conversation: due.conversation_id.clone(),
            agent: acting_agent(conversation, settings, self.brand_name.as_deref()),
            rating_request_id: derived_id("rating-request-by-rule", due, round).into(),
            // A retry is then a retry of the same request. The settings may change between two attempts.
            payload_fingerprint: Some("rule".to_owned()),
            link: None,
            visitor_interval: self.visitor_interval,
            report_time_zone: self.report_time_zone.clone(),
            // The conditions may depend on the messages.
            snapshot: Some(ConversationSnapshot {
                thread_version: conversation.thread_version.clone(),
                visitor_email: None,
                round: None,
            }),
            round: Some(ongoing),
            details: Some(ConversationDetails::of(conversation)),
            now,
        })
    }
}
