use std::collections::BTreeMap;

use domain::{InvalidValue, Score};
use serde::{Serialize, Serializer};
use texts::VisitorLanguage;

use crate::setting_text::{SettingText, TextRule};

/// The maximum number of reasons.
pub const MAXIMUM_REASONS: usize = 12;

/// A reason that visitors can choose for their score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The id.
    pub id: ReasonId,
    /// The scores for which it is offered.
    pub scores: ReasonScores,
    /// The label in each language.
    #[serde(serialize_with = "write_labels")]
    pub labels: BTreeMap<VisitorLanguage, SettingText>,
}

impl Reason {
    /// The rule for each of [`Reason::labels`].
    pub const LABEL: TextRule = TextRule::plain(60);

    /// Returns the label in `language`, or else in `default_language`, or else in English.
    pub fn label(
        &self,
        language: VisitorLanguage,
        default_language: VisitorLanguage,
    ) -> Option<&SettingText> {
        [language, default_language, VisitorLanguage::English]
            .iter()
            .find_map(|language| self.labels.get(language))
    }
}

fn write_labels<S: Serializer>(
    labels: &BTreeMap<VisitorLanguage, SettingText>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(
        labels
            .iter()
            .map(|(language, label)| (language.as_str(), label)),
    )
}

/// The id of a reason: 1 to 32 characters of `a-z`, `0-9`, `_` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ReasonId(String);

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

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The scores for which a reason is offered: at least one, each once, in ascending order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ReasonScores(Vec<Score>);

impl ReasonScores {
    /// Collects scores.
    ///
    /// # Errors
    /// If there are none, or one occurs twice.
    pub fn new(mut scores: Vec<Score>) -> Result<Self, InvalidValue> {
        let count = scores.len();
        scores.sort_unstable_by_key(|score| score.get());
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
