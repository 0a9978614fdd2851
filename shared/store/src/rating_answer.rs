use domain::{
    CHANGE_WINDOW_SECONDS, ChosenReasons, Comment, OfferedReason, RatingValue, Score, Timestamp,
};
use serde::{Deserialize, Serialize};

/// How many previous answers a rating request keeps. The events in the thread contain all of them.
pub const PREVIOUS_ANSWERS: usize = 20;

/// A visitor's answer to a rating request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingAnswer {
    /// The score, from 1 to 5.
    pub score: Score,
    /// The visitor's comment; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Comment>,
    /// The reasons that the visitor chose, with the scores for which they were offered. A change of
    /// the score keeps those that are offered for the new one. They are stored in [`AnswerReasons`].
    #[serde(skip)]
    pub reasons: Vec<OfferedReason>,
    /// When the visitor first answered.
    #[serde(rename = "rated_at")]
    pub first_rated_at: Timestamp,
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

/// What a visitor enters in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAnswer {
    /// The score, from 1 to 5.
    pub score: Score,
    /// The comment; `None` if there is none.
    pub comment: Option<Comment>,
    /// The reasons, each of which is offered for the score.
    pub reasons: Vec<OfferedReason>,
}

impl RatingAnswer {
    /// Returns the rating of the answer.
    pub fn rating(&self) -> RatingValue {
        RatingValue::new(self.score, self.comment.clone(), self.chosen_reasons())
    }

    /// Returns the ids of the reasons.
    pub fn chosen_reasons(&self) -> ChosenReasons {
        self.reasons
            .iter()
            .map(|reason| reason.id.clone())
            .collect()
    }

    /// The visitor's first answer, with no changes.
    pub fn first(new: NewAnswer, first_rated_at: Timestamp) -> Self {
        Self {
            score: new.score,
            comment: new.comment,
            reasons: new.reasons,
            first_rated_at,
            changes: 0,
            changed_at: None,
            earlier: Vec::new(),
        }
    }

    /// The answer after the visitor changed it at `now`.
    #[must_use]
    pub fn changed(&self, new: NewAnswer, now: Timestamp) -> Self {
        let previous = PreviousAnswer {
            score: self.score,
            comment: self.comment.clone(),
            reasons: self.chosen_reasons(),
            at: self.changed_at.unwrap_or(self.first_rated_at),
        };
        let dropped = (self.earlier.len() + 1).saturating_sub(PREVIOUS_ANSWERS);
        let kept = self.earlier.iter().skip(dropped).cloned();
        Self {
            score: new.score,
            comment: new.comment,
            reasons: new.reasons,
            first_rated_at: self.first_rated_at,
            changes: self.changes + 1,
            changed_at: Some(now),
            earlier: kept.chain([previous]).collect(),
        }
    }

    /// Returns the answer with the reasons that are stored beside it.
    #[must_use]
    pub fn with_reasons(mut self, stored: Option<AnswerReasons>) -> Self {
        if let Some(stored) = stored.filter(|stored| stored.changes == self.changes) {
            self.reasons = stored.reasons;
            for (previous, reasons) in self.earlier.iter_mut().zip(stored.earlier) {
                previous.reasons = reasons;
            }
        }
        self
    }

    /// The answer without its comment and the comments of its previous answers.
    #[must_use]
    pub(crate) fn without_comments(self) -> Self {
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
    /// The score, from 1 to 5.
    pub score: Score,
    /// The visitor's comment; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Comment>,
    /// The reasons that the visitor chose. They are stored in [`AnswerReasons`].
    #[serde(skip)]
    pub reasons: ChosenReasons,
    /// When the visitor gave this answer.
    pub at: Timestamp,
}

/// The reasons of an answer and of its previous answers. They are an attribute of their own beside the
/// answer, because a version without reasons changes an answer only if it equals what that version
/// knows of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerReasons {
    /// How often the answer had been changed. If that version changed it since, these reasons are those
    /// of an earlier answer.
    changes: u32,
    reasons: Vec<OfferedReason>,
    /// The reasons of each of [`RatingAnswer::earlier`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    earlier: Vec<ChosenReasons>,
}

impl AnswerReasons {
    /// The reasons of `answer`; `None` if neither it nor a previous answer has any.
    pub fn of_answer(answer: &RatingAnswer) -> Option<Self> {
        let earlier: Vec<_> = answer.earlier.iter().map(|it| it.reasons.clone()).collect();
        let has_none = answer.reasons.is_empty() && earlier.iter().all(ChosenReasons::is_empty);
        (!has_none).then(|| Self {
            changes: answer.changes,
            reasons: answer.reasons.clone(),
            earlier,
        })
    }
}

