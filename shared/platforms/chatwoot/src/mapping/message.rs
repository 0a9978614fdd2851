use domain::{Author, AuthorKind, MessageId, Timestamp, Visibility};
use platform_recordings::NewMessage;

use crate::connection::Connection;
use crate::mapping::attachments::{self, MappedAttachments};
use crate::mapping::names::{agent_id, person_name};
use crate::mapping::text;
use crate::payload::{Message, MessageType, SenderKind};

/// How much later than received a deletion is recorded. A version that another function read just
/// before must not be newer because its clock is ahead.
const DELETION_LEAD_SECONDS: i64 = 60;

/// The source of a version of a message.
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
    message.message_type != MessageType::Incoming
        && (message.attributes.marker.is_some() || is_of_bot(connection, message))
}

/// Whether the bot of the connection posted the message.
pub(super) fn is_of_bot(connection: &Connection, message: &Message) -> bool {
    message.sender.as_ref().is_some_and(|sender| {
        sender.kind == SenderKind::Bot && sender.id.is_some() && sender.id == connection.bot_id
    })
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
/// their order even if they arrive in another one, unless the ids of that second cross a multiple of
/// 1,000.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::examples::{NOW, created, message, read, updated};
    use serde_json::json;

    #[test]
    fn the_author_kind_follows_from_the_direction_and_the_sender() {
        let user = json!({"id": 7, "name": "Sam Okafor", "type": "user"});
        let bot = json!({"id": 7, "name": "Helper", "type": "agent_bot"});
        let assistant = json!({"id": 7, "name": "Captain", "type": "captain_assistant"});
        let contact = json!({"id": 7, "name": "Ana Reis"});
        for (direction, sender, kind, has_id) in [
            ("incoming", contact, AuthorKind::Visitor, true),
            ("incoming", json!(null), AuthorKind::Visitor, false),
            ("outgoing", user.clone(), AuthorKind::Agent, true),
            ("outgoing", bot, AuthorKind::Bot, true),
            ("outgoing", assistant, AuthorKind::Bot, true),
            ("outgoing", json!(null), AuthorKind::System, false),
            ("template", json!(null), AuthorKind::System, false),
            ("template", user, AuthorKind::System, false),
        ] {
            let mapping = created(json!({"message_type": direction, "sender": sender}));
            let author = message(&mapping).author;
            assert_eq!(author.kind, kind, "{direction} {sender}");
            assert_eq!(author.id.is_some(), has_id, "{direction} {sender}");
        }
    }

    #[test]
    fn an_event_and_the_api_give_a_message_the_same_time() {
        let by_event = message(&created(json!({})));
        let by_api = read(json!({})).bodies[0].messages[0].clone();
        assert_eq!(by_event.sent_at.to_string(), "2026-03-02T09:15:04.001Z");
        assert_eq!(by_api.sent_at, by_event.sent_at);
        assert!(by_event.as_of < by_api.as_of);
        assert_eq!(by_api.as_of.to_string(), NOW);
    }

    #[test]
    fn a_version_that_was_read_is_newer_even_if_our_clock_is_behind() {
        let created_at = Timestamp::parse("2026-03-02T09:31:00.900Z").unwrap();
        let by_event = created(json!({"created_at": created_at}));
        let by_api = read(json!({"created_at": created_at.epoch_seconds()}));
        assert!(message(&by_event).as_of < by_api.bodies[0].messages[0].as_of);
    }

    #[test]
    fn a_deletion_makes_the_message_private_and_is_the_newest_version() {
        let deleted = json!({
            "content": "This message was deleted",
            "content_attributes": {"deleted": true},
            "attachments": [{"data_url": "https://chat.example.com/a.png"}],
        });
        let by_api = read(deleted.clone()).bodies[0].messages[0].clone();
        for deletion in [
            message(&updated(deleted.clone())),
            message(&created(deleted)),
            by_api,
        ] {
            assert_eq!(deletion.visibility, Visibility::Private);
            assert_eq!(deletion.text.as_str(), "This message was deleted");
            assert!(deletion.attachments.is_empty());
            assert_eq!(deletion.as_of.to_string(), "2026-03-02T09:31:00.000Z");
        }
    }

    #[test]
    fn a_long_text_is_cut_at_32_000_characters() {
        let mapping = created(json!({"content": "é".repeat(150_000)}));
        let text = message(&mapping).text;
        assert_eq!(text.as_str().chars().count(), 32_000);
        assert!(text.as_str().ends_with("é…"));
    }
}
