//! The perfect and the imperfect delivery.

use std::collections::BTreeSet;

use chatwoot::{
    Connection, ConversationPrefix, EventMapping, decode_conversation, decode_event,
    decode_messages, map_conversation, map_event, map_messages,
};
use domain::Timestamp;
use serde_json::{Value, json};

use crate::day::{CONVERSATIONS, Case, Copy};
use crate::records::Records;
use crate::rules::BrokenRule;
use crate::server::{OWN_BOT, Server};

/// How many actions after the last one the threads are read.
const RECONCILED_AFTER: usize = 2;
/// How many actions after the last one everything has arrived.
const FINISHED_AFTER: usize = 60;

/// A delivery in progress, and its results.
pub(crate) struct Delivery {
    server: Server,
    connection: Connection,
    broken: Option<BrokenRule>,
    pub(crate) records: Records,
    /// The ids of the notes whose commands were executed, in this order.
    pub(crate) executed: Vec<String>,
    /// The ids of the notes whose `message_created` was delivered with a command.
    pub(crate) delivered_commands: BTreeSet<String>,
}

/// The messages that were read back, to be recorded later.
struct ReadBack {
    conversation: String,
    bodies: Vec<Value>,
}

pub(crate) fn deliver_perfectly(case: &Case, broken: Option<BrokenRule>) -> Delivery {
    let mut delivery = Delivery::new(broken);
    for action in &case.actions {
        for event in delivery.server.apply(action) {
            let body = delivery.server.body(&event);
            if let Some(read) = delivery.receive(&body, false) {
                delivery.record(&read);
            }
        }
    }
    delivery
}

/// What happens to the events of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Losses {
    /// Some events are lost and some messages cannot be read back. The threads are read at the end.
    Reconciled,
    /// No event is lost and each edit is read back. The threads are not read.
    None,
}

/// The delivery of an event that a case loses, if there are no losses.
const IMMEDIATE: &[Copy] = &[Copy {
    built_after: 0,
    arrives_after: 0,
    order: 0,
    read_back_fails: false,
    read_back_recorded_after: 0,
}];

enum Work {
    Arrive(Value),
    Record(ReadBack),
}

pub(crate) fn deliver_imperfectly(
    case: &Case,
    losses: Losses,
    broken: Option<BrokenRule>,
) -> Delivery {
    let mut delivery = Delivery::new(broken);
    let mut unbuilt = Vec::new();
    let mut underway: Vec<(usize, &Copy, Work)> = Vec::new();
    for step in 0..case.actions.len() + FINISHED_AFTER {
        match case.actions.get(step) {
            Some(action) => {
                let events = delivery.server.apply(action);
                for (event, plan) in events.into_iter().zip(&action.plans) {
                    let is_saved = plan.copies.is_empty() && losses == Losses::None;
                    let copies = if is_saved { IMMEDIATE } else { &plan.copies }.iter();
                    unbuilt
                        .extend(copies.map(|copy| (step + copy.built_after, event.clone(), copy)));
                }
            }
            None => delivery.server.now += 1_000,
        }
        for (_, event, copy) in unbuilt.extract_if(.., |(due, ..)| *due == step) {
            let body = delivery.server.body(&event);
            underway.push((step + copy.arrives_after, copy, Work::Arrive(body)));
        }
        let mut due: Vec<_> = underway.extract_if(.., |(due, ..)| *due <= step).collect();
        due.sort_by_key(|(_, copy, _)| copy.order);
        for (_, copy, work) in due {
            match work {
                Work::Record(read) => delivery.record(&read),
                Work::Arrive(body) => {
                    let fails = copy.read_back_fails && losses == Losses::Reconciled;
                    if let Some(read) = delivery.receive(&body, fails) {
                        let due = step + 1 + copy.read_back_recorded_after;
                        underway.push((due, copy, Work::Record(read)));
                    }
                }
            }
        }
        let is_last = step + 1 == case.actions.len() + RECONCILED_AFTER;
        if is_last && losses == Losses::Reconciled {
            delivery.reconcile();
        }
    }
    assert!(unbuilt.is_empty() && underway.is_empty());
    delivery
}

