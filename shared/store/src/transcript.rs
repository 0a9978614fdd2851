use std::collections::BTreeSet;

use domain::{
    Agent, ClockHour, EmailAddress, SenderAddress, SenderName, TRANSCRIPT_LEASE_SECONDS,
    TRANSCRIPTS_PER_CONVERSATION, Timestamp, TranscriptId, TranscriptState,
};
use serde::{Deserialize, Serialize};

use crate::rating_request::RatingRequestSummary;

/// The transcripts of a conversation in an hour. Each id in the set uses one slot.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct QuotaItem {
    /// The transcripts that use a slot.
    #[serde(default)]
    pub ids: BTreeSet<TranscriptId>,
}

impl QuotaItem {
    /// How many slots are left.
    pub fn remaining(&self) -> u32 {
        let used = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        TRANSCRIPTS_PER_CONVERSATION.saturating_sub(used)
    }

    /// Whether no slot is left.
    pub fn is_used_up(&self) -> bool {
        self.remaining() == 0
    }
}

/// A transcript, from the reservation of its slot.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TranscriptItem {
    /// Which transcript it is.
    pub transcript_id: TranscriptId,
    /// Its delivery state.
    pub state: TranscriptState,
    /// The recipient.
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
    /// The id of the request that reserved it. A retry under the same idempotency key has another
    /// id.
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
    /// The fingerprint of the payload under the idempotency key; `None` without a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload_fingerprint: Option<String>,
}

/// The outcome of requesting a rating in a transcript's mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RatingRequestInMail {
    /// The mail includes the faces.
    Made(RatingRequestSummary),
    /// The mail does not include the faces.
    Refused {
        /// The reason.
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
    /// The hour whose slot it uses.
    pub fn hour(&self) -> ClockHour {
        ClockHour::of(self.sent_at)
    }

    /// Whether at `now` its mail may still be in transfer to SES.
    pub fn is_in_flight(&self, now: Timestamp) -> bool {
        self.state == TranscriptState::Reserved
            && self.sent_at.plus_seconds(TRANSCRIPT_LEASE_SECONDS) > now
    }
}
