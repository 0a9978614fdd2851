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
        let mut outcome = EventOutcome::unchanged("no_rule").about(&requested.rating_request_id);
        if let Some(hours) = settings.asking.mail_if_unanswered_after_hours {
            let at = requested
                .at
                .plus_seconds(i64::from(hours) * SECONDS_PER_HOUR);
            let action = DueAction::MailFaces {
                rating_request_id: requested.rating_request_id.clone(),
                attempts: 0,
            };
            outcome = self
                .follow_up(requested.due(at, action), invocation)
                .await?;
        }
        if let Some(days) = settings.asking.expires_after_days {
            outcome = self.plan_expiry(&requested, days, invocation).await?;
        }
        Ok(outcome)
    }

    async fn plan_expiry(
        &self,
        requested: &RequestEvent,
        days: u16,
        invocation: &EventInvocation,
    ) -> Result<EventOutcome, Fault> {
        let until = requested.at.plus_seconds(i64::from(days) * SECONDS_PER_DAY);
        let until_seconds = until.epoch_seconds();
        let RequestEvent {
            organisation,
            conversation_id,
            rating_request_id,
            ..
        } = requested;
        let conversation = ConversationRef::new(organisation, conversation_id, invocation.now);
        let limit = limit_answering(&self.table, conversation, rating_request_id, until_seconds);
        if !limit.await? {
            let outcome = EventOutcome::unchanged("answered_or_gone");
            return Ok(outcome.about(rating_request_id));
        }
        let at = Timestamp::from_epoch_seconds(until_seconds).unwrap_or(until);
        let action = DueAction::Expire {
            rating_request_id: rating_request_id.clone(),
        };
        self.follow_up(requested.due(at, action), invocation).await
    }
}

impl RequestEvent {
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
