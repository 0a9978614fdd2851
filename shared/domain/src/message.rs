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
    /// The customer.
    Visitor,
    /// A teammate.
    Agent,
    /// A program that answers.
    Bot,
    /// The chat platform itself.
    System,
}

impl AuthorKind {
    /// Reads a kind of author.
    ///
    /// # Errors
    /// If `text` is none of the four kinds.
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

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// What kind of author.
    pub kind: AuthorKind,
    /// Which one, by the platform's own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<AgentId>,
    /// What they are called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
}

/// What a message says: at most 32,000 characters, any number of lines.
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

/// What somebody said in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who said it.
    pub author: Author,
    /// What they said.
    pub text: MessageText,
    /// The files that came with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// The files that came with it, but whose URLs were too long to be recorded. They are apart from
    /// the others because former versions read no attachment without a URL.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unlinked_attachments: Vec<UnlinkedAttachment>,
}
