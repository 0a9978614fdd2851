//! What follows if an action of a rule failed.

use domain::{MailInThread, Timestamp};
use errors::{Failure, Fault, FaultCode, RefusalCode};
use lambda::events::{EventInvocation, EventOutcome};

use crate::FollowUp;
use crate::due::{Due, DueAction};

/// How often an action that met a limit, or an unavailable SES or chat platform, is tried again, once an hour.
const MORE_ATTEMPTS: u8 = 24;

const SECONDS_PER_HOUR: i64 = 60 * 60;

/// What follows from an action that failed.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    /// Nothing: it is not wanted, or must not be done twice.
    Stop(&'static str),
    /// Try again in an hour.
    Later,
    /// Say in the thread that a mail was not sent.
    GiveUp,
    /// Lambda repeats the event.
    Retry,
}

impl FollowUp {
    /// Schedules another attempt at the action of `due`, gives it up, or does nothing more.
    pub(crate) async fn after_failure(
        &self,
        due: &Due,
        failure: Failure,
        invocation: &EventInvocation,
    ) -> Result<EventOutcome, Fault> {
        match next_step(&failure) {
            Next::Stop(reason) => Ok(EventOutcome::unchanged(reason)),
            Next::Later => match due.action.next_attempt() {
                Some((action, number)) if number <= MORE_ATTEMPTS => {
                    let later = Due {
                        at: invocation.now.plus_seconds(SECONDS_PER_HOUR),
                        action,
                        ..due.clone()
                    };
                    self.schedules.create(&later, invocation).await?;
                    Ok(EventOutcome::applied("scheduled_again"))
                }
                _ => self.give_up(due, failure, invocation.now).await,
            },
            Next::GiveUp => self.give_up(due, failure, invocation.now).await,
            Next::Retry => Err(into_fault(failure)),
        }
    }

    async fn give_up(
        &self,
        due: &Due,
        failure: Failure,
        now: Timestamp,
    ) -> Result<EventOutcome, Fault> {
        let mail = match due.action {
            DueAction::MailFaces { .. } => MailInThread::RatingRequest,
            DueAction::SendTranscript { .. } => MailInThread::Transcript,
            // Nothing was sent, and nothing counts. The dead letter raises an alarm.
            DueAction::Ask { .. } | DueAction::Expire { .. } => return Err(into_fault(failure)),
        };
        self.record_given_up(due, mail, now).await
    }
}

fn into_fault(failure: Failure) -> Fault {
    match failure {
        Failure::Faulted(fault) => fault,
        Failure::Refused(_) => Fault::internal("a refusal is not retried"),
    }
}

fn next_step(failure: &Failure) -> Next {
    match failure {
        Failure::Refused(refusal) => match refusal.code() {
            RefusalCode::TranscriptLimitReached => Next::Later,
            RefusalCode::RecipientRequired => Next::Stop("no_recipient"),
            RefusalCode::NothingToSend => Next::Stop("nothing_to_send"),
            RefusalCode::ConversationNotFound => Next::Stop("no_conversation"),
            // Another invocation is sending it.
            RefusalCode::IdempotencyKeyInUse => Next::Stop("in_progress"),
            _ => Next::GiveUp,
        },
        Failure::Faulted(fault) => match fault.code() {
            FaultCode::EmailUnavailable | FaultCode::PlatformUnavailable => Next::Later,
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
            (faulted(FaultCode::PlatformUnavailable), Next::Later),
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
