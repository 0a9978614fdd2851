use domain::Timestamp;
use serde_json::{Map, Value};

use crate::payload::error::DecodeError;
use crate::payload::object::Object;

/// The key in a message's `content_attributes` that marks the messages that this project posts. Its
/// value is a string of the project's own, such as the id of a rating request.
pub const MARKER_KEY: &str = "afterchat";

/// The direction of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageType {
    /// From the visitor.
    Incoming,
    /// From a teammate, a bot or an automation rule.
    Outgoing,
    /// A line about what happened in the conversation.
    Activity,
    /// From Chatwoot itself, such as a greeting.
    Template,
}

/// What kind of sender a message has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SenderKind {
    /// A teammate.
    User,
    /// The visitor.
    Contact,
    /// An agent bot, or an assistant.
    Bot,
}

/// The sender of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The kind of sender.
    pub kind: SenderKind,
    /// The id among the senders of this kind on the server.
    pub id: Option<u64>,
    /// The name.
    pub name: Option<String>,
}

/// One choice, card, field or article that a message offers, or one value that the visitor
/// submitted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The title, label or name.
    pub title: Option<String>,
    /// The value, description or link.
    pub value: Option<String>,
}

/// The members of `content_attributes` that the mapping needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentAttributes {
    /// Whether the message was deleted.
    pub is_deleted: bool,
    /// The value of [`MARKER_KEY`]. It is empty if it is not a string.
    pub marker: Option<String>,
    /// What the message offers.
    pub items: Vec<Choice>,
    /// What the visitor submitted.
    pub submitted: Vec<Choice>,
}

/// A file, a location or a contact that is attached to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The kind of file, such as `image` or `location`.
    pub file_type: Option<String>,
    /// The URL of the file.
    pub data_url: Option<String>,
    /// The ending of the file's name.
    pub extension: Option<String>,
    /// The size of the file in bytes.
    pub file_size: Option<u64>,
    /// The title of a location or a contact.
    pub title: Option<String>,
}

/// A message.
#[derive(Clone, Debug)]
pub struct Message {
    /// The id, unique on the server.
    pub id: u64,
    /// The text: Markdown as the author wrote it, or HTML from some versions.
    pub content: Option<String>,
    /// What the message shows, such as `text` or `input_select`.
    pub content_type: Option<String>,
    /// The direction.
    pub message_type: MessageType,
    /// Whether only teammates see the message.
    pub is_private: bool,
    /// When it was created. The API leaves out the milliseconds.
    pub created_at: Timestamp,
    /// The sender. `None` for templates, automation rules and deleted agents.
    pub sender: Option<Sender>,
    /// Data that depends on the type of the content.
    pub attributes: ContentAttributes,
    /// The attachments.
    pub attachments: Vec<Attachment>,
}

impl Message {
    pub(super) fn read(object: &Object<'_>) -> Result<Self, DecodeError> {
        let message_type = read_message_type(object)?;
        let sender = object.object("sender")?;
        let sender = sender.map(|sender| Sender::read(&sender, message_type));
        let attachments = object.objects("attachments")?.unwrap_or_default();
        Ok(Self {
            id: object.required("id", object.id("id")?)?,
            content: object.text("content")?.map(ToOwned::to_owned),
            content_type: object.text("content_type")?.map(ToOwned::to_owned),
            message_type,
            is_private: read_private(object)?,
            created_at: object.required("created_at", object.time("created_at")?)?,
            sender: sender.transpose()?,
            attributes: ContentAttributes::read(&object.loose_members("content_attributes")?),
            attachments: attachments
                .iter()
                .map(Attachment::read)
                .collect::<Result<_, _>>()?,
        })
    }
}

/// `null` means public, but a payload without the member does not say what the message is.
fn read_private(object: &Object<'_>) -> Result<bool, DecodeError> {
    let is_private = object.flag("private")?;
    let default = object.has("private").then_some(false);
    object.required("private", is_private.or(default))
}

