//! Reads and records as `functions/call-platform` does.

use chatwoot::{decode_conversation, decode_messages, map_conversation, map_messages};
use domain::Timestamp;
use platform_recordings::PromptAnswer;
use serde_json::{Value, json};

use crate::delivery::Delivery;
use crate::requests::ReadReason;
use crate::rules::BrokenRule;

/// Something to read through the API.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    Message(usize, u64),
    Thread(usize),
}

/// What was read through the API, to be recorded now or later.
pub(crate) struct ReadBack {
    pub(crate) target: Target,
    pub(crate) conversation: String,
    pub(crate) read_at: Timestamp,
    states: Vec<Value>,
    bodies: Vec<Value>,
    pub(crate) answers: Vec<PromptAnswer>,
}

impl ReadBack {
    pub(crate) fn messages(&self) -> impl Iterator<Item = &Value> {
        let bodies = self.bodies.iter();
        bodies.flat_map(|body| body["messages"].as_array().unwrap())
    }

    pub(crate) fn reason(&self) -> ReadReason {
        match self.target {
            Target::Message(..) => ReadReason::Event,
            Target::Thread(_) => ReadReason::Thread,
        }
    }
}

impl Delivery {
    /// Reads through the API.
    pub(crate) fn read(&mut self, target: Target) -> ReadBack {
        let (place, first, end) = match target {
            Target::Message(place, id) => (place, id, id + 1),
            Target::Thread(place) => (place, 0, u64::MAX),
        };
        let mut messages = Vec::new();
        for page in self.server.api_messages(place, first, end) {
            let page = decode_messages(page.to_string().as_bytes()).unwrap();
            assert!(page.unreadable.is_empty());
            messages.extend(page.messages);
        }
        if self.is_broken(BrokenRule::CommandsFromReads) {
            let content = |it: &chatwoot::Message| it.content.clone().unwrap_or_default();
            let commands = messages.iter().filter(|it| content(it).starts_with('/'));
            for note in commands.map(|it| it.id.to_string()) {
                if !self.executed.contains(&note) {
                    self.executed.push(note);
                }
            }
        }
        let mapping = map_messages(&self.connection, &messages, self.now());
        let mut bodies: Vec<_> = mapping.bodies.iter().map(|body| json!(body)).collect();
        if let Some(rule) = self.broken {
            for body in &mut bodies {
                for message in body["messages"].as_array_mut().unwrap() {
                    let id: u64 = message["id"].as_str().unwrap().parse().unwrap();
                    let read = messages.iter().find(|it| it.id == id);
                    let content = read.and_then(|it| it.content.as_deref()).unwrap();
                    rule.break_read(message, content);
                }
            }
        }
        ReadBack {
            target,
            conversation: self.conversation_id(place),
            read_at: self.now(),
            states: match target {
                Target::Message(..) => Vec::new(),
                Target::Thread(_) => self.read_states(place),
            },
            bodies,
            answers: mapping.answers,
        }
    }

    fn read_states(&self, place: usize) -> Vec<Value> {
        let response = self.server.api_conversation(place).unwrap();
        let conversation = decode_conversation(response.to_string().as_bytes()).unwrap();
        let recordings = map_conversation(&self.connection, &conversation, self.now());
        let recordings = recordings.iter();
        recordings
            .map(|recording| json!(recording.change))
            .collect()
    }

    /// Records what was read. Returns what must be read because of it.
    pub(crate) fn record(&mut self, read: &ReadBack) -> Vec<Target> {
        let mut targets = Vec::new();
        let (Target::Message(place, _) | Target::Thread(place)) = read.target;
        let id = &read.conversation;
        for state in &read.states {
            targets.extend(self.record_state(place, id, state, false));
        }
        let is_thread = matches!(read.target, Target::Thread(_));
        for body in &read.bodies {
            if is_thread || self.is_broken(BrokenRule::EqualVersionsSkipped) {
                self.records.record_changed_messages(id, body);
            } else {
                self.records.record_messages(id, body);
            }
        }
        if !is_thread || !self.is_broken(BrokenRule::AnswersInThreadsIgnored) {
            for answer in &read.answers {
                self.requests
                    .record_answer(id, answer, read.read_at, read.reason());
            }
        }
        targets
    }
}
