//! Checks concurrent commands for linearizability: there must be an order of the commands' steps in
//! which the model gives the same responses.

use std::collections::HashSet;
use std::hash::{Hash, Hasher};

use jiff::Timestamp;

use crate::codec::{ComparableResponse, Ids, Naming};
use crate::commands::CommandNumber;
use crate::commands::{Command, ResolvedCommand};
use crate::model::Model;
use crate::sending::Sending;
use crate::steps::{Progress, next_steps};

/// A state of the model that is consistent with every response so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidate {
    pub model: Model,
    pub ids: Ids,
}

/// Hashes only the parts that most often differ. Equal hashes lead to a comparison of whole models.
impl Hash for Candidate {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for conversation in self.model.conversations.values() {
            let transcripts = conversation.transcripts.iter();
            for (number, transcript) in transcripts {
                (number, transcript.state).hash(state);
            }
            let newest = (conversation.current, conversation.rated);
            (
                newest,
                conversation.visitor_token,
                conversation.events.len(),
            )
                .hash(state);
            conversation.messages.hash(state);
        }
    }
}

/// A command and the response to it.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub number: CommandNumber,
    pub command: ResolvedCommand,
    pub observed: ComparableResponse,
}

/// The progress of a command of a batch, and the time of its start.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum CommandState {
    NotStarted,
    Started(Timestamp, Progress),
    /// The model gave the observed response.
    Done,
}

/// The states to which the concurrent commands of `batch` can have led from `candidates`: one for each
/// order of steps in which every response is the model's. Each command started at one of `moments`.
pub fn linearize(
    candidates: &[Candidate],
    batch: &[Exchange],
    moments: &[Timestamp],
    naming: Naming,
) -> Vec<Candidate> {
    let not_started = vec![CommandState::NotStarted; batch.len()];
    let writes = |exchange: &Exchange| matches!(exchange.command, Command::RecordMessages(_));
    let no_message_changes = !batch.iter().any(writes);
    let mut open: Vec<_> = candidates
        .iter()
        .map(|candidate| (candidate.clone(), not_started.clone()))
        .collect();
    let mut seen: HashSet<_> = open.iter().cloned().collect();
    let mut results = Vec::new();
    while let Some((candidate, states)) = open.pop() {
        if states.iter().all(|state| *state == CommandState::Done) {
            results.push(candidate);
            continue;
        }
        for (index, exchange) in batch.iter().enumerate() {
            let mut steps = advance(&candidate, &states[index], exchange, moments, naming);
            if no_message_changes {
                steps.retain(|(_, state)| match state {
                    CommandState::Started(_, progress) => progress.may_lead_to(&exchange.observed),
                    _ => true,
                });
                // Apart from the messages, both of a transcript's first steps read the same state.
                // So they can be one step, which leaves fewer orders to search.
                let reserve_too = |(candidate, state): (Candidate, CommandState)| match state {
                    CommandState::Started(_, Progress::Sending(Sending::Prepared(_))) => {
                        advance(&candidate, &state, exchange, moments, naming)
                    }
                    _ => vec![(candidate, state)],
                };
                steps = steps.into_iter().flat_map(reserve_too).collect();
            }
            for (next_candidate, state) in steps {
                let mut states = states.clone();
                states[index] = state;
                let next = (next_candidate, states);
                if seen.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
    }
    results
}

/// The possible next steps of one command, without those that lead to another response.
fn advance(
    candidate: &Candidate,
    state: &CommandState,
    exchange: &Exchange,
    moments: &[Timestamp],
    naming: Naming,
) -> Vec<(Candidate, CommandState)> {
    let started = match state {
        CommandState::Done => return Vec::new(),
        CommandState::NotStarted => moments
            .iter()
            .map(|now| (*now, &Progress::NotStarted))
            .collect(),
        CommandState::Started(now, progress) => vec![(*now, progress)],
    };
    let mut steps = Vec::new();
    for (now, progress) in started {
        let next = next_steps(
            &candidate.model,
            exchange.number,
            &exchange.command,
            now,
            progress,
        );
        for (model, progress) in next {
            let mut ids = candidate.ids.clone();
            let state = match progress {
                Progress::Done(response) => {
                    let expected = response.to_http(&model, naming, now);
                    if !expected.matches(&exchange.observed, &mut ids) {
                        continue;
                    }
                    CommandState::Done
                }
                progress => CommandState::Started(now, progress),
            };
            steps.push((Candidate { model, ids }, state));
        }
    }
    steps
}

/// The model's response to the command of `exchange` if no other command runs at the same time.
pub fn expected(
    candidate: &Candidate,
    exchange: &Exchange,
    now: Timestamp,
    naming: Naming,
) -> Option<ComparableResponse> {
    let (mut model, mut progress) = (candidate.model.clone(), Progress::NotStarted);
    loop {
        let mut next = next_steps(&model, exchange.number, &exchange.command, now, &progress);
        (model, progress) = next.pop()?;
        if let Progress::Done(response) = progress {
            return Some(response.to_http(&model, naming, now));
        }
    }
}
