//! Sends the visitor the transcript, if the rule of the settings says so.

use domain::{MailInThread, RoundId, Timestamp};
use errors::{Failure, Fault, FaultCode, RefusalCode};
use futures_util::FutureExt;
use lambda::events::{EventInvocation, EventOutcome};
use lambda::random;
use settings::Settings;
use store::{ConversationItem, ConversationRef, get_conversation};
use transcripts::{NotSent, Payload, Purpose, RequestedBy, TranscriptRequest};

use crate::FollowUp;
use crate::due::{Due, DueAction, DueInRound};
use crate::round::{acting_agent, decide, derived_id};

/// How often a mail that met a limit or an unavailable SES is tried again, once an hour.
const MORE_ATTEMPTS: u8 = 24;

const SECONDS_PER_HOUR: i64 = 60 * 60;

/// How often the decision is made again because the conversation changed before the write.
const RETRIES: u32 = 5;

/// What follows from a transcript that was not sent.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    /// Nothing: the mail is not wanted, or must not be sent twice.
    Stop(&'static str),
    /// Try again in an hour.
    Later,
    /// Say in the thread that it was not sent.
    GiveUp,
    /// Lambda repeats the event.
    Retry,
}

impl FollowUp {
    /// Sends the transcript in `round`, once. The reservation checks that the conversation is still in
    /// this round and as it was read.
    pub(crate) async fn send_transcript(
        &self,
        due: &Due,
        round: &DueInRound,
        attempts: u8,
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
            let failure = match self.sender.send(request).boxed().await {
                Ok(sent) if sent.is_replay => return Ok(EventOutcome::unchanged("already_sent")),
                Ok(_) => return Ok(EventOutcome::applied("transcript_sent")),
                Err(NotSent::RoundChanged) => continue,
                Err(NotSent::Failed(failure)) => failure,
            };
            return match next_step(&failure) {
                Next::Stop(reason) => Ok(EventOutcome::unchanged(reason)),
                Next::Later if attempts < MORE_ATTEMPTS => {
                    self.try_later(due, round, attempts + 1, invocation).await
                }
                Next::Later | Next::GiveUp => self.give_up(due, &round.round_id, now).await,
                Next::Retry => Err(match failure {
                    Failure::Faulted(fault) => fault,
                    Failure::Refused(_) => Fault::internal("a refusal is not retried"),
                }),
            };
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
            // It makes the request repeatable. The settings may change between two attempts.
            payload_fingerprint: Some("rule".to_owned()),
            round: Some(ongoing),
            now,
        }))
    }

    async fn try_later(
        &self,
        due: &Due,
        round: &DueInRound,
        attempts: u8,
        invocation: &EventInvocation,
    ) -> Result<EventOutcome, Fault> {
        let later = Due {
            at: invocation.now.plus_seconds(SECONDS_PER_HOUR),
            action: DueAction::SendTranscript {
                round: round.clone(),
                attempts,
            },
            ..due.clone()
        };
        self.schedules.create(&later, invocation).await?;
        Ok(EventOutcome::applied("scheduled_again"))
    }

    async fn give_up(
        &self,
        due: &Due,
        round: &RoundId,
        now: Timestamp,
    ) -> Result<EventOutcome, Fault> {
        self.record_given_up(due, MailInThread::Transcript, round.as_str(), now)
            .await
    }
}

fn next_step(failure: &Failure) -> Next {
    match failure {
        Failure::Refused(refusal) => match refusal.code() {
            RefusalCode::TranscriptLimitReached => Next::Later,
            RefusalCode::RecipientRequired => Next::Stop("no_recipient"),
            RefusalCode::NothingToSend => Next::Stop("nothing_to_send"),
            RefusalCode::ConversationNotFound => Next::Stop("no_conversation"),
            // Another invocation for the same round is sending it.
            RefusalCode::IdempotencyKeyInUse => Next::Stop("in_progress"),
            _ => Next::GiveUp,
        },
        Failure::Faulted(fault) => match fault.code() {
            FaultCode::EmailUnavailable => Next::Later,
            FaultCode::EmailRefused => Next::GiveUp,
            FaultCode::EmailOutcomeUnknown => Next::Stop("outcome_unknown"),
            FaultCode::InternalError | FaultCode::StorageUnavailable | FaultCode::TimedOut => {
                Next::Retry
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use errors::Refusal;

    use super::*;

    #[test]
    fn only_a_mail_that_was_certainly_not_sent_is_tried_again() {
        let refused = |code| Failure::Refused(Refusal::new(code, "x"));
        let faulted = |code| Failure::Faulted(Fault::new(code, "x"));
        for (failure, expected) in [
            (refused(RefusalCode::TranscriptLimitReached), Next::Later),
            (faulted(FaultCode::EmailUnavailable), Next::Later),
            (
                faulted(FaultCode::EmailOutcomeUnknown),
                Next::Stop("outcome_unknown"),
            ),
            (
                refused(RefusalCode::IdempotencyKeyInUse),
                Next::Stop("in_progress"),
            ),
            (
                refused(RefusalCode::RecipientRequired),
                Next::Stop("no_recipient"),
            ),
            (faulted(FaultCode::EmailRefused), Next::GiveUp),
            (refused(RefusalCode::TranscriptTooLarge), Next::GiveUp),
            (faulted(FaultCode::StorageUnavailable), Next::Retry),
        ] {
            assert_eq!(next_step(&failure), expected, "{failure:?}");
        }
    }
}
