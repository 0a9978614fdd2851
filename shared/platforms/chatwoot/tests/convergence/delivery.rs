//! The perfect and the imperfect delivery, and the rules that are broken on purpose.

use std::collections::BTreeSet;

use chatwoot::{
    Connection, ConversationPrefix, EventMapping, decode_conversation, decode_event,
    decode_messages, map_conversation, map_event, map_messages,
};
use domain::Timestamp;
use serde_json::{Value, json};

use crate::day::{CONVERSATIONS, Case, Copy};
use crate::records::Records;
use crate::server::{OWN_BOT, Server};

/// How many actions after the last one the threads are read.
const RECONCILED_AFTER: usize = 2;
/// How many actions after the last one everything has arrived.
const FINISHED_AFTER: usize = 60;

/// A rule that a test breaks, to prove that the comparison finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BrokenRule {
    TextOfEditFromEvent,
    MessageAsOfIgnored,
    ConversationAsOfIgnored,
    DeletionStaysPublic,
    DeletionAsOfSending,
    ReadsAsOfSending,
    EventsAsOfReceipt,
    AsOfWithId,
    MillisecondsFromEvent,
    IdNotInTime,
    CommandsFromReads,
    CommandsRepeated,
    BackslashesKept,
}

impl BrokenRule {
    pub(crate) const ALL: [Self; 13] = [
        Self::TextOfEditFromEvent,
        Self::MessageAsOfIgnored,
        Self::ConversationAsOfIgnored,
        Self::DeletionStaysPublic,
        Self::DeletionAsOfSending,
        Self::ReadsAsOfSending,
        Self::EventsAsOfReceipt,
        Self::AsOfWithId,
        Self::MillisecondsFromEvent,
        Self::IdNotInTime,
        Self::CommandsFromReads,
        Self::CommandsRepeated,
        Self::BackslashesKept,
    ];

    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::TextOfEditFromEvent => "The text of an edit is taken from its event.",
            Self::MessageAsOfIgnored => "The `as_of` of messages is ignored.",
            Self::ConversationAsOfIgnored => "The `as_of` of conversations is ignored.",
            Self::DeletionStaysPublic => "A deleted message stays public.",
            Self::DeletionAsOfSending => "A deletion is recorded as of the time of the message.",
            Self::ReadsAsOfSending => {
                "A version that was read is recorded as of the time of the message."
            }
            Self::EventsAsOfReceipt => "A new message is recorded as of the time of its receipt.",
            Self::AsOfWithId => "The `as_of` of a new message contains the digits of its id.",
            Self::MillisecondsFromEvent => "`sent_at` has the milliseconds of the event.",
            Self::IdNotInTime => "`sent_at` does not contain the digits of the id.",
            Self::CommandsFromReads => "Commands are executed in notes that were read.",
            Self::CommandsRepeated => "Commands are executed once per delivery.",
            Self::BackslashesKept => "The backslashes of line breaks are kept.",
        }
    }
}

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
            self.break_event(body, &mut messages["messages"][0]);
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
        for body in &mut bodies {
            for message in body["messages"].as_array_mut().unwrap() {
                let content = messages
                    .iter()
                    .find(|it| message["id"] == it.id.to_string());
                self.break_read(message, content.unwrap().content.as_deref().unwrap());
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

    fn break_event(&self, body: &Value, message: &mut Value) {
        let is_deleted = body["content_attributes"]["deleted"] == true;
        match self.broken {
            Some(BrokenRule::DeletionStaysPublic) if is_deleted && body["private"] == false => {
                message["visibility"] = json!("public");
            }
            Some(BrokenRule::DeletionAsOfSending) if is_deleted => {
                message["as_of"] = message["sent_at"].clone();
            }
            Some(BrokenRule::AsOfWithId) if !is_deleted => {
                message["as_of"] = message["sent_at"].clone();
            }
            Some(BrokenRule::EventsAsOfReceipt) if !is_deleted => {
                message["as_of"] = json!(self.now().to_string());
            }
            Some(BrokenRule::TextOfEditFromEvent) if body["event"] == "message_updated" => {
                message["as_of"] = json!(self.now().to_string());
            }
            Some(BrokenRule::MillisecondsFromEvent) => {
                message["sent_at"] = body["created_at"].clone();
            }
            Some(BrokenRule::IdNotInTime) => drop_milliseconds(message),
            _ => {}
        }
    }

    fn break_read(&self, message: &mut Value, content: &str) {
        match self.broken {
            Some(BrokenRule::ReadsAsOfSending | BrokenRule::DeletionAsOfSending) => {
                message["as_of"] = message["sent_at"].clone();
            }
            Some(BrokenRule::BackslashesKept) => message["text"] = json!(content),
            Some(BrokenRule::IdNotInTime) => drop_milliseconds(message),
            _ => {}
        }
    }
}

fn drop_milliseconds(message: &mut Value) {
    let sent_at = message["sent_at"].as_str().unwrap();
    message["sent_at"] = json!(format!("{}000Z", &sent_at[..20]));
}
