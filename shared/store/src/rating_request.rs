use domain::{
    Agent, AgentId, AskedBy, Channel, ConversationId, MAIL_LINK_SECONDS, OrganisationId,
    RatingRequestId, ReportDay, Score, Timestamp, VisitorSecret,
};
use serde::{Deserialize, Serialize};

use crate::conversation_details::ConversationDetails;
use crate::counted_by_rule::CountedByRule;
use crate::counted_reasons::CountedReasons;
use crate::counted_state::CountedState;
use crate::key;
use crate::rating_answer::{AnswerReasons, RatingAnswer};

/// The index of answered requests by organisation and day, in the order of their first answers. It
/// contains their keys, `agent`, `channel` and `rated_score`, and no comments or other text.
pub const RATINGS_INDEX: &str = "ratings";

/// A rating request and, after the visitor answered, its answer. The agent and the channel stay as
/// they were when the request was created.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RatingRequestItem {
    /// The id of the request. It is random, or derived from the idempotency key.
    #[serde(rename = "request_id")]
    pub rating_request_id: RatingRequestId,
    /// The tenant of the conversation.
    pub organisation: OrganisationId,
    /// The conversation in which it was created; `None` after the conversation was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<ConversationId>,
    /// The agent who asked for the rating. If a rule asked, it is the conversation's assignee.
    pub agent: Agent,
    /// Who or what asked.
    #[serde(default, skip_serializing_if = "AskedBy::is_agent")]
    pub asked_by: AskedBy,
    /// The channel of the conversation.
    pub channel: Channel,
    /// When the agent asked for the rating.
    pub requested_at: Timestamp,
    /// The report's day on which it was created. It counts on that day, whenever it is answered.
    pub report_day: ReportDay,
    /// Its partition of the index `ratings` after it is answered: [`key::ratings_partition`].
    pub ratings_of: String,
    /// When the same agent may ask again.
    pub next_request_at: Timestamp,
    /// The fingerprint of the payload under the idempotency key; `None` without a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload_fingerprint: Option<String>,
    /// The credential of the links in a mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<MailLink>,
    /// Whether it was created with a transcript whose mail was not sent. The agent's next
    /// transcript may then include its faces.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unmailed: bool,
    /// Whether the mail that the settings send if it is not answered may contain its link. That mail made the link, or a
    /// question on a chat platform did.
    #[serde(
        default,
        rename = "is_mailed_by_rule",
        skip_serializing_if = "std::ops::Not::not"
    )]
    pub may_be_mailed_by_rule: bool,
    /// Until when a survey of the chat platform's own is open in the conversation; `None` if none is known. Until then,
    /// no mail asks for the rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub survey_closes_at: Option<Timestamp>,
    /// The visitor's answer; `None` until the visitor answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<RatingAnswer>,
    /// The reasons of the answer; `None` if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_reasons: Option<AnswerReasons>,
    /// When it was first answered. The index `ratings` contains it from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_rated_at: Option<Timestamp>,
    /// The answer's score, for the index `ratings`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rated_score: Option<Score>,
    /// The state of this request that the report's counts include; `None` if they do not include it
    /// yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<CountedState>,
    /// The reasons of the answer that the report's counts by reason include; `None` if they include
    /// none. Versions before 1.3.0 neither read nor write this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_reasons: Option<CountedReasons>,
    /// What the report's counts of requests by a rule include of this request; `None` if nothing.
    /// Versions before 1.5.0 neither read nor write this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_by_rule: Option<CountedByRule>,
    /// The details of the conversation when the request was made or counted. `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<ConversationDetails>,
    /// Until when the visitor can give a first answer, in epoch seconds, as the settings say. `None`
    /// means without such a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answerable_until: Option<i64>,
    /// When it expires, in epoch seconds. `None` means never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

impl RatingRequestItem {
    /// Whether it has expired by `now`.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at
            .is_some_and(|expires_at| expires_at <= now.epoch_seconds())
    }

    /// Whether a transcript that was sent contains its faces.
    pub fn is_in_transcript(&self) -> bool {
        self.link.is_some() && !self.unmailed && !self.may_be_mailed_by_rule
    }

    /// Whether it has no answer, and the time for a first answer is over at `now`.
    pub fn is_unanswerable(&self, now: Timestamp) -> bool {
        self.answer.is_none()
            && self
                .answerable_until
                .is_some_and(|until| until <= now.epoch_seconds())
    }

    /// The request without personal data, for the time after its conversation was erased. It keeps
    /// the data that reports count: the agent, the channel, the time of the request, the scores, the
    /// reasons and their times. It keeps no data of the visitor or the conversation.
    #[must_use]
    pub fn anonymous(self) -> Self {
        Self {
            conversation_id: None,
            payload_fingerprint: None,
            link: None,
            unmailed: false,
            may_be_mailed_by_rule: false,
            details: None,
            answer: self.answer.map(RatingAnswer::without_comments),
            ..self
        }
    }

    /// Returns the answer with its reasons; `None` if there is no answer.
    pub fn answer_with_reasons(&self) -> Option<RatingAnswer> {
        let answer = self.answer.clone()?;
        Some(answer.with_reasons(self.answer_reasons.clone()))
    }

    /// The state that the report's counts should include: compare it with `counted`.
    pub fn to_count(&self) -> CountedState {
        CountedState::new(self.answer.as_ref().map(|answer| answer.score))
    }

    /// The reasons that the report's counts by reason should include: compare them with
    /// `counted_reasons`.
    pub fn reasons_to_count(&self) -> Option<CountedReasons> {
        CountedReasons::of_answer(&self.answer_with_reasons()?)
    }

    /// What the report's counts of requests by a rule should include: compare it with
    /// `counted_by_rule`. `None` if an agent asked.
    pub fn by_rule_to_count(&self) -> Option<CountedByRule> {
        (self.asked_by == AskedBy::Rule).then(|| CountedByRule {
            state: self.to_count(),
            reasons: self.reasons_to_count(),
        })
    }

    /// The partition of the index `ratings` of a `request` that was created on `day`.
    pub fn ratings_index_partition(
        organisation: &OrganisationId,
        day: ReportDay,
        request: &RatingRequestId,
    ) -> String {
        key::ratings_partition(organisation, day, request.shard_of(key::RATINGS_SHARDS))
    }
}

/// A rating request in a response body, or in a transcript that asks for the rating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingRequestSummary {
    id: RatingRequestId,
    conversation_id: ConversationId,
    agent_id: AgentId,
    requested_at: Timestamp,
    next_request_at: Timestamp,
}

impl RatingRequestSummary {
    /// The summary of `request`, which was created in `conversation`.
    pub fn new(conversation: ConversationId, request: &RatingRequestItem) -> Self {
        Self {
            id: request.rating_request_id.clone(),
            conversation_id: conversation,
            agent_id: request.agent.id.clone(),
            requested_at: request.requested_at,
            next_request_at: request.next_request_at,
        }
    }

    /// The id of the request.
    pub fn id(&self) -> &RatingRequestId {
        &self.id
    }
}

/// The credential with which a link in a mail answers one rating request. It allows nothing else.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MailLink {
    /// The secret that the link must contain.
    pub secret: VisitorSecret,
    /// When the link stops working.
    pub expires_at: Timestamp,
}

impl MailLink {
    /// A new link that works for 30 days from `now`.
    pub fn new(secret: VisitorSecret, now: Timestamp) -> Self {
        Self {
            secret,
            expires_at: now.plus_seconds(MAIL_LINK_SECONDS),
        }
    }
}
