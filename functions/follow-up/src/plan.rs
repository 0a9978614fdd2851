//! Schedules what is due in a round, and cancels it if the round ends.

use errors::Fault;
use lambda::events::{EventInvocation, EventOutcome};

use crate::FollowUp;
use crate::due::{Due, DueAction};
use crate::event::RoundEvent;

const SECONDS_PER_MINUTE: i64 = 60;

impl FollowUp {
    /// Schedules what the rules say about a conversation that was resolved.
    pub(crate) async fn plan_round(
        &self,
        resolved: RoundEvent,
        invocation: &EventInvocation,
    ) -> Result<EventOutcome, Fault> {
        let settings = self
            .settings
            .read(&self.table, &resolved.organisation, invocation.now)
            .await?;
        match settings.asking.rule() {
            Some(rule) => {
                let due = ask_at_the_end_of(resolved, rule.after_minutes);
                self.follow_up(due, invocation).await
            }
            None => Ok(EventOutcome::unchanged("no_rule")),
        }
    }

    /// Deletes the schedules of a round that ended. They would change nothing.
    pub(crate) async fn cancel_round(&self, opened: RoundEvent) -> Result<EventOutcome, Fault> {
        let due = ask_at_the_end_of(opened, 0);
        let is_deleted = self.schedules.delete(&due.schedule_name()).await?;
        let outcome = if is_deleted {
            EventOutcome::applied("schedule_deleted")
        } else {
            EventOutcome::unchanged("no_schedule")
        };
        Ok(outcome.about(due.subject()))
    }
}

fn ask_at_the_end_of(round: RoundEvent, after_minutes: u16) -> Due {
    Due {
        organisation: round.organisation,
        conversation_id: round.conversation_id,
        at: round
            .at
            .plus_seconds(i64::from(after_minutes) * SECONDS_PER_MINUTE),
        action: DueAction::Ask {
            round_id: round.round_id,
            after_minutes,
        },
    }
}
