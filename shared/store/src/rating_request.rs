use domain::{
    Agent, AgentId, CHANGE_WINDOW_SECONDS, Channel, Comment, ConversationId, InvalidValue,
    MAIL_LINK_SECONDS, OrganisationId, RatingRequestId, ReportDay, Score, TallyChange, Timestamp,
    VisitorSecret,
};
use serde::{Deserialize, Serialize};

use crate::key;

/// The index of answered requests by organisation and day, in the order of their first answers. It
/// contains their keys, `agent`, `channel` and `rated_score`, and no comments or other text.
pub const RATINGS_INDEX: &str = "ratings";

/// How many previous answers a request keeps. The thread's events record all of them.
pub const PREVIOUS_ANSWERS: usize = 20;

/// The cooldown of an agent in a conversation, or of a visitor in all conversations. Until it
/// expires, the agent may not ask again, or no agent may ask the visitor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CooldownItem {
    /// The request that started it.
    #[serde(rename = "request_id")]
    pub rating_request_id: RatingRequestId,
    /// The conversation of that request, if it is a visitor's cooldown. Erasing the conversation
    /// deletes the cooldown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<ConversationId>,
    /// When it ends, in epoch seconds. DynamoDB deletes the item some time later.
    pub expires_at: i64,
}

impl CooldownItem {
    /// When a rating may be requested again.
    pub fn available_at(&self) -> Timestamp {
        Timestamp::from_epoch_seconds(self.expires_at).unwrap_or(Timestamp::EPOCH)
    }

    /// Whether it refuses a rating request at `now`.
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.expires_at > now.epoch_seconds()
    }
}

/// A rating request and, after the visitor answered, its answer. The agent and the channel stay as
/// they were when the request was created.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RatingRequestItem {
    /// Which request it is.
    #[serde(rename = "request_id")]
    pub rating_request_id: RatingRequestId,
    /// The tenant.
    pub organisation: OrganisationId,
    /// The conversation in which it was created; `None` after the conversation was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<ConversationId>,
    /// The agent who asked.
    pub agent: Agent,
    /// The channel of the conversation.
    pub channel: Channel,
    /// When it was created.
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
    /// The visitor's answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<RatingAnswer>,
    /// When it was first answered. The index `ratings` contains it from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_rated_at: Option<Timestamp>,
    /// The answer's score, for the index `ratings`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rated_score: Option<Score>,
    /// The state of this request that the report's counts include; `None` if they do not include it
    /// yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Counted>,
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

    /// What remains of the request after its conversation was erased. It keeps what ratings are
    /// counted by: the agent, the channel, the time of the request, the scores and their times. It
    /// keeps nothing of the visitor or the conversation.
    #[must_use]
    pub fn anonymous(self) -> Self {
        Self {
            conversation_id: None,
            payload_fingerprint: None,
            link: None,
            unmailed: false,
            answer: self.answer.map(RatingAnswer::without_comments),
            ..self
        }
    }

    /// The state that the report's counts should include.
    pub fn to_count(&self) -> Counted {
        Counted(self.answer.as_ref().map(|answer| answer.score))
    }

    /// The partition of the index `ratings` for `request`, created on `day`.
    pub fn ratings_of(
        organisation: &OrganisationId,
        day: ReportDay,
        request: &RatingRequestId,
    ) -> String {
        key::ratings_partition(organisation, day, request.shard_of(key::RATINGS_SHARDS))
    }
}

/// The state of a rating request that the report's counts include: the request itself and, if it is
/// answered, its score. It is stored as one number, the score or 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Counted(Option<Score>);

impl Counted {
    /// The amount that this state adds to the counts.
    pub fn amount(self) -> TallyChange {
        TallyChange::of_request(self.0)
    }

    /// The change to counts that include the state `before` (`None`: not this request at all),
    /// after which they include this state.
    pub fn since(self, before: Option<Self>) -> TallyChange {
        self.amount() - before.map_or_else(TallyChange::default, Self::amount)
    }

    /// The score that is counted.
    pub fn score(self) -> Option<Score> {
        self.0
    }
}

impl TryFrom<u8> for Counted {
    type Error = InvalidValue;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        match number {
            0 => Ok(Self(None)),
            score => Score::parse(score.into()).map(|score| Self(Some(score))),
        }
    }
}

