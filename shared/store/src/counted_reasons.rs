use std::collections::BTreeMap;

use domain::{ChosenReasons, CountsDelta, ReasonId, Score};
use serde::{Deserialize, Serialize};

use crate::rating_answer::RatingAnswer;

/// The reasons of an answer that the report's counts include, and the score with which they include
/// them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedReasons {
    score: Score,
    reasons: ChosenReasons,
}

impl CountedReasons {
    /// The reasons of `answer`; `None` if it has none.
    pub fn of_answer(answer: &RatingAnswer) -> Option<Self> {
        let reasons = answer.chosen_reasons();
        (!reasons.is_empty()).then_some(Self {
            score: answer.score,
            reasons,
        })
    }

    /// The changes to the counts by reason if a request's reasons change from `before` to `after`.
    /// Reasons whose counts do not change are left out.
    pub fn changes(before: Option<&Self>, after: Option<&Self>) -> BTreeMap<ReasonId, CountsDelta> {
        let mut changes = BTreeMap::<_, CountsDelta>::new();
        for (counted, is_added) in [(before, false), (after, true)] {
            for reason in counted.into_iter().flat_map(|it| it.reasons.iter()) {
                let rating = counted.map_or_else(CountsDelta::default, Self::rating);
                let change = if is_added { rating } else { -rating };
                *changes.entry(reason.clone()).or_default() += change;
            }
        }
        changes.retain(|_, change| !change.is_zero());
        changes
    }

    fn rating(&self) -> CountsDelta {
        CountsDelta::of_rating(self.score)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(score: u64, reasons: &[&str]) -> CountedReasons {
        let reasons = reasons.iter().map(|id| ReasonId::parse(id).unwrap());
        CountedReasons {
            score: Score::parse(score).unwrap(),
            reasons: reasons.collect(),
        }
    }

    fn changes(
        before: Option<&CountedReasons>,
        after: Option<&CountedReasons>,
    ) -> Vec<(String, [i64; 5])> {
        let changes = CountedReasons::changes(before, after).into_iter();
        changes
            .map(|(reason, change)| {
                assert_eq!(change.requests, 0);
                (reason.to_string(), change.scores)
            })
            .collect()
    }

    fn expected<const N: usize>(changes: [(&str, [i64; 5]); N]) -> Vec<(String, [i64; 5])> {
        let changes = changes.into_iter();
        changes
            .map(|(reason, scores)| (reason.to_owned(), scores))
            .collect()
    }

    #[test]
    fn a_rating_counts_once_for_each_of_its_reasons() {
        let new = counted(2, &["slow", "rude"]);
        let added = [("rude", [0, 1, 0, 0, 0]), ("slow", [0, 1, 0, 0, 0])];
        assert_eq!(changes(None, Some(&new)), expected(added));
        let removed = [("rude", [0, -1, 0, 0, 0]), ("slow", [0, -1, 0, 0, 0])];
        assert_eq!(changes(Some(&new), None), expected(removed));
    }

    #[test]
    fn other_reasons_of_the_same_score_change_only_their_own_counts() {
        let before = counted(1, &["slow", "rude"]);
        let after = counted(1, &["wrong", "slow"]);
        let moved = [("rude", [-1, 0, 0, 0, 0]), ("wrong", [1, 0, 0, 0, 0])];
        assert_eq!(changes(Some(&before), Some(&after)), expected(moved));
        assert_eq!(changes(Some(&after), Some(&after)), expected([]));
    }

    #[test]
    fn another_score_moves_the_counts_of_a_reason() {
        let before = counted(1, &["slow"]);
        let after = counted(3, &["slow"]);
        let moved = [("slow", [-1, 0, 1, 0, 0])];
        assert_eq!(changes(Some(&before), Some(&after)), expected(moved));
    }

    #[test]
    fn counted_reasons_are_read_as_they_were_written() {
        let counted = counted(2, &["slow", "rude"]);
        let written = serde_json::to_value(&counted).unwrap();
        let expected = serde_json::json!({ "score": 2, "reasons": ["slow", "rude"] });
        assert_eq!(written, expected);
        let read: CountedReasons = serde_json::from_value(written).unwrap();
        assert_eq!(read, counted);
    }
}
