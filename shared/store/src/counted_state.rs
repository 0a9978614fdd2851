use domain::{CountsDelta, InvalidValue, Score};
use serde::{Deserialize, Serialize};

/// The state of a rating request that the report's counts include: the request itself and, if it is
/// answered, its score. It is stored as one number, the score or 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct CountedState(Option<Score>);

impl CountedState {
    /// The state of a request that is answered with `score`, or not answered.
    pub fn new(score: Option<Score>) -> Self {
        Self(score)
    }

    /// What this state adds to the counts: one request and, if it is answered, one rating.
    pub fn counts(self) -> CountsDelta {
        CountsDelta::of_request(self.0)
    }

    /// The change to the counts if the request's state changes from `before` to this one. `before`
    /// is `None` if the counts do not include the request yet.
    pub fn delta_since(self, before: Option<Self>) -> CountsDelta {
        self.counts() - before.map_or_else(CountsDelta::default, Self::counts)
    }

    /// The score that is counted; `None` if the request is not answered.
    pub fn score(self) -> Option<Score> {
        self.0
    }
}

impl TryFrom<u8> for CountedState {
    type Error = InvalidValue;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        match number {
            0 => Ok(Self(None)),
            score => Score::parse(score.into()).map(|score| Self(Some(score))),
        }
    }
}

impl From<CountedState> for u8 {
    fn from(counted: CountedState) -> Self {
        counted.0.map_or(0, Score::get)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counted_state_is_stored_as_one_number() {
        for number in 0..=5 {
            assert_eq!(u8::from(CountedState::try_from(number).unwrap()), number);
        }
        assert!(CountedState::try_from(6).is_err());
    }

    #[test]
    fn counts_that_include_a_request_change_by_the_difference_only() {
        let counted = |number| CountedState::try_from(number).unwrap();
        let change = counted(4).delta_since(Some(counted(0)));
        assert_eq!((change.requests, change.scores), (0, [0, 0, 0, 1, 0]));
        let new = counted(4).delta_since(None);
        assert_eq!((new.requests, new.scores), (1, [0, 0, 0, 1, 0]));
        assert!(counted(4).delta_since(Some(counted(4))).is_zero());
    }
}