impl Delivery {
    fn new(broken: Option<BrokenRule>) -> Self {
        Self {
            server: Server::new(),
            connection: Connection {
                prefix: ConversationPrefix::new("https://chat.example.com", 2),
                account_id: 2,
                bot_id: Some(OWN_BOT),
            },
            broken,
            records: Records::new(
                broken == Some(BrokenRule::ConversationAsOfIgnored),
                broken == Some(BrokenRule::MessageAsOfIgnored),
            ),
            executed: Vec::new(),
            delivered_commands: BTreeSet::new(),
        }
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_epoch_milliseconds(self.server.now).unwrap()
    }

    fn map(&self, body: &Value) -> EventMapping {
        let event = decode_event(body.to_string().as_bytes()).unwrap();
        map_event(&self.connection, &event, self.now())
    }

    /// Whether the recorded threads are those of the server.
    pub(crate) fn equals_server(&self) -> bool {
        let threads = self.records.threads().into_iter();
        let shown = |it: Value| json!([it["id"], it["visibility"], it["text"]]);
        let threads = threads.map(|(_, thread)| thread.into_iter().map(shown).collect::<Vec<_>>());
        threads.eq(self.server.expected_threads())
    }

    /// Receives the body of an event. Returns what was read back.
    fn receive(&mut self, body: &Value, read_back_fails: bool) -> Option<ReadBack> {
        let is_command = body["event"] == "message_created"
            && body["private"] == true
            && ["/ask-rating", "/send-transcript"]
                .map(Value::from)
                .contains(&body["content"]);
        if is_command {
            self.delivered_commands.insert(body["id"].to_string());
        }
        let mut mapping = self.map(body);
        let conversation = mapping.conversation.as_ref().unwrap();
        let id = conversation.conversation_id.to_string();
        self.records
            .record_conversation(&id, &json!(conversation.change));
        if self.broken == Some(BrokenRule::TextOfEditFromEvent)
            && mapping.read_back.take().is_some()
        {
            let mut created = body.clone();
            created["event"] = json!("message_created");
            mapping.messages = self.map(&created).messages;
        }
        if let Some(messages) = &mapping.messages {
            let mut messages = json!(messages);
            if let Some(rule) = self.broken {
                rule.break_event(body, &mut messages["messages"][0], self.now());
            }
            self.records.record_messages(&id, &messages);
        }
        if let Some(command) = mapping.command {
            let note = command.message_id.to_string();
            let is_repeated = self.executed.contains(&note);
            if !is_repeated || self.broken == Some(BrokenRule::CommandsRepeated) {
                self.executed.push(note);
            }
        }
        let read_back = mapping.read_back.filter(|_| !read_back_fails)?;
        let place = body["conversation"]["id"].as_u64().unwrap() - 100;
        let bodies = self.read(
            usize::try_from(place).unwrap(),
            read_back.id,
            read_back.id + 1,
        );
        Some(ReadBack {
            conversation: id,
            bodies,
        })
    }

    /// Reads messages through the API. Returns the bodies that record them.
    fn read(&mut self, place: usize, first: u64, end: u64) -> Vec<Value> {
        let mut messages = Vec::new();
        for page in self.server.api_messages(place, first, end) {
            let page = decode_messages(page.to_string().as_bytes()).unwrap();
            assert!(page.unreadable.is_empty());
            messages.extend(page.messages);
        }
        if self.broken == Some(BrokenRule::CommandsFromReads) {
            let commands = messages.iter().filter(|it| {
                it.content
                    .as_deref()
                    .is_some_and(|content| content.starts_with('/'))
            });
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
        bodies
    }

    fn record(&mut self, read: &ReadBack) {
        for body in &read.bodies {
            self.records.record_messages(&read.conversation, body);
        }
    }

    fn reconcile(&mut self) {
        for place in 0..CONVERSATIONS {
            let Some(response) = self.server.api_conversation(place) else {
                continue;
            };
            let conversation = decode_conversation(response.to_string().as_bytes()).unwrap();
            let mut id = String::new();
            for recording in map_conversation(&self.connection, &conversation, self.now()) {
                id = recording.conversation_id.to_string();
                self.records
                    .record_conversation(&id, &json!(recording.change));
            }
            let bodies = self.read(place, 0, u64::MAX);
            self.record(&ReadBack {
                conversation: id,
                bodies,
            });
        }
    }
}
