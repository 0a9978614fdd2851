//! The steps of what happens by itself. An event or a schedule only says when to look: a rule first reads
//! the conversation, and its write fails if the conversation has changed since.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use crate::commands::Firing;
use crate::model::{AskOutcome, BusEvent, Decision, Due, Model, RequestRef, Response, Round};
use crate::steps::{Progress, Step, Steps};

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
    SendAsDecided(Decision, Box<Progress>),
}

/// The bus delivers the next event after the action of the previous one.
pub fn deliver_events(step: &Step<'_>, progress: &Progress) -> Steps {
    let Progress::Background(background) = progress else {
        return Vec::new();
    };
    if !background.running.is_empty() {
        return continue_all(step, progress);
    }
    let (mut model, mut background) = (step.model.clone(), background.clone());
    if background.next.is_empty() {
        let Some(event) = model.waiting.pop_front() else {
            return step.unchanged(Progress::Done(Response::BackgroundDone));
        };
        background.next = actions_after(&model, event);
    }
    background.running.extend(background.next.pop_front());
    vec![(model, Progress::Background(background))]
}

/// All due schedules fire at the same time.
pub fn begin_firing(step: &Step<'_>, firing: Firing) -> Steps {
    let mut model = step.model.clone();
    let times = match firing {
        Firing::Once => 1,
        Firing::Twice => 2,
        Firing::Lost => 0,
    };
    let due = model.take_due(step.now).into_iter();
    let running = due.flat_map(|due| std::iter::repeat_n(Action::of(due), times));
    let background = Background {
        running: running.collect(),
        next: VecDeque::new(),
    };
    vec![(model, Progress::Background(background))]
}

/// Continues each running action.
pub fn continue_all(step: &Step<'_>, progress: &Progress) -> Steps {
    let Progress::Background(background) = progress else {
        return Vec::new();
    };
    if background.running.is_empty() {
        return step.unchanged(Progress::Done(Response::BackgroundDone));
    }
    let running = &background.running;
    let mut steps = Vec::new();
    for (index, action) in running.iter().enumerate() {
        // The order of two equal actions makes no difference.
        if running[..index].contains(action) {
            continue;
        }
        for (model, next) in action.next_steps(step) {
            let mut background = background.clone();
            match next {
                Some(next) => background.running[index] = next,
                None => {
                    background.running.remove(index);
                }
            }
            steps.push((model, Progress::Background(background)));
        }
    }
    steps
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
    fn next_steps(&self, step: &Step<'_>) -> Vec<(Model, Option<Self>)> {
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
                .map(|decision| Self::SendAsDecided(decision, Box::new(Progress::NotStarted))),
            Self::SendAsDecided(decision, progress) => {
                return continue_transcript(step, *decision, progress);
            }
        };
        vec![(model, next)]
    }
}

/// The transcript of a rule is sent as an agent's. If the conversation changed, the rule decides again.
fn continue_transcript(
    step: &Step<'_>,
    decision: Decision,
    progress: &Progress,
) -> Vec<(Model, Option<Action>)> {
    let round = decision.round;
    let step = Step {
        number: round.number,
        decision: Some(decision),
        ..*step
    };
    let steps = step.send_transcript(&decision.transcript(), progress);
    let steps = steps.into_iter().map(|(mut model, progress)| {
        let next = match progress {
            Progress::NotStarted => Some(Action::SendTranscript(round)),
            Progress::Done(response) => {
                model.end_transcript_of_rule(round, step.now, &response);
                None
            }
            progress => Some(Action::SendAsDecided(decision, Box::new(progress))),
        };
        (model, next)
    });
    steps.collect()
}
