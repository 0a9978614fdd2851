use domain::{Author, AuthorKind, MessageId, Timestamp, Visibility};

use crate::connection::Connection;
use crate::mapping::attachments::{self, MappedAttachments};
use crate::mapping::names::{agent_id, person_name};
use crate::mapping::text;
use crate::payload::{Message, MessageType, Sender, SenderKind};
use crate::recording::NewMessage;

/// How much later than received a deletion is recorded. A version that another function read just
/// before must not be newer because its clock is ahead.
const DELETION_LEAD_SECONDS: i64 = 60;

/// Where a version of a message is from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Version {
    /// An event. Its text can be older than a version that was read.
    Event { received_at: Timestamp },
    /// The API. The text was current when the request was sent, or later.
    Api { read_at: Timestamp },
}

/// Whether this project posted the message. A deletion removes the marker, but not the bot.
///
/// The marker of a visitor's message does not count, because it would hide the message.
pub(super) fn is_own(connection: &Connection, message: &Message) -> bool {
    let is_own_bot = |sender: &Sender| {
        sender.kind == SenderKind::Bot && sender.id.is_some() && sender.id == connection.bot_id
    };
    message.message_type != MessageType::Incoming
        && (message.attributes.marker.is_some() || message.sender.as_ref().is_some_and(is_own_bot))
}

/// Records a message. Returns `None` if the API cannot accept it, because its time is out of range.
pub(super) fn record(message: &Message, version: Version) -> Option<NewMessage> {
    let is_deleted = message.attributes.is_deleted;
    let files = if is_deleted {
        MappedAttachments::default()
    } else {
        attachments::map(&message.attachments)
    };
    let visibility = if message.is_private || is_deleted {
        Visibility::Private
    } else {
        Visibility::Public
    };
    Some(NewMessage {
        id: MessageId::parse(&message.id.to_string()).ok()?,
        sent_at: sent_at(message)?,
        author: author(message),
        visibility,
        text: text::message_text(message, &files.unlinked)?,
        attachments: files.linked,
        as_of: as_of(message, version)?,
    })
}

/// When the message was sent, to the second. The milliseconds are the last three digits of its id.
///
/// The time identifies a message together with its id, so events and the API must agree on it, but
/// the API leaves out the milliseconds. The digits of the id keep messages of the same second in
/// their order even if they arrive in another one.
fn sent_at(message: &Message) -> Option<Timestamp> {
    let position = i64::try_from(message.id % 1000).ok()?;
    second_plus(message, position)
}

/// When this version was current. A new message is as old as its second, which is before each time
/// at which it can be read, even if our clock is behind.
fn as_of(message: &Message, version: Version) -> Option<Timestamp> {
    let (Version::Event { received_at: now } | Version::Api { read_at: now }) = version;
    match version {
        _ if message.attributes.is_deleted => {
            let as_of = now.plus_seconds(DELETION_LEAD_SECONDS);
            Some(as_of.max(second_plus(message, 2)?))
        }
        Version::Event { .. } => second_plus(message, 0),
        Version::Api { .. } => Some(now.max(second_plus(message, 1)?)),
    }
}

/// The second in which the message was created, plus `milliseconds`.
fn second_plus(message: &Message, milliseconds: i64) -> Option<Timestamp> {
    let second = message.created_at.epoch_seconds().checked_mul(1000)?;
    Timestamp::from_epoch_milliseconds(second.checked_add(milliseconds)?)
}

fn author(message: &Message) -> Author {
    let sender = message.sender.as_ref();
    let kind = match (message.message_type, sender.map(|sender| sender.kind)) {
        (MessageType::Incoming, _) => AuthorKind::Visitor,
        (MessageType::Outgoing, Some(SenderKind::User)) => AuthorKind::Agent,
        (MessageType::Outgoing, Some(SenderKind::Bot)) => AuthorKind::Bot,
        _ => AuthorKind::System,
    };
    let named = sender.filter(|_| kind != AuthorKind::System);
    Author {
        kind,
        id: named.and_then(|sender| agent_id(sender.id?)),
        name: named.and_then(|sender| person_name(sender.name.as_deref()?)),
    }
}
