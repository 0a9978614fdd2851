use std::collections::BTreeSet;

use domain::{
    Agent, ClockHour, ConversationId, EmailAddress, OrganisationId, RatingRequestId, SenderAddress,
    SenderName, TRANSCRIPT_LEASE_SECONDS, TRANSCRIPTS_PER_CONVERSATION, Timestamp, TranscriptId,
    TranscriptState,
};
use serde::{Deserialize, Serialize};

use crate::outbox::EventSubject;
use crate::rating_request::RatingRequestSummary;

/// The transcripts of a conversation in an hour. Each id in the set uses one slot.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct QuotaItem {
    /// The transcripts that use a slot.
    #[serde(default)]
    pub ids: BTreeSet<TranscriptId>,
}

impl QuotaItem {
    /// How many slots are left in the hour.
    pub fn remaining(&self) -> u32 {
        let used = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        TRANSCRIPTS_PER_CONVERSATION.saturating_sub(used)
    }

    /// Whether no slot is left in the hour.
    pub fn is_used_up(&self) -> bool {
        self.remaining() == 0
    }

    /// Whether no slot is left in the hour and the transcript `id` uses none.
    pub fn has_no_slot_for(&self, id: &TranscriptId) -> bool {
        self.is_used_up() && !self.ids.contains(id)
    }
}

/// A transcript, or a mail with the faces of a rating request. The item exists from the moment its slot
/// is reserved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TranscriptItem {
    /// The id of the transcript.
    pub transcript_id: TranscriptId,
    /// How far its delivery has come.
    pub state: TranscriptState,
    /// The address of the recipient.
    pub to: EmailAddress,
    /// The address of the sender.
    pub from: SenderAddress,
    /// The display name of the sender.
    pub sender_name: SenderName,
    /// The agent who requested it.
    pub agent: Agent,
    /// The language of the mail; `None` if an earlier version sent it, which is English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// How many messages it contains.
    pub message_count: u64,
    /// The random id of the attempt that reserved it. A retry under the same idempotency key has
    /// another id.
    #[serde(default)]
    pub attempt: String,
    /// When its slot was reserved. It counts in the hour of this time.
    pub sent_at: Timestamp,
    /// The reason for its state, as a sentence for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How many slots were left after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining: Option<u32>,
    /// The outcome of requesting a rating in the mail; `None` if no rating was to be requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating_request: Option<RatingRequestInMail>,
    /// The rating request whose faces the mail contains instead of a conversation. `None` for a
    /// transcript.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating_mail_of: Option<RatingRequestId>,
    /// The fingerprint of the payload under the idempotency key; `None` without a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload_fingerprint: Option<String>,
}

/// The outcome of requesting a rating in a transcript's mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RatingRequestInMail {
    /// The mail includes the faces.
    Created(RatingRequestSummary),
    /// The mail does not include the faces.
    Refused {
        /// Why the mail does not ask for a rating.
        refused: RatingRequestRefusal,
    },
}

/// Why a transcript's mail does not request a rating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingRequestRefusal {
    /// The code of the refusal, the same as for a request in the chat.
    pub code: String,
}

impl TranscriptItem {
    /// The code of the language of the mail. Former versions sent all mails in English.
    pub fn language_code(&self) -> &str {
        self.language.as_deref().unwrap_or("en")
    }

    /// The subject of the events of this transcript, which belongs to `conversation`.
    pub fn event_subject(
        &self,
        organisation: &OrganisationId,
        conversation: &ConversationId,
    ) -> EventSubject {
        EventSubject::transcript(organisation, conversation, &self.agent, &self.transcript_id)
    }

    /// The hour whose slot it uses.
    pub fn hour(&self) -> ClockHour {
        ClockHour::of(self.sent_at)
    }

    /// Whether the call to SES may still be in progress at `now`.
    pub fn is_in_flight(&self, now: Timestamp) -> bool {
        self.state == TranscriptState::Reserved
            && self.sent_at.plus_seconds(TRANSCRIPT_LEASE_SECONDS) > now
    }
}

#[cfg(test)]
mod tests {
    use domain::AgentId;

    use super::*;

    fn transcript(state: TranscriptState) -> TranscriptItem {
        TranscriptItem {
            transcript_id: TranscriptId::parse("t").unwrap(),
            language: None,
            state,
            to: EmailAddress::parse("jo@example.com").unwrap(),
            from: SenderAddress::parse("help@example.com").unwrap(),
            sender_name: SenderName::parse("Acme").unwrap(),
            agent: Agent {
                id: AgentId::parse("kim").unwrap(),
                name: None,
            },
            message_count: 1,
            attempt: "a".to_owned(),
            sent_at: Timestamp::EPOCH,
            reason: None,
            remaining: None,
            rating_request: None,
            rating_mail_of: None,
            payload_fingerprint: None,
        }
    }

    #[test]
    fn an_hour_has_five_slots() {
        let quota = |used: usize| QuotaItem {
            ids: (0..used)
                .map(|number| TranscriptId::parse(&number.to_string()).unwrap())
                .collect(),
        };
        for (used, remaining) in [(0, 5), (4, 1), (5, 0), (6, 0)] {
            assert_eq!(quota(used).remaining(), remaining, "{used} used");
            assert_eq!(quota(used).is_used_up(), remaining == 0, "{used} used");
        }
    }

    #[test]
    fn only_a_reserved_transcript_is_in_flight_and_only_for_30_seconds() {
        let at = |milliseconds| Timestamp::from_epoch_milliseconds(milliseconds).unwrap();
        let reserved = transcript(TranscriptState::Reserved);
        assert!(reserved.is_in_flight(at(29_999)));
        assert!(!reserved.is_in_flight(at(30_000)));
        assert!(!transcript(TranscriptState::Sent).is_in_flight(at(0)));
        assert!(!transcript(TranscriptState::Unknown).is_in_flight(at(0)));
    }

    #[test]
    fn a_rating_request_in_a_mail_is_stored_as_its_summary_or_its_refusal() {
        let refused = RatingRequestInMail::Refused {
            refused: RatingRequestRefusal {
                code: "channel_not_supported".to_owned(),
            },
        };
        let item = TranscriptItem {
            rating_request: Some(refused.clone()),
            ..transcript(TranscriptState::Sent)
        };
        let key = dynamodb::Key {
            pk: "p".to_owned(),
            sk: "s".to_owned(),
        };
        let stored = dynamodb::write_item(key, &item).unwrap();
        let read: TranscriptItem = dynamodb::read_item(stored).unwrap();
        assert_eq!(read.rating_request, Some(refused));
    }
}
