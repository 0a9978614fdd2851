//! The rules that are broken on purpose.

use domain::Timestamp;
use serde_json::{Value, json};

use crate::server::DELETED;

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

    /// Breaks the rule in a message that was recorded because of an event.
    pub(crate) fn break_event(self, body: &Value, message: &mut Value, now: Timestamp) {
        let is_deleted = body["content_attributes"]["deleted"] == true;
        match self {
            Self::DeletionStaysPublic if is_deleted && body["private"] == false => {
                message["visibility"] = json!("public");
            }
            Self::DeletionAsOfSending if is_deleted => {
                message["as_of"] = without_milliseconds(&message["sent_at"]);
            }
            Self::AsOfWithId if !is_deleted => {
                message["as_of"] = message["sent_at"].clone();
            }
            Self::EventsAsOfReceipt if !is_deleted => {
                message["as_of"] = json!(now.to_string());
            }
            Self::TextOfEditFromEvent if body["event"] == "message_updated" => {
                message["as_of"] = json!(now.to_string());
            }
            Self::MillisecondsFromEvent => {
                message["sent_at"] = body["created_at"].clone();
            }
            Self::IdNotInTime => {
                message["sent_at"] = without_milliseconds(&message["sent_at"]);
            }
            _ => {}
        }
    }

    /// Breaks the rule in a message that was read.
    pub(crate) fn break_read(self, message: &mut Value, content: &str) {
        match self {
            Self::ReadsAsOfSending => {
                message["as_of"] = without_milliseconds(&message["sent_at"]);
            }
            Self::DeletionAsOfSending if content == DELETED => {
                message["as_of"] = without_milliseconds(&message["sent_at"]);
            }
            Self::BackslashesKept => message["text"] = json!(content),
            Self::IdNotInTime => {
                message["sent_at"] = without_milliseconds(&message["sent_at"]);
            }
            _ => {}
        }
    }
}

fn without_milliseconds(time: &Value) -> Value {
    let time = time.as_str().unwrap();
    json!(format!("{}000Z", &time[..20]))
}
