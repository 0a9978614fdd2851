//! Schedules what is due in a round, and cancels it if the round ends.

use errors::Fault;
use lambda::events::{EventInvocation, EventOutcome};

use crate::FollowUp;
use crate::due::{Due, DueAction, DueInRound};
use crate::event::RoundEvent;

const SECONDS_PER_MINUTE: i64 = 60;

impl FollowUp {
    /// Schedules what the rules say about a conversation that was resolved. What is due at once is
    /// done at once.
    pub(crate) async fn plan_round(
        &self,
        resolved: RoundEvent,
        invocation: &EventInvocation,
    ) -> Result<EventOutcome, Fault> {
        let settings = self
            .settings
            .read(&self.table, &resolved.organisation, invocation.now)
            .await?;
        let asking = settings.asking.rule();
        let asking = asking.map(|rule| resolved.due(rule.after_minutes, first_question));
        let sending = settings.transcripts.rule();
        let sending = sending.map(|rule| resolved.due(rule.after_minutes, first_transcript));
        let no_rule = EventOutcome::unchanged("no_rule").about(&resolved.round_id);
        self.follow_up_each([asking, sending], no_rule, invocation)
            .await
    }

    /// Deletes the first schedules of a round that ended. They would change nothing, and neither do later ones.
    pub(crate) async fn cancel_round(&self, opened: RoundEvent) -> Result<EventOutcome, Fault> {
        let asking = opened.due(0, first_question).schedule_name();
        let sending = opened.due(0, first_transcript).schedule_name();
        let (asking, sending) = tokio::try_join!(
            self.schedules.delete(&asking),
            self.schedules.delete(&sending)
        )?;
        let outcome = if asking || sending {
            EventOutcome::applied("schedule_deleted")
        } else {
            EventOutcome::unchanged("no_schedule")
        };
        Ok(outcome.about(opened.round_id))
    }
}

fn first_question(round: DueInRound) -> DueAction {
    DueAction::Ask { round, attempts: 0 }
}

fn first_transcript(round: DueInRound) -> DueAction {
    DueAction::SendTranscript { round, attempts: 0 }
}

impl RoundEvent {
    /// What is due `after_minutes` after the round began.
    fn due(&self, after_minutes: u16, action: impl FnOnce(DueInRound) -> DueAction) -> Due {
        let seconds = i64::from(after_minutes) * SECONDS_PER_MINUTE;
        Due {
            organisation: self.organisation.clone(),
            conversation_id: self.conversation_id.clone(),
            at: self.at.plus_seconds(seconds),
            early: 0,
            action: action(DueInRound {
                round_id: self.round_id.clone(),
                after_minutes,
            }),
        }
    }
}
