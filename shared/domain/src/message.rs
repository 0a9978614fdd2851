use serde::{Deserialize, Serialize};

use crate::agent::AgentId;
use crate::attachment::{Attachment, UnlinkedAttachment};
use crate::invalid_value::InvalidValue;
use crate::names::PersonName;
use crate::text::{has_length, text_value};

/// What kind of author wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthorKind {
    /// The customer in the chat.
    Visitor,
    /// A teammate who answers in the chat.
    Agent,
    /// A program that answers automatically.
    Bot,
    /// The chat platform itself.
    System,
}

impl AuthorKind {
    /// Reads a kind of author.
    ///
    /// # Errors
    /// If `text` is not one of the four kinds.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        match text {
            "visitor" => Ok(Self::Visitor),
            "agent" => Ok(Self::Agent),
            "bot" => Ok(Self::Bot),
            "system" => Ok(Self::System),
            _ => Err(InvalidValue::new("must be visitor, agent, bot or system")),
        }
    }
}

/// The author of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Whether the author is a person or a program.
    pub kind: AuthorKind,
    /// The author's id on the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<AgentId>,
    /// The name that transcripts show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
}

/// The text of a message: at most 32,000 characters, any number of lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MessageText(String);

text_value!(MessageText);

impl MessageText {
    /// Reads a message's text.
    ///
    /// # Errors
    /// If `text` is longer than 32,000 characters.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        if has_length(text, 0, 32_000) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new("must be at most 32,000 characters"))
        }
    }
}

/// A message in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The author of the message.
    pub author: Author,
    /// The text of the message.
    pub text: MessageText,
    /// The attached files, with their URLs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// The attached files whose URLs were too long to be recorded. They are separate from the
    /// others because former versions cannot read an attachment without a URL.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unlinked_attachments: Vec<UnlinkedAttachment>,
}
