use serde::{Deserialize, Serialize};

use crate::invalid_value::InvalidValue;
use crate::rating::Score;
use crate::text::text_value;

/// The id of a reason for a score: 1 to 32 characters of `a-z`, `0-9`, `_` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReasonId(String);

text_value!(ReasonId);

impl ReasonId {
    /// Reads an id.
    ///
    /// # Errors
    /// If `text` has another form.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let is_allowed = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-')
        };
        if (1..=32).contains(&text.len()) && text.bytes().all(is_allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new(
                "must be 1 to 32 characters of a-z, 0-9, _ and -",
            ))
        }
    }
}

/// The reasons that a visitor chose for a score. A request names at most 5, each once. What is stored
/// is read as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChosenReasons(Vec<ReasonId>);

impl ChosenReasons {
    /// The maximum number of reasons for one rating.
    pub const MAXIMUM: usize = 5;

    /// Collects reasons.
    ///
    /// # Errors
    /// If there are more than 5, or one occurs twice.
    pub fn new(reasons: Vec<ReasonId>) -> Result<Self, InvalidValue> {
        let is_repeated = |(place, id): (usize, &ReasonId)| {
            reasons.iter().take(place).any(|earlier| earlier == id)
        };
        if reasons.len() > Self::MAXIMUM || reasons.iter().enumerate().any(is_repeated) {
            Err(InvalidValue::new(
                "must be at most 5 ids of reasons, each once",
            ))
        } else {
            Ok(Self(reasons))
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether `id` is one of the reasons.
    pub fn contains(&self, id: &ReasonId) -> bool {
        self.0.contains(id)
    }

    /// Whether both are the same reasons in any order.
    pub fn is_same_choice(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.0.iter().all(|id| other.contains(id))
    }

    /// Returns the reasons in the order in which they are stored.
    pub fn iter(&self) -> impl Iterator<Item = &ReasonId> {
        self.0.iter()
    }

    /// Returns the ids, separated by commas. The text is empty if there are none.
    pub fn to_text(&self) -> String {
        let ids: Vec<_> = self.0.iter().map(ReasonId::as_str).collect();
        ids.join(",")
    }
}

impl FromIterator<ReasonId> for ChosenReasons {
    fn from_iter<I: IntoIterator<Item = ReasonId>>(reasons: I) -> Self {
        Self(reasons.into_iter().collect())
    }
}

/// The scores for which a reason is offered: at least one, each once, in ascending order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReasonScores(Vec<Score>);

impl ReasonScores {
    /// Collects scores.
    ///
    /// # Errors
    /// If there are none, or one occurs twice.
    pub fn new(mut scores: Vec<Score>) -> Result<Self, InvalidValue> {
        let count = scores.len();
        scores.sort_unstable();
        scores.dedup();
        if scores.is_empty() || scores.len() < count {
            return Err(InvalidValue::new(
                "must be 1 to 5 different scores of 1 to 5",
            ));
        }
        Ok(Self(scores))
    }

    /// Whether the reason is offered for `score`.
    pub fn contains(&self, score: Score) -> bool {
        self.0.contains(&score)
    }
}

/// A reason and the scores for which it is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedReason {
    /// The id.
    pub id: ReasonId,
    /// The scores.
    pub scores: ReasonScores,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(texts: &[&str]) -> Vec<ReasonId> {
        let ids = texts.iter().map(|text| ReasonId::parse(text).unwrap());
        ids.collect()
    }

    #[test]
    fn an_id_has_lower_case_letters_digits_and_dashes() {
        for text in ["a", "too-slow_2", &"a".repeat(32)] {
            assert!(ReasonId::parse(text).is_ok(), "{text}");
        }
        for text in ["", "A", "a b", "a,b", "é", "=1", &"a".repeat(33)] {
            assert!(ReasonId::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn there_are_at_most_five_reasons_and_each_occurs_once() {
        let five = ["a", "b", "c", "d", "e"];
        assert_eq!(
            ChosenReasons::new(ids(&five)).unwrap().to_text(),
            "a,b,c,d,e"
        );
        assert_eq!(ChosenReasons::default().to_text(), "");
        let six = ["a", "b", "c", "d", "e", "f"];
        assert!(ChosenReasons::new(ids(&six)).is_err());
        assert!(ChosenReasons::new(ids(&["a", "b", "a"])).is_err());
    }
}
