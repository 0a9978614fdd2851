use serde::{Deserialize, Serialize};

use crate::agent::Agent;
use crate::asked_by::AskedBy;
use crate::ids::{RatingRequestId, TranscriptId};
use crate::rating::{Comment, Score, Sentiment};
use crate::reason::ChosenReasons;
use crate::visibility::Visibility;

/// A visitor's rating, as events contain it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingValue {
    /// The score, from 1 to 5.
    pub score: Score,
    /// The score in one word.
    pub sentiment: Sentiment,
    /// The visitor's comment; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Comment>,
    /// The reasons that the visitor chose.
    #[serde(default, skip_serializing_if = "ChosenReasons::is_empty")]
    pub reasons: ChosenReasons,
}

impl RatingValue {
    /// The rating with this score, comment and these reasons.
    pub fn new(score: Score, comment: Option<Comment>, reasons: ChosenReasons) -> Self {
        Self {
            score,
            sentiment: score.sentiment(),
            comment,
            reasons,
        }
    }
}

/// A mail that is sent by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailInThread {
    /// The transcript.
    Transcript,
    /// The mail with the faces of an unanswered rating request.
    RatingRequest,
}

/// An event in a conversation, in addition to its messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// An agent or a rule asked for a rating.
    RatingRequested {
        /// The id of the rating request.
        rating_request_id: RatingRequestId,
        /// The agent who asked for the rating. If a rule asked, it is the conversation's assignee.
        agent: Agent,
        /// Who or what asked.
        #[serde(default)]
        by: AskedBy,
    },
    /// The rating request expired before the visitor answered.
    RatingExpired {
        /// The id of the rating request.
        rating_request_id: RatingRequestId,
    },
    /// The visitor answered for the first time.
    RatingSubmitted {
        /// The id of the rating request that the visitor answered.
        rating_request_id: RatingRequestId,
        /// The rating.
        #[serde(flatten)]
        rating: RatingValue,
    },
    /// The visitor changed the answer.
    RatingChanged {
        /// The id of the rating request that the visitor answered.
        rating_request_id: RatingRequestId,
        /// The answer before the change.
        old: RatingValue,
        /// The answer after the change.
        new: RatingValue,
    },
    /// SES accepted the mail of a transcript.
    TranscriptSent {
        /// The id of the transcript.
        transcript_id: TranscriptId,
        /// The recipient, masked, because a third party's address must not be shown in the
        /// visitor's chat.
        to: String,
        /// The agent who requested it.
        agent: Agent,
    },
    /// SES accepted the mail with the faces of an unanswered rating request.
    RatingRequestMailed {
        /// The id of the rating request.
        rating_request_id: RatingRequestId,
        /// The recipient, masked.
        to: String,
    },
    /// That mail bounced, was rejected, or was reported as spam.
    RatingMailFailed {
        /// The id of the rating request.
        rating_request_id: RatingRequestId,
        /// The reason, as a sentence for people.
        reason: String,
    },
    /// A mail that a rule of the settings sends was not sent, and is not tried again.
    MailGivenUp {
        /// The mail.
        mail: MailInThread,
    },
    /// The mail of a transcript bounced.
    TranscriptBounced {
        /// The id of the transcript.
        transcript_id: TranscriptId,
        /// The reason, as a sentence for people. It never repeats the text of another mail server.
        reason: String,
    },
    /// The recipient reported a transcript as spam.
    TranscriptComplained {
        /// The id of the transcript.
        transcript_id: TranscriptId,
        /// The reason, as a sentence for people.
        reason: String,
    },
}

impl Event {
    /// Who may see the event. Only a sent transcript is public.
    pub fn visibility(&self) -> Visibility {
        match self {
            Self::TranscriptSent { .. } => Visibility::Public,
            Self::RatingRequested { .. }
            | Self::RatingExpired { .. }
            | Self::MailGivenUp { .. }
            | Self::RatingRequestMailed { .. }
            | Self::RatingMailFailed { .. }
            | Self::RatingSubmitted { .. }
            | Self::RatingChanged { .. }
            | Self::TranscriptBounced { .. }
            | Self::TranscriptComplained { .. } => Visibility::Private,
        }
    }
}
