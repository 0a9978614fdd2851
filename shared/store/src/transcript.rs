use std::collections::BTreeSet;

use domain::{
    Agent, ClockHour, EmailAddress, SenderAddress, SenderName, TRANSCRIPT_LEASE_SECONDS,
    TRANSCRIPTS_PER_CONVERSATION, Timestamp, TranscriptId, TranscriptState,
};
use serde::{Deserialize, Serialize};

use crate::rating_request::RatingRequestSummary;

/// The transcripts of a conversation in an hour: as many slots are used as the set has ids.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct QuotaItem {
    /// The transcripts that hold a slot.
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

/// A transcript, from the reservation of its slot on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TranscriptItem {
    /// Which transcript it is.
    pub transcript_id: TranscriptId,
    /// What has become of it.
    pub state: TranscriptState,
    /// To whom it goes.
    pub to: EmailAddress,
    /// From which address.
    pub from: SenderAddress,
    /// Under which name.
    pub sender_name: SenderName,
    /// Who had it sent.
    pub agent: Agent,
    /// How many messages it holds.
    pub message_count: u64,
    /// Which request reserved it: a repeat under the same idempotency key is another.
    #[serde(default)]
    pub attempt: String,
    /// When its slot was reserved; its hour is the one in which that lies.
    pub sent_at: Timestamp,
    /// Why it is in this state, in a sentence for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How many slots were left after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining: Option<u32>,
    /// What became of the asking for a rating beneath it; `None` where it was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating_request: Option<RatingRequestInMail>,
    /// What the caller's idempotency key stood for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload_fingerprint: Option<String>,
}

/// What became of an asking for a rating beneath a transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RatingRequestInMail {
    /// The faces stand beneath it.
    Made(RatingRequestSummary),
    /// They don't.
    Refused {
        /// Why.
        refused: RatingRequestRefusal,
    },
}

/// Why a rating was not asked for beneath a transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingRequestRefusal {
    /// The code of the refusal, as asking in the chat would give it.
    pub code: String,
}

impl TranscriptItem {
    /// The hour whose slot it holds.
    pub fn hour(&self) -> ClockHour {
        ClockHour::of(self.sent_at)
    }

    /// Whether its mail may still be on its way to SES at `now`.
    pub fn is_in_flight(&self, now: Timestamp) -> bool {
        self.state == TranscriptState::Reserved
            && self.sent_at.plus_seconds(TRANSCRIPT_LEASE_SECONDS) > now
    }
}
