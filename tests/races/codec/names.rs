//! The names and ids that the API uses for the model's values.

use crate::commands::CommandNumber;
use crate::commands::{Agent, Channel, Chat, MessageName, Status, Visibility, Wording};
use crate::model::Message;

pub fn rating_request_id(number: CommandNumber) -> String {
    format!("<request {}>", number.0)
}

pub fn transcript_id(number: CommandNumber) -> String {
    format!("<transcript {}>", number.0)
}

pub fn token_id(number: CommandNumber) -> String {
    format!("<token {}>", number.0)
}

pub fn agent_id(agent: Agent) -> &'static str {
    match agent {
        Agent::Kim => "kim",
        Agent::Lee => "lee",
        Agent::Max => "max",
        Agent::Automatic => "automatic",
        Agent::Visitor => "visitor",
    }
}

pub fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Widget => "widget",
        Channel::Voice => "voice",
        Channel::Messenger => "messenger",
    }
}

/// The state of the button if the channel does not support ratings.
pub(super) fn presentation(channel: Channel) -> &'static str {
    match channel {
        Channel::Widget => "enabled",
        Channel::Voice => "hidden",
        Channel::Messenger => "disabled",
    }
}

pub fn status(status: Status) -> &'static str {
    match status {
        Status::Open => "open",
        Status::Resolved => "resolved",
    }
}

pub fn visibility(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Private => "private",
    }
}

pub fn message_id(name: MessageName) -> &'static str {
    match name {
        MessageName::M1 => "m1",
        MessageName::M2 => "m2",
    }
}

pub fn message_time(name: MessageName) -> &'static str {
    match name {
        MessageName::M1 => "2026-01-05T09:00:01.000Z",
        MessageName::M2 => "2026-01-05T09:00:02.000Z",
    }
}

/// The text of a message. Each message has another text, so a mail's text shows its messages.
pub fn message_text(name: MessageName, message: Message) -> String {
    let wording = match message.wording {
        Wording::First => "first",
        Wording::Second => "second",
    };
    let visibility = visibility(message.visibility);
    format!("{}-{visibility}-{wording}", message_id(name))
}

/// Each visitor's address, masked.
pub const MASKED_ADDRESS: &str = "c•••@example.org";

/// Gives the conversations of each case ids that no other case has.
#[derive(Clone, Copy, Debug)]
pub struct Naming {
    pub case: usize,
}

impl Naming {
    pub fn conversation(self, chat: Chat) -> String {
        match chat {
            Chat::C1 => format!("c1.{}", self.case),
            Chat::C2 => format!("c2.{}", self.case),
        }
    }

    pub fn address(self, chat: Chat) -> String {
        format!("{}@example.org", self.conversation(chat))
    }
}
