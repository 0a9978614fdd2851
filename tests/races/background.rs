//! The steps of what happens by itself. An event or a schedule only says when to look: a rule first reads
//! the conversation, and its write fails if the conversation has changed since.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use crate::commands::Firing;
use crate::model::{AskOutcome, BusEvent, Decision, Due, Model, RequestRef, Round};
use crate::sending::{Sending, SendingStep};
use crate::step::{Step, Steps};

/// The progress of the bus or the scheduler.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Background {
    /// What happens at the same time.
    running: Vec<Action>,
    /// What follows after that, one after the other.
    next: VecDeque<Action>,
}

/// What one invocation does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Action {
    /// Does what is due at this time, or schedules it.
    Plan(Due, Timestamp),
    /// Limits the time for an answer to a request that was made at this time.
    LimitAnswering(RequestRef, Timestamp),
    Expire(RequestRef),
    Ask(Round),
    /// The rule decided to ask.
    AskAsDecided(Decision),
    SendTranscript(Round),
    /// The rule decided to send the transcript, whose progress this is.
    SendAsDecided(Decision, Sending),
}

impl Background {
    /// The bus delivers the next event after the action of the previous one.
    pub fn deliver_events(&self, step: Step<'_>) -> Steps<Option<Self>> {
        if !self.running.is_empty() {
            return self.continue_all(step);
        }
        let (mut model, mut background) = (step.model.clone(), self.clone());
        if background.next.is_empty() {
            let Some(event) = model.waiting.pop_front() else {
                return step.unchanged(None);
            };
            background.next = actions_after(&model, event);
        }
        background.running.extend(background.next.pop_front());
        vec![(model, Some(background))]
    }

    /// All due schedules fire at the same time.
    pub fn begin_firing(step: Step<'_>, firing: Firing) -> Steps<Option<Self>> {
        let times = match firing {
            Firing::Once => 1,
            Firing::Twice => 2,
            Firing::Lost => 0,
        };
        step.only(|model| {
            let due = model.take_due(step.now).into_iter();
            let running = due.flat_map(|due| std::iter::repeat_n(Action::of(due), times));
            Some(Self {
                running: running.collect(),
                next: VecDeque::new(),
            })
        })
    }

    /// Continues each running action. `None` if there is none.
    pub fn continue_all(&self, step: Step<'_>) -> Steps<Option<Self>> {
        if self.running.is_empty() {
            return step.unchanged(None);
        }
        let running = &self.running;
        let mut steps = Vec::new();
        for (index, action) in running.iter().enumerate() {
            // The order of two equal actions makes no difference.
            if running[..index].contains(action) {
                continue;
            }
            for (model, next) in action.next_steps(step) {
                let mut background = self.clone();
                match next {
                    Some(next) => background.running[index] = next,
                    None => {
                        background.running.remove(index);
                    }
                }
                steps.push((model, Some(background)));
            }
        }
        steps
    }
}

/// What the function does after an event, one after the other.
fn actions_after(model: &Model, event: BusEvent) -> VecDeque<Action> {
    let settings = model.settings;
    match event {
        BusEvent::Resolved { round, at } => {
            let after = |minutes: u16| at + SignedDuration::from_mins(minutes.into());
            let asking = settings
                .asks_after_minutes
                .map(|minutes| Action::Plan(Due::Ask(round), after(minutes)));
            let sending = settings
                .sends_after_minutes
                .map(|minutes| Action::Plan(Due::SendTranscript(round), after(minutes)));
            asking.into_iter().chain(sending).collect()
        }
        BusEvent::RatingRequested { request, at } => {
            VecDeque::from([Action::LimitAnswering(request, at)])
        }
    }
}

impl Action {
    fn of(due: Due) -> Self {
        match due {
            Due::Ask(round) => Self::Ask(round),
            Due::SendTranscript(round) => Self::SendTranscript(round),
            Due::Expire(request) => Self::Expire(request),
        }
    }

    /// The possible next steps, each with the rest of the action. `None` if the action has ended.
    fn next_steps(&self, step: Step<'_>) -> Steps<Option<Self>> {
        let mut model = step.model.clone();
        let next = match self {
            Self::Plan(due, at) if *at > step.now => {
                model.schedule(*due, *at, step.now);
                None
            }
            Self::Plan(due, _) => Some(Self::of(*due)),
            Self::LimitAnswering(request, at) => {
                let days = model.settings.expires_after_days.unwrap_or_default();
                let until = model.limit_answering(*request, *at, days);
                until.map(|until| Self::Plan(Due::Expire(*request), until))
            }
            Self::Expire(request) => {
                model.expire(*request, step.now);
                None
            }
            Self::Ask(round) => model.decide(*round).map(Self::AskAsDecided),
            Self::AskAsDecided(decision) => match model.ask_by_rule(*decision, step.now) {
                AskOutcome::Finished => None,
                AskOutcome::Changed => Some(Self::Ask(decision.round)),
            },
            Self::SendTranscript(round) => model
                .decide(*round)
                .map(|decision| Self::SendAsDecided(decision, Sending::NotStarted)),
            Self::SendAsDecided(decision, sending) => {
                return continue_transcript(step, *decision, sending);
            }
        };
        vec![(model, next)]
    }
}

/// The transcript of a rule is sent as an agent's. If the conversation changed, the rule decides again.
fn continue_transcript(
    step: Step<'_>,
    decision: Decision,
    sending: &Sending,
) -> Steps<Option<Action>> {
    let round = decision.round;
    let sending_step = SendingStep {
        step: Step {
            number: round.number,
            ..step
        },
        send: &decision.transcript(),
        decision: Some(decision),
    };
    let steps = sending_step.after(sending).into_iter();
    let steps = steps.map(|(mut model, sending)| {
        let next = match sending {
            Sending::NotStarted => Some(Action::SendTranscript(round)),
            Sending::Done(response) => {
                model.end_transcript_of_rule(round, step.now, &response);
                None
            }
            sending => Some(Action::SendAsDecided(decision, sending)),
        };
        (model, next)
    });
    steps.collect()
}
