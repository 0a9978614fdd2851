use std::collections::BTreeMap;

use domain::{OfferedReason, ReasonId, ReasonScores};
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

    /// Returns the reason without its labels.
    pub fn to_offered(&self) -> OfferedReason {
        OfferedReason {
            id: self.id.clone(),
            scores: self.scores.clone(),
        }
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
