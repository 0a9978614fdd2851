//! Whether answers that were given to commands at once can be explained: by an order of the
//! commands' steps in which the model answers the same.

use std::collections::HashSet;
use std::hash::{Hash, Hasher};

use jiff::Timestamp;

use crate::codec::{Ids, Naming, Observed};
use crate::commands::{Command, Sent};
use crate::model::{Model, Number};
use crate::steps::{Progress, next_steps};

/// One way in which all that was answered so far can have come about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct World {
    pub model: Model,
    pub ids: Ids,
}

/// Hashes what most often differs: whole models are compared where that is equal.
impl Hash for World {
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

/// A command that was sent, and what was answered.
#[derive(Clone, Debug)]
pub struct Issued {
    pub number: Number,
    pub command: Sent,
    pub observed: Observed,
}

/// How far a command of a batch has come, and the time that it began at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Flight {
    Waiting,
    Begun(Timestamp, Progress),
    Explained,
}

/// The worlds to which `batch`, all at once, can have led from `worlds`: one for each order that
/// explains every answer. Each command began at one of `moments`.
pub fn explain(
    worlds: &[World],
    batch: &[Issued],
    moments: &[Timestamp],
    naming: Naming,
) -> Vec<World> {
    let begin = vec![Flight::Waiting; batch.len()];
    let writes = |issued: &Issued| matches!(issued.command, Command::Write(_));
    let messages_stay = !batch.iter().any(writes);
    let mut open: Vec<_> = worlds
        .iter()
        .map(|world| (world.clone(), begin.clone()))
        .collect();
    let mut seen: HashSet<_> = open.iter().cloned().collect();
    let mut explained = Vec::new();
    while let Some((world, flights)) = open.pop() {
        if flights.iter().all(|flight| *flight == Flight::Explained) {
            explained.push(world);
            continue;
        }
        for (place, issued) in batch.iter().enumerate() {
            let mut steps = advance(&world, &flights[place], issued, moments, naming);
            if messages_stay {
                steps.retain(|(_, flight)| match flight {
                    Flight::Begun(_, progress) => progress.may_lead_to(&issued.observed),
                    _ => true,
                });
                // Reserving looks at all that checking looks at but the messages: the two may as
                // well be one step.
                let at_once = |(world, flight): (World, Flight)| match flight {
                    Flight::Begun(_, Progress::Checked(_)) => {
                        advance(&world, &flight, issued, moments, naming)
                    }
                    _ => vec![(world, flight)],
                };
                steps = steps.into_iter().flat_map(at_once).collect();
            }
            for (next_world, flight) in steps {
                let mut flights = flights.clone();
                flights[place] = flight;
                let next = (next_world, flights);
                if seen.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
    }
    explained
}

/// The next steps of one command, without those that end in another answer than was given.
fn advance(
    world: &World,
    flight: &Flight,
    issued: &Issued,
    moments: &[Timestamp],
    naming: Naming,
) -> Vec<(World, Flight)> {
    let begun = match flight {
        Flight::Explained => return Vec::new(),
        Flight::Waiting => moments
            .iter()
            .map(|now| (*now, &Progress::Waiting))
            .collect(),
        Flight::Begun(now, progress) => vec![(*now, progress)],
    };
    let mut steps = Vec::new();
    for (now, progress) in begun {
        let next = next_steps(&world.model, issued.number, &issued.command, now, progress);
        for (model, progress) in next {
            let mut ids = world.ids.clone();
            let flight = match progress {
                Progress::Answered(answer) => {
                    let place = issued.command.place();
                    let expected = answer.on_the_wire(&model, naming, place, now);
                    if !expected.fits(&issued.observed, &mut ids) {
                        continue;
                    }
                    Flight::Explained
                }
                progress => Flight::Begun(now, progress),
            };
            steps.push((World { model, ids }, flight));
        }
    }
    steps
}

/// What the model answers to `issued` where nothing else happens at the same time.
pub fn expected(
    world: &World,
    issued: &Issued,
    now: Timestamp,
    naming: Naming,
) -> Option<Observed> {
    let (mut model, mut progress) = (world.model.clone(), Progress::Waiting);
    loop {
        let mut next = next_steps(&model, issued.number, &issued.command, now, &progress);
        (model, progress) = next.pop()?;
        if let Progress::Answered(answer) = progress {
            let place = issued.command.place();
            return Some(answer.on_the_wire(&model, naming, place, now));
        }
    }
}
