use std::ops::{Add, AddAssign, Neg, Sub};

use serde::{Deserialize, Serialize};

use super::{Agent, Channel, ReportDay, Score};

/// How many rating requests there were, and how many were answered with each score.
///
/// It is written as six numbers: requests, then ratings of 1 to 5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[u64; 6]", into = "[u64; 6]")]
pub struct Tally {
    /// The rating requests, answered or not, superseded ones too.
    pub requests: u64,
    /// The ratings, by score: the first are those of 1.
    pub scores: [u64; 5],
}

impl Tally {
    /// How many ratings there are.
    pub fn ratings(&self) -> u64 {
        self.scores.iter().sum()
    }

    /// This tally after `change`. None of its numbers falls below 0.
    #[must_use]
    pub fn changed_by(self, change: TallyChange) -> Self {
        let mut scores = self.scores;
        for (score, change) in scores.iter_mut().zip(change.scores) {
            *score = score.saturating_add_signed(change);
        }
        Self {
            requests: self.requests.saturating_add_signed(change.requests),
            scores,
        }
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.requests += other.requests;
        for (score, other) in self.scores.iter_mut().zip(other.scores) {
            *score += other;
        }
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

/// What is added to a tally; a rating that changed takes one from a score and adds one to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TallyChange {
    /// Rating requests more, or less where it is negative.
    pub requests: i64,
    /// Ratings more or less, by score.
    pub scores: [i64; 5],
}

impl TallyChange {
    /// One request more, and one rating of `score` where it is answered.
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

    /// Whether it changes nothing.
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

impl Add for TallyChange {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self.requests += other.requests;
        for (score, other) in self.scores.iter_mut().zip(other.scores) {
            *score += other;
        }
        self
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

/// What was counted of the rating requests of one day and channel, and of one agent where agents
/// are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayCount {
    /// The day on which they were asked.
    pub day: ReportDay,
    /// Where the conversations took place.
    pub channel: Channel,
    /// Who asked, by the name last seen; `None` where agents are not told apart.
    pub agent: Option<Agent>,
    /// The requests, and their final scores.
    pub tally: Tally,
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
        let tally = Tally::default().changed_by(first).changed_by(change);
        assert_eq!(tally, Tally::from([1, 0, 0, 0, 0, 1]));
        assert!((change - change).is_nothing());
    }

    #[test]
    fn a_request_without_an_answer_has_no_rating() {
        let tally = Tally::default().changed_by(TallyChange::of_request(None));
        assert_eq!((tally.requests, tally.ratings()), (1, 0));
    }
}
