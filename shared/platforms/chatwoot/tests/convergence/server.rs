//! A Chatwoot server in memory.

mod bodies;
mod prompts;

use serde_json::{Value, json};

pub(crate) use self::prompts::Prompt;
use crate::day::{Action, CONVERSATIONS, What};

/// 2026-03-02T09:15:00Z
const START: i64 = 1_772_442_900_000;

/// The text that replaces the text of a deleted message.
pub(crate) const DELETED: &str = "This message was deleted";

/// The id of the bot that posts for this project.
pub(crate) const OWN_BOT: u64 = 9;

#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) now: i64,
    next_message: u64,
    conversations: Vec<Conversation>,
    /// The prompts of this project, in the order in which they were posted.
    pub(crate) prompts: Vec<Prompt>,
}

#[derive(Clone, Debug, Default)]
struct Conversation {
    exists: bool,
    status: &'static str,
    labels: Vec<String>,
    assignee: Option<Value>,
    team: Option<Value>,
    updated_at: i64,
    messages: Vec<Message>,
}

#[derive(Clone, Debug)]
struct Message {
    id: u64,
    created_at: i64,
    kind: u8,
    is_private: bool,
    sender: Value,
    content: String,
    attributes: Value,
    has_file: bool,
}

/// An event whose body is not built yet.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Conversation(&'static str, usize),
    Message(&'static str, usize, u64),
}

impl Server {
    pub(crate) fn new() -> Self {
        Self {
            now: START,
            // The ids do not cross a multiple of 1,000, so the order of each thread is exact.
            next_message: 1_801,
            conversations: vec![Conversation::default(); CONVERSATIONS],
            prompts: Vec::new(),
        }
    }

    /// Applies an action and returns its events.
    pub(crate) fn apply(&mut self, action: &Action) -> Vec<Event> {
        self.now += action.pause_milliseconds;
        let place = action.conversation;
        let text = |number: u8| match number % 4 {
            0 => format!("Text {number} 😀"),
            1 => format!("Text {number}\\\nwith a line break"),
            2 => format!("Text {number} {}", "x".repeat(usize::from(number))),
            _ => format!("{number} < 3 & {{{{ 4"),
        };
        let visitor =
            || json!({"id": 40 + place, "name": format!("Visitor {place}"), "email": null});
        let agent_with = |id: u8| json!({"id": id, "name": format!("Agent {id}"), "type": "user"});
        let agent = || agent_with(7);
        let bot = |id: u64| json!({"id": id, "name": "Helper", "type": "agent_bot"});
        let empty = || json!({});
        match &action.what {
            What::VisitorWrites(it) => self.write(place, 0, false, visitor(), text(*it), empty()),
            What::AgentWrites(it) => self.write(place, 1, false, agent(), text(*it), empty()),
            What::BotWrites(it) => self.write(place, 1, false, bot(3), text(*it), empty()),
            What::Greeting => {
                let text = "We reply soon.".to_owned();
                self.write(place, 3, false, Value::Null, text, empty())
            }
            What::Note(it) => self.write(place, 1, true, agent(), text(*it), empty()),
            What::Command { command, sender } => {
                let sender = sender.map_or(Value::Null, agent_with);
                let command = (*command).to_owned();
                self.write(place, 1, true, sender, command, empty())
            }
            What::Prompt { .. } => self.post_prompt(place, bot(OWN_BOT)),
            What::CopyPrompt { position } => self.copy_prompt(place, *position, agent()),
            What::ChooseFace { position, face } => self.choose_face(place, *position, *face),
            What::RateOnPage { .. } => Vec::new(),
            What::Edit { position, text: it } => {
                let id = self.message_at(place, *position);
                let new = text(*it);
                // Notes with commands are not edited, so that a command is in the body or deleted.
                let is_edited = |message: &Message| {
                    Some(message.id) == id
                        && message.attributes.get("deleted").is_none()
                        && !message.content.starts_with('/')
                };
                self.change_message(place, is_edited, |message| message.content = new)
            }
            What::Delete { position } => {
                let id = self.message_at(place, *position);
                self.change_message(
                    place,
                    |message| Some(message.id) == id,
                    |message| {
                        message.content = DELETED.to_owned();
                        message.attributes = json!({"deleted": true});
                        message.has_file = false;
                    },
                )
            }
            What::Resolve => self.set_status(place, "resolved"),
            What::Reopen => self.set_status(place, "open"),
            What::WaitForBot => self.set_status(place, "pending"),
            What::Label(number) => self.change(place, |conversation| {
                let label = format!("label-{number}");
                match conversation.labels.iter().position(|it| *it == label) {
                    Some(position) => {
                        conversation.labels.remove(position);
                    }
                    None => conversation.labels.push(label),
                }
            }),
            What::Assign(id) => {
                let assignee = id.map(|id| agent_with(20 + id));
                self.change(place, |conversation| conversation.assignee = assignee)
            }
            What::AssignBot => {
                self.change(place, |conversation| conversation.assignee = Some(bot(3)))
            }
            What::Team(id) => {
                let team = id.map(|id| json!({"id": id, "name": format!("Team {id}")}));
                self.change(place, |conversation| conversation.team = team)
            }
        }
    }