/// When an answer that was first given at `first_rated_at` can no longer be changed.
pub fn changeable_until(first_rated_at: Timestamp) -> Timestamp {
    first_rated_at.plus_seconds(CHANGE_WINDOW_SECONDS)
}

#[cfg(test)]
mod tests {
    use domain::{ReasonId, ReasonScores};

    use super::*;

    fn score(number: u64) -> Score {
        Score::parse(number).unwrap()
    }

    fn rating(number: u64, comment: Option<Comment>) -> NewAnswer {
        NewAnswer {
            score: score(number),
            comment,
            reasons: Vec::new(),
        }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_epoch_seconds(seconds).unwrap()
    }

    #[test]
    fn a_changed_answer_lists_its_previous_answers() {
        let comment = Comment::parse("Slow").unwrap();
        let first = RatingAnswer::first(rating(1, Some(comment.clone())), at(0));
        let second = first.changed(rating(2, None), at(10));
        let third = second.changed(rating(3, None), at(20));
        let previous = |number, comment, seconds| PreviousAnswer {
            score: score(number),
            comment,
            reasons: ChosenReasons::default(),
            at: at(seconds),
        };
        assert_eq!(
            third.earlier,
            [previous(1, Some(comment), 0), previous(2, None, 10)]
        );
        assert_eq!((third.first_rated_at, third.changes), (at(0), 2));
    }

    #[test]
    fn only_the_last_20_previous_answers_are_kept() {
        let mut answer = RatingAnswer::first(rating(5, None), at(0));
        for seconds in 1..=100 {
            answer = answer.changed(rating(4, None), at(seconds));
        }
        let times: Vec<_> = answer.earlier.iter().map(|previous| previous.at).collect();
        assert_eq!(times, (80..100).map(at).collect::<Vec<_>>());
        assert_eq!(answer.changes, 100);
    }

    #[test]
    fn an_answer_without_comments_keeps_its_scores_and_times() {
        let comment = || Some(Comment::parse("Slow").unwrap());
        let answer = RatingAnswer::first(rating(1, comment()), at(0));
        let answer = answer.changed(rating(2, comment()), at(10));
        let anonymous = answer.clone().without_comments();
        assert_eq!(anonymous.comment, None);
        assert_eq!(anonymous.earlier[0].comment, None);
        assert_eq!(anonymous.earlier[0].score, score(1));
        assert_eq!(
            (anonymous.score, anonymous.changed_at),
            (score(2), Some(at(10)))
        );
    }

    #[test]
    fn an_answer_can_be_changed_for_24_hours() {
        assert_eq!(changeable_until(at(100)), at(100 + 24 * 60 * 60));
    }

    fn answer_with(reasons: &[&str]) -> NewAnswer {
        let scores = ReasonScores::new(vec![score(1)]).unwrap();
        let reasons = reasons.iter().map(|id| OfferedReason {
            id: ReasonId::parse(id).unwrap(),
            scores: scores.clone(),
        });
        NewAnswer {
            reasons: reasons.collect(),
            ..rating(1, None)
        }
    }

    #[test]
    fn reasons_are_stored_beside_the_answer_and_read_with_it() {
        let first = RatingAnswer::first(answer_with(&["slow"]), at(0));
        let answer = first.changed(answer_with(&["rude", "slow"]), at(10));
        let stored: RatingAnswer = read(&answer);
        assert!(stored.reasons.is_empty() && stored.earlier[0].reasons.is_empty());
        let reasons: Option<AnswerReasons> = read(&AnswerReasons::of_answer(&answer));
        assert_eq!(stored.with_reasons(reasons), answer);
        let without = RatingAnswer::first(rating(1, None), at(0));
        assert_eq!(AnswerReasons::of_answer(&without), None);
    }

    #[test]
    fn reasons_of_an_answer_that_was_changed_without_them_are_ignored() {
        let first = RatingAnswer::first(answer_with(&["slow"]), at(0));
        let reasons = AnswerReasons::of_answer(&first);
        let changed: RatingAnswer = read(&first.changed(rating(4, None), at(10)));
        assert!(changed.with_reasons(reasons).reasons.is_empty());
    }

    /// What is stored of `value`.
    fn read<T: Serialize, U: serde::de::DeserializeOwned>(value: &T) -> U {
        serde_json::from_value(serde_json::to_value(value).unwrap()).unwrap()
    }
}
