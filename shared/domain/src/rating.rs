use serde::{Deserialize, Serialize};

use crate::invalid_value::InvalidValue;
use crate::text::{has_length, text_value};

/// A visitor's answer, 1 (very dissatisfied) to 5 (very satisfied).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Score(u8);

impl Score {
    /// Checks that a number is a score.
    ///
    /// # Errors
    /// If `number` is not 1, 2, 3, 4 or 5.
    pub fn parse(number: u64) -> Result<Self, InvalidValue> {
        match u8::try_from(number) {
            Ok(score @ 1..=5) => Ok(Self(score)),
            _ => Err(InvalidValue::new(Self::RULE)),
        }
    }

    /// The rule that [`InvalidValue`] states for a score.
    pub const RULE: &str = "must be a whole number from 1 to 5";

    /// The score as a number from 1 to 5.
    pub fn get(self) -> u8 {
        self.0
    }

    /// The score in one word.
    pub fn sentiment(self) -> Sentiment {
        match self.0 {
            ..=2 => Sentiment::Negative,
            3 => Sentiment::Neutral,
            4.. => Sentiment::Positive,
        }
    }
}

impl TryFrom<u8> for Score {
    type Error = InvalidValue;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        Self::parse(number.into())
    }
}

impl From<Score> for u8 {
    fn from(score: Score) -> Self {
        score.0
    }
}

/// A score in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sentiment {
    /// A score of 1 or 2.
    Negative,
    /// A score of 3.
    Neutral,
    /// A score of 4 or 5.
    Positive,
}

impl Sentiment {
    /// Reads a sentiment.
    ///
    /// # Errors
    /// If `text` is not a sentiment.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        [Self::Negative, Self::Neutral, Self::Positive]
            .into_iter()
            .find(|sentiment| sentiment.as_str() == text)
            .ok_or_else(|| InvalidValue::new("must be negative, neutral or positive"))
    }

    /// The sentiment as a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::Neutral => "neutral",
            Self::Positive => "positive",
        }
    }
}

/// One of the five faces that a visitor chooses from.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Face {
    /// The score that it represents.
    pub score: Score,
    /// The emoji that is shown.
    pub emoji: &'static str,
    /// The English name, which is shown too because faces 1 and 3 look similar.
    pub label: &'static str,
}

/// The five faces, in the order of their scores.
pub const FACES: [Face; 5] = [
    Face {
        score: Score(1),
        emoji: "😑",
        label: "Very dissatisfied",
    },
    Face {
        score: Score(2),
        emoji: "😟",
        label: "Dissatisfied",
    },
    Face {
        score: Score(3),
        emoji: "😐",
        label: "Neutral",
    },
    Face {
        score: Score(4),
        emoji: "😊",
        label: "Satisfied",
    },
    Face {
        score: Score(5),
        emoji: "😍",
        label: "Very satisfied",
    },
];

/// A visitor's comment on a score: at most 2,000 characters. An empty comment removes an earlier
/// one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Comment(String);

text_value!(Comment);

impl Comment {
    /// Reads a comment.
    ///
    /// # Errors
    /// If `text` is longer than 2,000 characters.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        if has_length(text, 0, 2_000) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new("must be at most 2,000 characters"))
        }
    }

    /// The comment, or `None` if it is empty and so removes an earlier one.
    pub fn non_empty(self) -> Option<Self> {
        Some(self).filter(|comment| !comment.0.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_a_number_from_1_to_5() {
        for number in 1..=5 {
            assert!(Score::parse(number).is_ok());
        }
        for number in [0, 6, 257, u64::MAX] {
            assert!(Score::parse(number).is_err());
        }
    }

    #[test]
    fn the_faces_are_in_the_order_of_their_scores() {
        let scores: Vec<u8> = FACES.iter().map(|face| face.score.get()).collect();
        assert_eq!(scores, [1, 2, 3, 4, 5]);
    }
}
