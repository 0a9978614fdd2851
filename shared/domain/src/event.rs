use serde::{Deserialize, Serialize};

use crate::agent::Agent;
use crate::ids::{RatingRequestId, TranscriptId};
use crate::rating::{Comment, Score, Sentiment};
use crate::visibility::Visibility;

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
    /// A transcript did not arrive.
    TranscriptBounced {
        /// The transcript.
        transcript_id: TranscriptId,
        /// Why, in a sentence for a person. It never repeats what another mail server wrote.
        reason: String,
    },
    /// The recipient called a transcript spam.
    TranscriptComplained {
        /// The transcript.
        transcript_id: TranscriptId,
        /// What was said of it, in a sentence for a person.
        reason: String,
    },
}

impl Event {
    /// Who may see the event.
    pub fn visibility(&self) -> Visibility {
        match self {
            Self::TranscriptSent { .. } => Visibility::Public,
            Self::RatingRequested { .. }
            | Self::RatingSubmitted { .. }
            | Self::RatingChanged { .. }
            | Self::TranscriptBounced { .. }
            | Self::TranscriptComplained { .. } => Visibility::Private,
        }
    }
}
