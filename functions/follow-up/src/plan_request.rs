//! Schedules what is due if a rating request is not answered.

use domain::Timestamp;
use errors::Fault;
use lambda::events::{EventInvocation, EventOutcome};
use store::ConversationRef;

use crate::FollowUp;
use crate::answering_limit::limit_answering;
use crate::due::{Due, DueAction};
use crate::event::RequestEvent;

const SECONDS_PER_HOUR: i64 = 60 * 60;
const SECONDS_PER_DAY: i64 = 24 * SECONDS_PER_HOUR;

impl FollowUp {
    /// Schedules the mail with the faces, and limits the time for an answer, as the settings say.
    pub(crate) async fn plan_request(
        &self,
        requested: RequestEvent,
        invocation: &EventInvocation,
    ) -> Result<EventOutcome, Fault> {
        let settings = self
            .settings
            .read(&self.table, &requested.organisation, invocation.now)
            .await?;
        let mut until = None;
        if let Some(days) = settings.asking.expires_after_days {
            // Before anything is scheduled: the limit must hold even if no schedule can be created.
            until = self.limit_answering(&requested, days, invocation).await?;
            if until.is_none() {
                let outcome = EventOutcome::unchanged("answered_or_gone");
                return Ok(outcome.about(&requested.rating_request_id));
            }
        }
        let mailing = settings.asking.mail_if_unanswered_after_hours;
        let mailing = mailing.map(|hours| requested.due_mail(hours));
        let expiry = until.map(|until| requested.due_expiry(until));
        let no_rule = EventOutcome::unchanged("no_rule").about(&requested.rating_request_id);
        self.follow_up_each([mailing, expiry], no_rule, invocation)
            .await
    }

    /// Returns until when the request can be answered; `None` if it was answered or no longer exists.
    async fn limit_answering(
        &self,
        requested: &RequestEvent,
        days: u16,
        invocation: &EventInvocation,
    ) -> Result<Option<Timestamp>, Fault> {
        let until = requested.at.plus_seconds(i64::from(days) * SECONDS_PER_DAY);
        let until_seconds = until.epoch_seconds();
        let conversation = ConversationRef::new(
            &requested.organisation,
            &requested.conversation_id,
            invocation.now,
        );
        let request = &requested.rating_request_id;
        let is_limited = limit_answering(&self.table, conversation, request, until_seconds).await?;
        let until = Timestamp::from_epoch_seconds(until_seconds).unwrap_or(until);
        Ok(is_limited.then_some(until))
    }
}

impl RequestEvent {
    fn due_mail(&self, hours: u16) -> Due {
        let at = self.at.plus_seconds(i64::from(hours) * SECONDS_PER_HOUR);
        let action = DueAction::MailFaces {
            rating_request_id: self.rating_request_id.clone(),
            attempts: 0,
        };
        self.due(at, action)
    }

    fn due_expiry(&self, until: Timestamp) -> Due {
        let action = DueAction::Expire {
            rating_request_id: self.rating_request_id.clone(),
        };
        self.due(until, action)
    }

    fn due(&self, at: Timestamp, action: DueAction) -> Due {
        Due {
            organisation: self.organisation.clone(),
            conversation_id: self.conversation_id.clone(),
            at,
            early: 0,
            action,
        }
    }
}