impl From<Counted> for u8 {
    fn from(counted: Counted) -> Self {
        counted.0.map_or(0, Score::get)
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
    /// The summary of `request`, created in `conversation`.
    pub fn new(conversation: ConversationId, request: &RatingRequestItem) -> Self {
        Self {
            id: request.rating_request_id.clone(),
            conversation_id: conversation,
            agent_id: request.agent.id.clone(),
            requested_at: request.requested_at,
            next_request_at: request.next_request_at,
        }
    }

    /// Which request it is.
    pub fn id(&self) -> &RatingRequestId {
        &self.id
    }
}

/// The credential with which a link in a mail answers one rating request. It allows nothing else.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MailLink {
    /// The secret that the link must contain.
    pub secret: VisitorSecret,
    /// When it stops working.
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

/// A visitor's answer to a rating request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingAnswer {
    /// The score.
    pub score: Score,
    /// The visitor's comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Comment>,
    /// When the visitor first answered.
    pub rated_at: Timestamp,
    /// How often the answer has been changed since.
    #[serde(default)]
    pub changes: u32,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Timestamp>,
    /// The previous answers, oldest first: the last [`PREVIOUS_ANSWERS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<PreviousAnswer>,
}

impl RatingAnswer {
    /// A first answer.
    pub fn first(score: Score, comment: Option<Comment>, rated_at: Timestamp) -> Self {
        Self {
            score,
            comment,
            rated_at,
            changes: 0,
            changed_at: None,
            earlier: Vec::new(),
        }
    }

    /// The answer after the visitor changed it at `now`.
    #[must_use]
    pub fn changed(&self, score: Score, comment: Option<Comment>, now: Timestamp) -> Self {
        let former = PreviousAnswer {
            score: self.score,
            comment: self.comment.clone(),
            at: self.changed_at.unwrap_or(self.rated_at),
        };
        let forgotten = (self.earlier.len() + 1).saturating_sub(PREVIOUS_ANSWERS);
        let kept = self.earlier.iter().skip(forgotten).cloned();
        Self {
            score,
            comment,
            rated_at: self.rated_at,
            changes: self.changes + 1,
            changed_at: Some(now),
            earlier: kept.chain([former]).collect(),
        }
    }

    fn without_comments(self) -> Self {
        let earlier = self.earlier.into_iter();
        Self {
            comment: None,
            earlier: earlier
                .map(|answer| PreviousAnswer {
                    comment: None,
                    ..answer
                })
                .collect(),
            ..self
        }
    }
}

/// An answer before it was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousAnswer {
    /// The score.
    pub score: Score,
    /// The visitor's comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Comment>,
    /// When it was given.
    pub at: Timestamp,
}

/// When an answer that was first given at `rated_at` can no longer be changed.
pub fn changeable_until(rated_at: Timestamp) -> Timestamp {
    rated_at.plus_seconds(CHANGE_WINDOW_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(number: u64) -> Score {
        Score::parse(number).unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_epoch_seconds(seconds).unwrap()
    }

    #[test]
    fn an_answer_remembers_what_it_said_last() {
        let comment = Comment::parse("Slow").unwrap();
        let first = RatingAnswer::first(score(1), Some(comment.clone()), at(0));
        let second = first.changed(score(2), None, at(10));
        let third = second.changed(score(3), None, at(20));
        let former = |number, comment, seconds| PreviousAnswer {
            score: score(number),
            comment,
            at: at(seconds),
        };
        assert_eq!(
            third.earlier,
            [former(1, Some(comment), 0), former(2, None, 10)]
        );
        assert_eq!((third.rated_at, third.changes), (at(0), 2));
    }

    #[test]
    fn an_answer_remembers_so_much_and_no_more() {
        let mut answer = RatingAnswer::first(score(5), None, at(0));
        for seconds in 1..=100 {
            answer = answer.changed(score(4), None, at(seconds));
        }
        let first = 100 - PREVIOUS_ANSWERS as i64;
        let times: Vec<_> = answer.earlier.iter().map(|it| it.at).collect();
        assert_eq!(times, (first..100).map(at).collect::<Vec<_>>());
        assert_eq!(answer.changes, 100);
    }

    #[test]
    fn what_is_counted_is_one_number() {
        for number in 0..=5 {
            assert_eq!(u8::from(Counted::try_from(number).unwrap()), number);
        }
        assert!(Counted::try_from(6).is_err());
    }

    #[test]
    fn counts_that_hold_a_request_already_take_the_difference_alone() {
        let counted = |number| Counted::try_from(number).unwrap();
        let change = counted(4).since(Some(counted(0)));
        assert_eq!((change.requests, change.scores), (0, [0, 0, 0, 1, 0]));
        let new = counted(4).since(None);
        assert_eq!((new.requests, new.scores), (1, [0, 0, 0, 1, 0]));
        assert!(counted(4).since(Some(counted(4))).is_nothing());
    }
}
