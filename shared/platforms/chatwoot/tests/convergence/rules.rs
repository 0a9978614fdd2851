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
    BackslashesKept,
    ThreadsNotRead,
    ThreadsOnlyAdd,
    EqualVersionsSkipped,
    CommandsFromReads,
    CommandsRepeated,
    RequestsRepeated,
    CooldownIgnored,
    AnswersNotReadBack,
    AnswerFromEvent,
    AnswersInThreadsIgnored,
    FirstAnswerKept,
    TimeOfRatingIgnored,
    ReadTimeOfAnswerIgnored,
    ReadTimeNotAdvanced,
    ThreadsReplacePage,
    SameAnswerRecordedAgain,
    CopiesCount,
    EarlierRequestsAnswerable,
    WithdrawnRequestsClosed,
    WithdrawalKept,
    AskedWithoutRead,
    OlderReadLast,
    OlderEventLast,
    OlderAnswerLast,
    ChoiceReadAfterPage,
}

impl BrokenRule {
    /// The rules of the product.
    pub(crate) const RULES: &[Self] = &[
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
        Self::BackslashesKept,
        Self::ThreadsNotRead,
        Self::ThreadsOnlyAdd,
        Self::EqualVersionsSkipped,
        Self::CommandsFromReads,
        Self::CommandsRepeated,
        Self::RequestsRepeated,
        Self::CooldownIgnored,
        Self::AnswersNotReadBack,
        Self::AnswerFromEvent,
        Self::AnswersInThreadsIgnored,
        Self::FirstAnswerKept,
        Self::TimeOfRatingIgnored,
        Self::ReadTimeOfAnswerIgnored,
        Self::ReadTimeNotAdvanced,
        Self::ThreadsReplacePage,
        Self::SameAnswerRecordedAgain,
        Self::CopiesCount,
        Self::EarlierRequestsAnswerable,
        Self::WithdrawnRequestsClosed,
        Self::WithdrawalKept,
        Self::AskedWithoutRead,
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
            Self::BackslashesKept => "The backslashes of line breaks are kept.",
            Self::ThreadsNotRead => "The threads are not read at the end.",
            Self::ThreadsOnlyAdd => {
                "A thread that is read adds messages, but does not change recorded ones."
            }
            Self::EqualVersionsSkipped => {
                "A version that is read because of an event is left out if it is recorded already."
            }
            Self::CommandsFromReads => "Commands are executed in notes that were read.",
            Self::CommandsRepeated => "Commands are executed once per delivery.",
            Self::RequestsRepeated => "A command makes a rating request per delivery.",
            Self::CooldownIgnored => "An agent can ask twice.",
            Self::AnswersNotReadBack => "A prompt is not read back after an answer.",
            Self::AnswerFromEvent => "An answer is taken from its event.",
            Self::AnswersInThreadsIgnored => "Answers are ignored if the whole thread is read.",
            Self::FirstAnswerKept => "The first answer in a prompt is kept.",
            Self::TimeOfRatingIgnored => {
                "An answer replaces a rating that was recorded after the answer was read."
            }
            Self::ReadTimeOfAnswerIgnored => {
                "An answer that was read earlier replaces one that was read later."
            }
            Self::ReadTimeNotAdvanced => {
                "If the recorded answer is read again because of an event, the time of the read is not recorded."
            }
            Self::ThreadsReplacePage => {
                "A first answer in a thread that is read replaces a rating on the page."
            }
            Self::SameAnswerRecordedAgain => {
                "An answer that is read again replaces a later rating on the page."
            }
            Self::CopiesCount => "An answer in a copy of a prompt counts.",
            Self::EarlierRequestsAnswerable => "An answer counts after the next request was made.",
            Self::WithdrawnRequestsClosed => "An answer to a withdrawn request is ignored.",
            Self::WithdrawalKept => "A request stays withdrawn after it was answered.",
            Self::AskedWithoutRead => {
                "The conversation is not read before a command makes a request."
            }
            Self::OlderReadLast
            | Self::OlderEventLast
            | Self::OlderAnswerLast
            | Self::ChoiceReadAfterPage => "An order of `orders.rs` is not kept.",
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
