use serde::{Deserialize, Serialize};

use super::text::{breaks_a_line, has_length, text_value};
use super::{
    Agent, AgentId, Comment, InvalidValue, MessageId, PersonName, RatingRequestId, Score,
    Sentiment, Timestamp, TranscriptId,
};

/// Who may see an entry of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// The visitor and the agents.
    Public,
    /// The agents alone.
    Private,
}

impl Visibility {
    /// Reads a visibility.
    ///
    /// # Errors
    /// Where `text` is neither `public` nor `private`.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        match text {
            "public" => Ok(Self::Public),
            "private" => Ok(Self::Private),
            _ => Err(InvalidValue::new("must be public or private")),
        }
    }
}

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
    /// Where `text` is none of the four kinds.
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
    /// Where `text` is longer than 32,000 characters.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        if has_length(text, 0, 32_000) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new("must be at most 32,000 characters"))
        }
    }
}

/// The name of an attached file: 1 to 255 characters on one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AttachmentName(String);

text_value!(AttachmentName);

impl AttachmentName {
    /// Reads a file's name.
    ///
    /// # Errors
    /// Where `text` is empty, too long or holds control characters.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        if has_length(text, 1, 255) && !text.contains(breaks_a_line) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new(
                "must be 1 to 255 characters without control characters",
            ))
        }
    }
}

/// Where an attached file is: an absolute `https` or `http` URL of at most 2,048 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AttachmentUrl(String);

text_value!(AttachmentUrl);

impl AttachmentUrl {
    /// Reads a URL.
    ///
    /// # Errors
    /// Where `text` is not such a URL, or holds spaces, quotes or angle brackets.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let host_and_rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let has_host = host_and_rest.is_some_and(|rest| {
            rest.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '[')
        });
        let is_plain = text.bytes().all(|byte| {
            byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'`')
        });
        if has_host && is_plain && text.len() <= 2_048 {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new(
                "must be an https or http URL of at most 2,048 characters, percent-encoded",
            ))
        }
    }

    /// Whether the file is fetched over TLS: only such links go into a mail.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

/// The media type of an attached file: 1 to 255 printable ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContentType(String);

text_value!(ContentType);

impl ContentType {
    /// Reads a media type.
    ///
    /// # Errors
    /// Where `text` is not 1 to 255 printable ASCII characters.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let follows_rule = (1..=255).contains(&text.len())
            && text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if follows_rule {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new(
                "must be 1 to 255 printable ASCII characters",
            ))
        }
    }
}

/// A file that came with a message; the file itself stays with the chat platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// What the file is called.
    pub name: AttachmentName,
    /// Where it is.
    pub url: AttachmentUrl,
    /// What kind of file it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<ContentType>,
    /// How large it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
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
}

/// A score with what was said beside it, as an event tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingValue {
    /// The score.
    pub score: Score,
    /// The score in one word.
    pub sentiment: Sentiment,
    /// What the visitor added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Comment>,
}

impl RatingValue {
    /// The value of `score` and `comment`.
    pub fn new(score: Score, comment: Option<Comment>) -> Self {
        Self {
            score,
            sentiment: score.sentiment(),
            comment,
        }
    }
}

/// What happened in a conversation beside what was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// An agent asked for a rating.
    RatingRequested {
        /// The asking.
        rating_request_id: RatingRequestId,
        /// Who asked.
        agent: Agent,
    },
    /// The visitor answered for the first time.
    RatingSubmitted {
        /// The asking that it answers.
        rating_request_id: RatingRequestId,
        /// The answer.
        #[serde(flatten)]
        rating: RatingValue,
    },
    /// The visitor changed the answer.
    RatingChanged {
        /// The asking that it answers.
        rating_request_id: RatingRequestId,
        /// The answer before.
        old: RatingValue,
        /// The answer now.
        new: RatingValue,
    },
    /// A transcript was mailed.
    TranscriptSent {
        /// The transcript.
        transcript_id: TranscriptId,
        /// To whom, masked: a third party's address must not show in the visitor's chat.
        to: String,
        /// Who had it sent.
        agent: Agent,
    },
}

