use domain::{
    Agent, AgentId, CHANGE_WINDOW_SECONDS, Channel, Comment, ConversationId, InvalidValue,
    MAIL_LINK_SECONDS, OrganisationId, RatingRequestId, ReportDay, Score, TallyChange, Timestamp,
    VisitorSecret,
};
use serde::{Deserialize, Serialize};

use crate::key;

/// The index in which answered requests stand by organisation and day, in the order of their first
/// answers. It holds their keys, `agent`, `channel` and `rated_score`, and nothing that was written.
pub const RATINGS_INDEX: &str = "ratings";

/// How many former answers a request keeps. The thread's events tell of all.
pub const PREVIOUS_ANSWERS: usize = 20;

/// The gate of an agent in a conversation, or of a visitor in all of them: while it has not expired,
/// the agent may not ask again, or the visitor not be asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CooldownItem {
    /// The request that closed it.
    pub request_id: RatingRequestId,
    /// The conversation of that request, on a visitor's gate: its erasure deletes the gate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<ConversationId>,
    /// When it opens again, in epoch seconds; DynamoDB deletes it some time after that.
    pub expires_at: i64,
}

impl CooldownItem {
    /// When it lets an asking pass again.
    pub fn available_at(&self) -> Timestamp {
        Timestamp::from_epoch_seconds(self.expires_at).unwrap_or(Timestamp::EPOCH)
    }

    /// Whether it keeps an asking out at `now`.
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.expires_at > now.epoch_seconds()
    }
}

/// A rating request and, once there is one, its answer. Agent and channel stay as they were when
/// it was made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RatingRequestItem {
    /// Which request it is.
    pub request_id: RatingRequestId,
    /// The tenant.
    pub organisation: OrganisationId,
    /// In which conversation it was made; `None` once that is erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<ConversationId>,
    /// Who asked.
    pub agent: Agent,
    /// Where the conversation took place.
    pub channel: Channel,
    /// When it was made.
    pub requested_at: Timestamp,
    /// The day of the report on which it was made. It counts there, whenever it is answered.
    pub report_day: ReportDay,
    /// Where it stands in the index `ratings` once it is answered: [`key::ratings_partition`].
    pub ratings_of: String,
    /// When the same agent may ask again.
    pub next_request_at: Timestamp,
    /// What the caller's idempotency key stood for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload_fingerprint: Option<String>,
    /// What a link in a mail answers it with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<MailLink>,
    /// Whether it was made beneath a transcript whose mail was not sent: the agent's next transcript
    /// may have its faces.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unmailed: bool,
    /// The visitor's answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<RatingAnswer>,
    /// When it was first answered: it stands in the index `ratings` from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_rated_at: Option<Timestamp>,
    /// The answer's score, where the index `ratings` finds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rated_score: Option<Score>,
    /// What of it the report's counts hold; `None` where they do not know it yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Counted>,
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
    /// on which channel and when, the scores and when they were given), and nothing of the visitor
    /// or the conversation.
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

    /// What the report's counts should hold of it.
    pub fn to_count(&self) -> Counted {
        Counted(self.answer.as_ref().map(|answer| answer.score))
    }

    /// The partition of the index `ratings` in which `request`, made on `day`, stands.
    pub fn ratings_of(
        organisation: &OrganisationId,
        day: ReportDay,
        request: &RatingRequestId,
    ) -> String {
        key::ratings_partition(organisation, day, request.shard_of(key::RATINGS_SHARDS))
    }
}

/// What the report's counts hold of a rating request: the request itself and, where it is answered,
/// its score. On the item it is one number, the score or 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Counted(Option<Score>);

impl Counted {
    /// What the counts hold on account of it.
    pub fn amount(self) -> TallyChange {
        TallyChange::of_request(self.0)
    }

    /// What must be added to counts that hold `before`, or nothing of the request yet, so that they
    /// hold this.
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

    /// Which request it is.
    pub fn id(&self) -> &RatingRequestId {
        &self.id
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
    /// What the visitor added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Comment>,
    /// When the visitor first answered.
    pub rated_at: Timestamp,
    /// How often the answer was changed since.
    #[serde(default)]
    pub changes: u32,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Timestamp>,
    /// What it said before, oldest first: the last [`PREVIOUS_ANSWERS`].
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

    /// The answer once it says something else at `now`.
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

/// What an answer said before it was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousAnswer {
    /// The score.
    pub score: Score,
    /// What the visitor added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Comment>,
    /// When it was given.
    pub at: Timestamp,
}

/// Until when an answer first given at `rated_at` may be changed.
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
