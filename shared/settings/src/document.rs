use std::collections::{BTreeMap, BTreeSet};

use domain::{InvalidValue, ReasonId};
use serde::{Serialize, Serializer};
use texts::VisitorLanguage;

use crate::asking::AskingSettings;
use crate::brand::Brand;
use crate::reasons::{MAXIMUM_REASONS, Reason};
use crate::transcripts::TranscriptSettings;
use crate::visitor_texts::VisitorTexts;

/// The maximum size of a document as compact JSON.
pub const MAXIMUM_BYTES: usize = 64 * 1024;

/// The settings of an organisation. What is absent has its default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// The language for visitors whose language is not known or not supported.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "write_language"
    )]
    pub default_language: Option<VisitorLanguage>,
    /// The brand.
    #[serde(skip_serializing_if = "Brand::is_empty")]
    pub brand: Brand,
    /// The texts that replace built-in ones, by language.
    #[serde(
        skip_serializing_if = "BTreeMap::is_empty",
        serialize_with = "write_texts"
    )]
    pub texts: BTreeMap<VisitorLanguage, VisitorTexts>,
    /// The reasons for scores, in the order in which they are offered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// The settings for rating requests.
    #[serde(skip_serializing_if = "AskingSettings::is_empty")]
    pub asking: AskingSettings,
    /// The settings for transcripts.
    #[serde(skip_serializing_if = "TranscriptSettings::is_empty")]
    pub transcripts: TranscriptSettings,
}

/// A setting that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidSetting {
    /// The path of the setting, such as `reasons[1].labels`.
    pub path: String,
    /// The rule.
    pub rule: InvalidValue,
}

impl Settings {
    /// Returns the default language, or English.
    pub fn default_language(&self) -> VisitorLanguage {
        self.default_language.unwrap_or(VisitorLanguage::English)
    }

    /// Returns the reason with this id, or `None` if there is none.
    pub fn reason(&self, id: &ReasonId) -> Option<&Reason> {
        self.reasons.iter().find(|reason| reason.id == *id)
    }

    /// Checks the rules that concern several settings.
    ///
    /// # Errors
    /// If there are too many reasons, two have the same id, or one has no label in the default
    /// language; if a mail that no agent sends has no sender.
    pub fn check(&self) -> Result<(), InvalidSetting> {
        let invalid = |path: String, rule: String| {
            Err(InvalidSetting {
                path,
                rule: InvalidValue::new(rule),
            })
        };
        if self.reasons.len() > MAXIMUM_REASONS {
            return invalid(
                "reasons".to_owned(),
                format!("must have at most {MAXIMUM_REASONS} items"),
            );
        }
        let mut ids = BTreeSet::new();
        let language = self.default_language();
        for (place, reason) in self.reasons.iter().enumerate() {
            if !ids.insert(&reason.id) {
                return invalid(
                    format!("reasons[{place}].id"),
                    "must differ from the ids of the other reasons".to_owned(),
                );
            }
            if !reason.labels.contains_key(&language) {
                return invalid(
                    format!("reasons[{place}].labels.{}", language.as_str()),
                    "is required, because it is the default language".to_owned(),
                );
            }
        }
        if let Some(setting) = self.setting_that_needs_sender()
            && self.transcripts.from.is_none()
        {
            return invalid(
                "transcripts.from".to_owned(),
                format!("is required, because {setting}"),
            );
        }
        Ok(())
    }

    /// A setting by which mails are sent that no agent sends.
    fn setting_that_needs_sender(&self) -> Option<&'static str> {
        if self.transcripts.visitor_may_request {
            Some("transcripts.visitor_may_request is true")
        } else if self.transcripts.rule().is_some() {
            Some("transcripts.on_resolve is enabled")
        } else if self.asking.mail_if_unanswered_after_hours.is_some() {
            Some("asking.mail_if_unanswered_after_hours is set")
        } else {
            None
        }
    }
}

fn write_language<S: Serializer>(
    language: &Option<VisitorLanguage>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    language.map(VisitorLanguage::as_str).serialize(serializer)
}

fn write_texts<S: Serializer>(
    texts: &BTreeMap<VisitorLanguage, VisitorTexts>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(
        texts
            .iter()
            .map(|(language, texts)| (language.as_str(), texts)),
    )
}

#[cfg(test)]
mod tests {
    use domain::{ReasonId, ReasonScores, Score, SenderAddress};

    use super::*;
    use crate::setting_text::SettingText;

    fn reason(id: &str, languages: &[VisitorLanguage]) -> Reason {
        let label = SettingText::parse("Too slow", Reason::LABEL).unwrap();
        Reason {
            id: ReasonId::parse(id).unwrap(),
            scores: ReasonScores::new(vec![Score::parse(1).unwrap()]).unwrap(),
            labels: languages
                .iter()
                .map(|language| (*language, label.clone()))
                .collect(),
        }
    }

    #[test]
    fn each_reason_has_its_own_id_and_a_label_in_the_default_language() {
        let english = VisitorLanguage::English;
        let mut settings = Settings {
            reasons: vec![reason("a", &[english]), reason("a", &[english])],
            ..Settings::default()
        };
        assert_eq!(settings.check().unwrap_err().path, "reasons[1].id");
        settings.reasons = vec![reason("a", &[english])];
        assert_eq!(settings.check(), Ok(()));
        settings.default_language = Some(VisitorLanguage::Polish);
        assert_eq!(settings.check().unwrap_err().path, "reasons[0].labels.pl");
    }

    #[test]
    fn there_are_at_most_twelve_reasons() {
        let reasons = |count| Settings {
            reasons: (0..count)
                .map(|number| reason(&format!("r{number}"), &[VisitorLanguage::English]))
                .collect(),
            ..Settings::default()
        };
        assert_eq!(reasons(12).check(), Ok(()));
        assert_eq!(reasons(13).check().unwrap_err().path, "reasons");
    }

    #[test]
    fn a_mail_that_visitors_may_request_has_a_sender() {
        let mut settings = Settings::default();
        settings.transcripts.visitor_may_request = true;
        assert_eq!(settings.check().unwrap_err().path, "transcripts.from");
        let from = SenderAddress::parse("help@acme.example").unwrap();
        settings.transcripts.from = Some(from);
        assert_eq!(settings.check(), Ok(()));
    }

    #[test]
    fn empty_settings_are_an_empty_object() {
        assert_eq!(serde_json::to_string(&Settings::default()).unwrap(), "{}");
    }
}