/// The type is a word in webhooks and a number in the API.
fn read_message_type(object: &Object<'_>) -> Result<MessageType, DecodeError> {
    let unreadable = || object.unreadable("message_type", "a message type");
    let number = object.id("message_type").ok().flatten();
    let word = match number {
        Some(_) => None,
        None => object.text("message_type").map_err(|_| unreadable())?,
    };
    match (number, word) {
        (Some(0), _) | (_, Some("incoming")) => Ok(MessageType::Incoming),
        (Some(1), _) | (_, Some("outgoing")) => Ok(MessageType::Outgoing),
        (Some(2), _) | (_, Some("activity")) => Ok(MessageType::Activity),
        (Some(3), _) | (_, Some("template")) => Ok(MessageType::Template),
        (None, None) => object.required("message_type", None),
        _ => Err(unreadable()),
    }
}

impl Sender {
    fn read(object: &Object<'_>, message_type: MessageType) -> Result<Self, DecodeError> {
        let kind = match object.text("type")?.map(str::to_ascii_lowercase).as_deref() {
            Some("user") => SenderKind::User,
            Some("contact") => SenderKind::Contact,
            Some(_) => SenderKind::Bot,
            None if message_type == MessageType::Incoming => SenderKind::Contact,
            None => SenderKind::User,
        };
        Ok(Self {
            kind,
            id: object.id("id")?,
            name: object.text("name")?.map(ToOwned::to_owned),
        })
    }
}

impl ContentAttributes {
    /// Reads the members that have a known shape. Of the others only the deletion matters, so any
    /// value of `deleted` except `false` and `null` is one.
    fn read(members: &Map<String, Value>) -> Self {
        let get = |name: &str| members.get(name).filter(|value| !value.is_null());
        let items = get("items").and_then(Value::as_array);
        let mut submitted: Vec<_> = match get("submitted_values") {
            Some(Value::Array(values)) => values.iter().map(Choice::read_submitted).collect(),
            Some(Value::Object(values)) => read_csat(values).into_iter().collect(),
            _ => Vec::new(),
        };
        submitted.extend(get("submitted_email").map(|email| Choice {
            title: None,
            value: shown(email),
        }));
        Self {
            is_deleted: get("deleted").is_some_and(|deleted| *deleted != Value::Bool(false)),
            marker: get(MARKER_KEY).map(|marker| marker.as_str().unwrap_or_default().to_owned()),
            items: items
                .map(|items| items.iter().map(Choice::read_item).collect())
                .unwrap_or_default(),
            submitted,
        }
    }
}

impl Choice {
    fn read_item(item: &Value) -> Self {
        let first = |names: &[&str]| names.iter().find_map(|name| shown(item.get(name)?));
        Self {
            title: first(&["title", "label", "name"]),
            value: first(&["description", "link"]),
        }
    }

    fn read_submitted(value: &Value) -> Self {
        let get = |name: &str| value.get(name).and_then(shown);
        Self {
            title: get("title").or_else(|| get("name")),
            value: get("value"),
        }
    }
}

/// The answer to Chatwoot's own survey.
fn read_csat(values: &Map<String, Value>) -> Option<Choice> {
    let response = values.get("csat_survey_response")?;
    Some(Choice {
        title: response.get("rating").and_then(shown),
        value: response.get("feedback_message").and_then(shown),
    })
}

/// A text, number or boolean as text. `None` if it is blank.
fn shown(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        _ => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

impl Attachment {
    fn read(object: &Object<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            file_type: object.text("file_type")?.map(ToOwned::to_owned),
            data_url: object.text("data_url")?.map(ToOwned::to_owned),
            extension: object.text("extension")?.map(ToOwned::to_owned),
            file_size: object.id("file_size")?,
            title: object.text("fallback_title")?.map(ToOwned::to_owned),
        })
    }
}
