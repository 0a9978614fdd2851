use std::ops::{Add, AddAssign, Neg, Sub};

use serde::{Deserialize, Serialize};

use crate::agent::AgentId;
use crate::channel::Channel;
use crate::rating::Score;
use crate::report_day::ReportDay;

/// How many rating requests there were, and how many were answered with each score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The rating requests: answered, unanswered and superseded.
    pub requests: u64,
    /// The ratings, by score. The first number is for the score 1.
    pub scores: [u64; 5],
}

impl Tally {
    /// How many ratings there are.
    pub fn ratings(&self) -> u64 {
        self.scores.iter().sum()
    }
}

impl From<[u64; 6]> for Tally {
    fn from([requests, scores @ ..]: [u64; 6]) -> Self {
        Self { requests, scores }
    }
}

impl From<Tally> for [u64; 6] {
    fn from(tally: Tally) -> Self {
        let [one, two, three, four, five] = tally.scores;
        [tally.requests, one, two, three, four, five]
    }
}

/// A part of a tally. The sum of all parts is the tally. A changed rating subtracts one from a
/// score and adds one to another, and both may be stored in different places. So the numbers of a
/// part may be negative.
///
/// It is serialised as six numbers: requests, then ratings of 1 to 5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[i64; 6]", into = "[i64; 6]")]
pub struct TallyChange {
    /// The rating requests.
    pub requests: i64,
    /// The ratings, by score.
    pub scores: [i64; 5],
}

impl TallyChange {
    /// One request, and one rating of `score` if it is answered.
    pub fn of_request(score: Option<Score>) -> Self {
        let mut scores = [0; 5];
        for (number, count) in (1..).zip(&mut scores) {
            *count = i64::from(score.map(Score::get) == Some(number));
        }
        Self {
            requests: 1,
            scores,
        }
    }

    /// Whether all of its numbers are 0.
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }

    /// The tally of all parts, whose sum this is. No number of the tally is below 0: a negative sum
    /// means that a part is not written yet.
    pub fn tally(self) -> Tally {
        let count = |number| u64::try_from(number).unwrap_or_default();
        Tally {
            requests: count(self.requests),
            scores: self.scores.map(count),
        }
    }
}

impl From<[i64; 6]> for TallyChange {
    fn from([requests, scores @ ..]: [i64; 6]) -> Self {
        Self { requests, scores }
    }
}

impl From<TallyChange> for [i64; 6] {
    fn from(change: TallyChange) -> Self {
        let [one, two, three, four, five] = change.scores;
        [change.requests, one, two, three, four, five]
    }
}

impl Add for TallyChange {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl AddAssign for TallyChange {
    fn add_assign(&mut self, other: Self) {
        self.requests += other.requests;
        for (score, other) in self.scores.iter_mut().zip(other.scores) {
            *score += other;
        }
    }
}

impl Neg for TallyChange {
    type Output = Self;

    fn neg(self) -> Self {
        Self {
            requests: -self.requests,
            scores: self.scores.map(|score| -score),
        }
    }
}

impl Sub for TallyChange {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

/// A part of the counts of the rating requests of one day and channel, and of one agent if counted
/// by agent. Several parts may have the same day, channel and agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayCount {
    /// The day of the requests.
    pub day: ReportDay,
    /// The channel of the conversations.
    pub channel: Channel,
    /// The agent who asked; `None` if not counted by agent.
    pub agent: Option<AgentId>,
    /// The requests, and their scores.
    pub amount: TallyChange,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(number: u64) -> Option<Score> {
        Some(Score::parse(number).unwrap())
    }

    #[test]
    fn a_changed_rating_moves_from_one_score_to_another() {
        let first = TallyChange::of_request(score(2));
        let change = TallyChange::of_request(score(5)) - first;
        assert_eq!(change.requests, 0);
        assert_eq!(change.scores, [0, -1, 0, 0, 1]);
        assert_eq!((first + change).tally(), Tally::from([1, 0, 0, 0, 0, 1]));
        assert!((change - change).is_nothing());
    }

    #[test]
    fn a_request_without_an_answer_has_no_rating() {
        let tally = TallyChange::of_request(None).tally();
        assert_eq!((tally.requests, tally.ratings()), (1, 0));
    }

    #[test]
    fn parts_add_up_in_any_order() {
        let first = TallyChange::of_request(score(2));
        let change = TallyChange::of_request(score(5)) - first;
        assert_eq!(change.tally(), Tally::from([0, 0, 0, 0, 0, 1]));
        assert_eq!((change + first).tally(), (first + change).tally());
    }

    #[test]
    fn a_part_is_written_as_six_numbers() {
        let change = TallyChange::of_request(None) - TallyChange::of_request(score(1));
        let written = serde_json::to_string(&change).unwrap();
        assert_eq!(written, "[0,-1,0,0,0,0]");
        assert_eq!(
            serde_json::from_str::<TallyChange>(&written).unwrap(),
            change
        );
    }
}