    fn write(
        &mut self,
        place: usize,
        kind: u8,
        is_private: bool,
        sender: Value,
        content: String,
        attributes: Value,
    ) -> Vec<Event> {
        let mut events = Vec::new();
        let conversation = &mut self.conversations[place];
        if !conversation.exists {
            conversation.exists = true;
            conversation.status = "open";
            events.push(Event::Conversation("conversation_created", place));
        } else if kind == 0 && conversation.status == "resolved" {
            conversation.status = "open";
            events.push(Event::Conversation("conversation_status_changed", place));
            events.push(Event::Conversation("conversation_updated", place));
        }
        let id = self.next_message;
        self.next_message += 1 + id % 3;
        conversation.updated_at = self.now;
        conversation.messages.push(Message {
            id,
            created_at: self.now,
            kind,
            is_private,
            sender,
            has_file: content.contains("😀"),
            content,
            attributes,
        });
        events.push(Event::Message("message_created", place, id));
        events
    }

    /// The id of a message. The newest one is the first.
    fn message_at(&self, place: usize, position: usize) -> Option<u64> {
        let messages = &self.conversations[place].messages;
        let index = position % messages.len().max(1);
        messages.iter().rev().nth(index).map(|it| it.id)
    }

    fn change_message(
        &mut self,
        place: usize,
        is_changed: impl Fn(&Message) -> bool,
        change: impl FnOnce(&mut Message),
    ) -> Vec<Event> {
        let is_changed = |message: &&mut Message| message.kind != 2 && is_changed(message);
        let Some(message) = self.conversations[place]
            .messages
            .iter_mut()
            .find(is_changed)
        else {
            return Vec::new();
        };
        change(message);
        vec![Event::Message("message_updated", place, message.id)]
    }

    fn change(&mut self, place: usize, change: impl FnOnce(&mut Conversation)) -> Vec<Event> {
        let conversation = &mut self.conversations[place];
        if !conversation.exists {
            return Vec::new();
        }
        change(conversation);
        conversation.updated_at = self.now;
        vec![Event::Conversation("conversation_updated", place); 2]
    }

    fn set_status(&mut self, place: usize, status: &'static str) -> Vec<Event> {
        let id = self.next_message;
        let now = self.now;
        let mut events = self.change(place, |conversation| {
            conversation.status = status;
            conversation.messages.push(Message {
                id,
                created_at: now,
                kind: 2,
                is_private: false,
                sender: Value::Null,
                content: format!("The status is {status}"),
                attributes: json!({}),
                has_file: false,
            });
        });
        self.next_message += 1;
        if let Some(first) = events.first_mut() {
            *first = Event::Conversation("conversation_status_changed", place);
        }
        events
    }
}
