use std::ops::{Add, AddAssign, Neg, Sub};

use serde::{Deserialize, Serialize};

use crate::agent::AgentId;
use crate::channel::Channel;
use crate::rating::Score;
use crate::reason::ReasonId;
use crate::report_day::ReportDay;

/// How many rating requests there were, and how many were answered with each score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RatingCounts {
    /// The rating requests: answered, unanswered and superseded.
    pub requests: u64,
    /// The ratings, by score. The first number is for the score 1.
    pub scores: [u64; 5],
}

impl RatingCounts {
    /// How many ratings there are.
    pub fn ratings(&self) -> u64 {
        self.scores.iter().sum()
    }
}

impl From<[u64; 6]> for RatingCounts {
    fn from([requests, scores @ ..]: [u64; 6]) -> Self {
        Self { requests, scores }
    }
}

impl From<RatingCounts> for [u64; 6] {
    fn from(counts: RatingCounts) -> Self {
        let [one, two, three, four, five] = counts.scores;
        [counts.requests, one, two, three, four, five]
    }
}

/// A change to the counts. The counts are the sum of all changes.
///
/// Its numbers may be negative: a changed rating subtracts one from a score and adds one to
/// another, and the two changes may be stored in different items.
///
/// It is serialized as six numbers: requests, then ratings of 1 to 5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[i64; 6]", into = "[i64; 6]")]
pub struct CountsDelta {
    /// How many rating requests are added.
    pub requests: i64,
    /// How many ratings are added, by score. The first number is for the score 1.
    pub scores: [i64; 5],
}

impl CountsDelta {
    /// The change for one request, and for one rating of `score` if it is answered.
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

    /// The change for one rating of `score`, without its request.
    pub fn of_rating(score: Score) -> Self {
        Self {
            requests: 0,
            ..Self::of_request(Some(score))
        }
    }

    /// Whether it changes nothing: all of its numbers are 0.
    pub fn is_zero(self) -> bool {
        self == Self::default()
    }

    /// The counts, if this is the sum of all changes. A negative sum becomes 0: it means that a
    /// change is not written yet.
    pub fn to_counts(self) -> RatingCounts {
        let count = |number| u64::try_from(number).unwrap_or_default();
        RatingCounts {
            requests: count(self.requests),
            scores: self.scores.map(count),
        }
    }
}

impl From<[i64; 6]> for CountsDelta {
    fn from([requests, scores @ ..]: [i64; 6]) -> Self {
        Self { requests, scores }
    }
}

impl From<CountsDelta> for [i64; 6] {
    fn from(change: CountsDelta) -> Self {
        let [one, two, three, four, five] = change.scores;
        [change.requests, one, two, three, four, five]
    }
}

impl Add for CountsDelta {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl AddAssign for CountsDelta {
    fn add_assign(&mut self, other: Self) {
        self.requests += other.requests;
        for (score, other) in self.scores.iter_mut().zip(other.scores) {
            *score += other;
        }
    }
}

impl Neg for CountsDelta {
    type Output = Self;

    fn neg(self) -> Self {
        Self {
            requests: -self.requests,
            scores: self.scores.map(|score| -score),
        }
    }
}

impl Sub for CountsDelta {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

/// A change to the counts of one day and channel, of one agent if counted by agent, and of one reason
/// if counted by reason. Several changes may be for the same of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayCount {
    /// The day of the requests.
    pub day: ReportDay,
    /// The channel of the conversations.
    pub channel: Channel,
    /// The agent who asked; `None` if not counted by agent.
    pub agent: Option<AgentId>,
    /// The reason of the ratings; `None` if all requests and ratings are counted.
    pub reason: Option<ReasonId>,
    /// The numbers to add to the counts of this day, channel, agent and reason. If counted by reason,
    /// there are no requests.
    pub amount: CountsDelta,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(number: u64) -> Option<Score> {
        Some(Score::parse(number).unwrap())
    }

    #[test]
    fn a_changed_rating_moves_from_one_score_to_another() {
        let first = CountsDelta::of_request(score(2));
        let change = CountsDelta::of_request(score(5)) - first;
        assert_eq!(change.requests, 0);
        assert_eq!(change.scores, [0, -1, 0, 0, 1]);
        assert_eq!(
            (first + change).to_counts(),
            RatingCounts::from([1, 0, 0, 0, 0, 1])
        );
        assert!((change - change).is_zero());
    }

    #[test]
    fn a_request_without_an_answer_has_no_rating() {
        let counts = CountsDelta::of_request(None).to_counts();
        assert_eq!((counts.requests, counts.ratings()), (1, 0));
    }

    #[test]
    fn changes_can_be_added_in_any_order() {
        let first = CountsDelta::of_request(score(2));
        let change = CountsDelta::of_request(score(5)) - first;
        assert_eq!(change.to_counts(), RatingCounts::from([0, 0, 0, 0, 0, 1]));
        assert_eq!((change + first).to_counts(), (first + change).to_counts());
    }

    #[test]
    fn a_change_is_serialized_as_six_numbers() {
        let change = CountsDelta::of_request(None) - CountsDelta::of_request(score(1));
        let written = serde_json::to_string(&change).unwrap();
        assert_eq!(written, "[0,-1,0,0,0,0]");
        assert_eq!(
            serde_json::from_str::<CountsDelta>(&written).unwrap(),
            change
        );
    }
}
