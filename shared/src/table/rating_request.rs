use serde::{Deserialize, Serialize};

use crate::domain::{
    Agent, AgentId, CHANGE_WINDOW_SECONDS, Channel, Comment, ConversationId, MAIL_LINK_SECONDS,
    RatingRequestId, Score, Timestamp, VisitorSecret,
};

/// The gate of an agent in a conversation, or of a visitor in all of them: while it has not expired,
/// the agent may not ask again, or the visitor not be asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AskGateItem {
    /// The request that closed it.
    pub request_id: RatingRequestId,
    /// When it opens again, in epoch seconds; DynamoDB deletes it some time after that.
    pub expires_at: i64,
}

impl AskGateItem {
    /// When it lets an asking pass again.
    pub fn opens_at(&self) -> Timestamp {
        Timestamp::from_epoch_seconds(self.expires_at).unwrap_or(Timestamp::EPOCH)
    }

    /// Whether it keeps an asking out at `now`.
    pub fn is_closed(&self, now: Timestamp) -> bool {
        self.expires_at > now.epoch_seconds()
    }
}

/// A rating request and, once there is one, its answer. Agent and channel stay as they were when
/// it was made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RatingRequestItem {
    /// Which request it is.
    pub request_id: RatingRequestId,
    /// Who asked.
    pub agent: Agent,
    /// Where the conversation took place.
    pub channel: Channel,
    /// When it was made.
    pub requested_at: Timestamp,
    /// When the same agent may ask again.
    pub next_request_at: Timestamp,
    /// What the caller's idempotency key stood for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload_fingerprint: Option<String>,
    /// What a link in a mail answers it with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<MailLink>,
    /// The visitor's answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// When it expires, in epoch seconds; never where it is `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

impl RatingRequestItem {
    /// Whether it has expired by `now`.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at
            .is_some_and(|expires_at| expires_at <= now.epoch_seconds())
    }

    /// What is left of it once its conversation is erased: what ratings are counted by (who asked,
    /// where and when, the score and when it was given), and nothing of the visitor.
    #[must_use]
    pub fn anonymous(self) -> Self {
        Self {
            payload_fingerprint: None,
            link: None,
            answer: self.answer.map(|answer| Answer {
                comment: None,
                ..answer
            }),
            ..self
        }
    }
}

/// A rating request as callers see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingRequestSummary {
    id: RatingRequestId,
    conversation_id: ConversationId,
    agent_id: AgentId,
    requested_at: Timestamp,
    next_request_at: Timestamp,
}

impl RatingRequestSummary {
    /// `request`, made in `conversation`.
    pub fn new(conversation: ConversationId, request: &RatingRequestItem) -> Self {
        Self {
            id: request.request_id.clone(),
            conversation_id: conversation,
            agent_id: request.agent.id.clone(),
            requested_at: request.requested_at,
            next_request_at: request.next_request_at,
        }
    }
}

/// What lets a link in a mail answer one rating request, and nothing else.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MailLink {
    /// What the link must hold.
    pub secret: VisitorSecret,
    /// When it stops working.
    pub expires_at: Timestamp,
}

impl MailLink {
    /// A new link that works for 30 days from `now` on.
    pub fn new(now: Timestamp) -> Self {
        Self {
            secret: VisitorSecret::random(),
            expires_at: now.plus_seconds(MAIL_LINK_SECONDS),
        }
    }
}

/// A visitor's answer to a rating request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The score.
    pub score: Score,
    /// What the visitor added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Comment>,
    /// When the visitor first answered.
    pub rated_at: Timestamp,
    /// How often the answer was changed since.
    #[serde(default)]
    pub changes: u32,
}

/// Until when an answer first given at `rated_at` may be changed.
pub fn changeable_until(rated_at: Timestamp) -> Timestamp {
    rated_at.plus_seconds(CHANGE_WINDOW_SECONDS)
}
