use domain::{
    Agent, AskedBy, Channel, ChosenReasons, Comment, ConversationId, Group, Label, Labels,
    RatingRequestId, Score, Sentiment, Timestamp,
};
use errors::Fault;
use serde::Serialize;
use store::RatingAnswer;

use crate::csv_table::Cell;
use crate::ratings::items::RatedRequest;
use crate::ratings::listing::Listing;

/// A rating in a response.
#[derive(Clone, Debug, Serialize)]
pub(super) struct RatingBody {
    rating_request_id: RatingRequestId,
    /// `null` once the conversation is erased.
    conversation_id: Option<ConversationId>,
    agent: Agent,
    channel: Channel,
    by: AskedBy,
    #[serde(skip_serializing_if = "Option::is_none")]
    inbox: Option<Group>,
    #[serde(skip_serializing_if = "Option::is_none")]
    team: Option<Group>,
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<Labels>,
    requested_at: Timestamp,
    score: Score,
    sentiment: Sentiment,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<Comment>,
    #[serde(skip_serializing_if = "ChosenReasons::is_empty")]
    reasons: ChosenReasons,
    rated_at: Timestamp,
    changes: Vec<Change>,
    /// The number of changes, including the oldest ones that `changes` no longer contains.
    #[serde(skip)]
    change_count: u32,
}

/// One change of a rating, with the values before and after it.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Change {
    at: Timestamp,
    score: Score,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<Comment>,
    #[serde(skip_serializing_if = "ChosenReasons::is_empty")]
    reasons: ChosenReasons,
    previous_score: Score,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_comment: Option<Comment>,
    #[serde(skip_serializing_if = "ChosenReasons::is_empty")]
    previous_reasons: ChosenReasons,
}

impl RatingBody {
    /// Returns the rating of `request` if it matches `listing` and has not expired.
    pub(super) fn of(request: RatedRequest, listing: &Listing) -> Option<Self> {
        let is_unexpired = request
            .expires_at
            .is_none_or(|expires_at| expires_at > listing.now.epoch_seconds());
        let answer = request
            .answer
            .map(|answer| answer.with_reasons(request.answer_reasons))
            .filter(|answer| is_unexpired && listing.scores.admit(answer.score))
            .filter(|_| listing.admits_asked_by(request.asked_by))
            .filter(|answer| listing.admits_reasons(&answer.chosen_reasons()))?;
        let details = request.details.unwrap_or_default();
        Some(Self {
            rating_request_id: request.rating_request_id,
            conversation_id: request.conversation_id,
            agent: request.agent,
            channel: request.channel,
            by: request.asked_by,
            inbox: details.inbox,
            team: details.team,
            labels: details.labels,
            requested_at: request.requested_at,
            score: answer.score,
            sentiment: answer.score.sentiment(),
            rated_at: answer.first_rated_at,
            changes: changes(&answer),
            change_count: answer.changes,
            reasons: answer.chosen_reasons(),
            comment: answer.comment,
        })
    }

    /// The columns of the CSV table.
    pub(super) const COLUMNS: &[&str] = &[
        "rating_request_id",
        "conversation_id",
        "agent_id",
        "agent_name",
        "channel",
        "requested_at",
        "score",
        "sentiment",
        "comment",
        "rated_at",
        "changes",
        "changed_at",
        "previous_score",
        "reasons",
        "by",
        "inbox_id",
        "team_id",
        "labels",
    ];

    /// Returns the row of the CSV table. It contains the number of changes and the last change.
    ///
    /// # Errors
    /// If the labels cannot be written, which is a bug.
    pub(super) fn cells(&self) -> Result<Vec<Cell>, Fault> {
        let last = self.changes.last();
        let id = |group: &Option<Group>| Cell::text(group.as_ref().map(|it| &it.id));
        let labels = self.labels.iter().flat_map(Labels::iter);
        Ok(vec![
            Cell::text(Some(&self.rating_request_id)),
            Cell::text(self.conversation_id.as_ref()),
            Cell::text(Some(&self.agent.id)),
            Cell::text(self.agent.name.as_ref()),
            Cell::text(Some(&self.channel)),
            Cell::plain(self.requested_at),
            Cell::plain(self.score.get()),
            Cell::plain(self.sentiment.as_str()),
            Cell::text(self.comment.as_ref()),
            Cell::plain(self.rated_at),
            Cell::plain(self.change_count),
            Cell::optional(last.map(|change| change.at)),
            Cell::optional(last.map(|change| change.previous_score.get())),
            Cell::text(Some(&self.reasons.to_text())),
            Cell::plain(self.by.as_str()),
            id(&self.inbox),
            id(&self.team),
            Cell::list(labels.map(Label::as_str))?,
        ])
    }
}

/// Returns the changes of an answer, oldest first. Each earlier version of an answer ended with the
/// next change.
fn changes(answer: &RatingAnswer) -> Vec<Change> {
    let earlier = &answer.earlier;
    let now = answer.changed_at.unwrap_or(answer.first_rated_at);
    let later = earlier
        .iter()
        .skip(1)
        .map(|it| (it.at, it.score, it.comment.as_ref(), it.reasons.clone()))
        .chain([(
            now,
            answer.score,
            answer.comment.as_ref(),
            answer.chosen_reasons(),
        )]);
    earlier
        .iter()
        .zip(later)
        .map(|(before, (at, score, comment, reasons))| Change {
            at,
            score,
            comment: comment.cloned(),
            reasons,
            previous_score: before.score,
            previous_comment: before.comment.clone(),
            previous_reasons: before.reasons.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::{OfferedReason, ReasonId, ReasonScores};
    use store::NewAnswer;

    use super::*;

    fn score(number: u64) -> Score {
        Score::parse(number).unwrap()
    }

    fn new(number: u64, comment: Option<Comment>) -> NewAnswer {
        NewAnswer {
            score: score(number),
            comment,
            reasons: Vec::new(),
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_epoch_seconds(second).unwrap()
    }

    #[test]
    fn a_change_has_the_reasons_before_and_after_it() {
        let reason = |id: &str| OfferedReason {
            id: ReasonId::parse(id).unwrap(),
            scores: ReasonScores::new(vec![score(2)]).unwrap(),
        };
        let with = |ids: &[&str]| NewAnswer {
            reasons: ids.iter().map(|id| reason(id)).collect(),
            ..new(2, None)
        };
        let answer = RatingAnswer::first(with(&["slow"]), at(0))
            .changed(with(&["slow", "rude"]), at(10))
            .changed(with(&[]), at(20));
        let texts: Vec<_> = changes(&answer)
            .iter()
            .map(|change| [change.previous_reasons.to_text(), change.reasons.to_text()])
            .collect();
        assert_eq!(texts, [["slow", "slow,rude"], ["slow,rude", ""]]);
    }

    #[test]
    fn a_change_has_both_scores_and_its_time() {
        let slow = Comment::parse("Slow").unwrap();
        let first = RatingAnswer::first(new(2, Some(slow.clone())), at(0));
        assert_eq!(changes(&first), []);
        let last = first
            .changed(new(4, None), at(10))
            .changed(new(5, None), at(20));
        let change = |second, now, before, comment| Change {
            at: at(second),
            score: score(now),
            comment: None,
            reasons: ChosenReasons::default(),
            previous_score: score(before),
            previous_comment: comment,
            previous_reasons: ChosenReasons::default(),
        };
        assert_eq!(
            changes(&last),
            [change(10, 4, 2, Some(slow)), change(20, 5, 4, None)]
        );
    }
}