impl Event {
    /// Who may see the event.
    pub fn visibility(&self) -> Visibility {
        match self {
            Self::TranscriptSent { .. } => Visibility::Public,
            Self::RatingRequested { .. }
            | Self::RatingSubmitted { .. }
            | Self::RatingChanged { .. } => Visibility::Private,
        }
    }
}

/// Names an entry within its thread and its time: a message's own id, or for an event its type, a
/// slash and 32 hexadecimal digits. The slash keeps events out of reach of messages' ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EntryId(String);

text_value!(EntryId);

impl EntryId {
    /// Reads an entry's id.
    ///
    /// # Errors
    /// Where `text` is neither a message's id nor an event's.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let id = match text.split_once('/') {
            Some((kind, id)) => MessageId::parse(kind).and(MessageId::parse(id)),
            None => MessageId::parse(text),
        };
        id.map(|_| Self(text.to_owned()))
    }

    /// The id of the event of type `kind` that belongs to `subject`.
    pub fn of_event(kind: &'static str, subject: &str) -> Self {
        Self(format!("{kind}/{subject}"))
    }
}

impl From<MessageId> for EntryId {
    fn from(id: MessageId) -> Self {
        Self(id.into())
    }
}

/// What an entry of a thread is: something said, or something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EntryContent {
    /// Something said.
    Message(Message),
    /// Something that happened.
    Event {
        /// What it was.
        event: Event,
    },
}

/// One entry of a conversation's thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Names it within its time.
    pub id: EntryId,
    /// When it was.
    pub at: Timestamp,
    /// Who may see it.
    pub visibility: Visibility,
    /// What it is.
    #[serde(flatten)]
    pub content: EntryContent,
}

impl Entry {
    /// The entry of an `event` of a type, about a `subject`, at a time.
    pub fn of_event(id: EntryId, at: Timestamp, event: Event) -> Self {
        Self {
            id,
            at,
            visibility: event.visibility(),
            content: EntryContent::Event { event },
        }
    }
}

/// A message that the visitor may see: the only kind of entry that a transcript can hold.
///
/// It comes from nothing but [`PublicMessage::from_entry`], so a private note cannot become one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicMessage {
    sent_at: Timestamp,
    message: Message,
}

impl PublicMessage {
    /// The message in `entry`, or `None` where it is private or an event.
    pub fn from_entry(entry: Entry) -> Option<Self> {
        match (entry.visibility, entry.content) {
            (Visibility::Public, EntryContent::Message(message)) => Some(Self {
                sent_at: entry.at,
                message,
            }),
            _ => None,
        }
    }

    /// When it was said.
    pub fn sent_at(&self) -> Timestamp {
        self.sent_at
    }

    /// Who said it.
    pub fn author(&self) -> &Author {
        &self.message.author
    }

    /// What was said.
    pub fn text(&self) -> &str {
        self.message.text.as_str()
    }

    /// The files that came with it.
    pub fn attachments(&self) -> &[Attachment] {
        &self.message.attachments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attachments_url_is_absolute_and_plain() {
        for text in [
            "https://example.com/a.png?x=1#y",
            "http://localhost:8080/a",
            "https://[::1]/a",
        ] {
            assert!(AttachmentUrl::parse(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "javascript:alert(1)",
            "data:text/html,x",
            "//example.com/a",
            "https://",
            "https:///a",
            "https://example.com/a b",
            "https://example.com/\"onclick",
            "https://example.com/a\r\nb",
            "ftp://example.com",
        ] {
            assert!(AttachmentUrl::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_private_note_never_becomes_a_public_message() {
        let entry = |visibility| Entry {
            id: MessageId::parse("m1").unwrap().into(),
            at: Timestamp::EPOCH,
            visibility,
            content: EntryContent::Message(Message {
                author: Author {
                    kind: AuthorKind::Agent,
                    id: None,
                    name: None,
                },
                text: MessageText::parse("hello").unwrap(),
                attachments: Vec::new(),
            }),
        };
        assert!(PublicMessage::from_entry(entry(Visibility::Public)).is_some());
        assert!(PublicMessage::from_entry(entry(Visibility::Private)).is_none());
    }

    #[test]
    fn a_messages_id_cannot_name_an_event() {
        let event = EntryId::of_event("transcript_sent", "0123");
        assert!(MessageId::parse(event.as_str()).is_err());
        assert_eq!(EntryId::parse(event.as_str()).unwrap(), event);
    }
}
