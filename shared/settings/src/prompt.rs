use domain::{ReasonId, ReasonScores};
use serde::Serialize;
use texts::{VisitorLanguage, fill_isolated};

use crate::document::Settings;
use crate::setting_text::SettingText;
use crate::visitor_texts::VisitorTexts;

/// The texts of the rating question in one language: those of the settings, and the built-in ones of
/// the same language for what the settings do not contain.
#[derive(Clone, Copy, Debug)]
pub struct Prompt<'a> {
    settings: &'a Settings,
    language: VisitorLanguage,
}

/// A reason as visitors see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ShownReason<'a> {
    /// The id.
    pub id: &'a ReasonId,
    /// The label.
    pub label: &'a str,
    /// The scores for which it is offered.
    pub scores: &'a ReasonScores,
}

impl Settings {
    /// Returns the texts of the rating question in `language`.
    pub fn prompt(&self, language: VisitorLanguage) -> Prompt<'_> {
        Prompt {
            settings: self,
            language,
        }
    }
}

impl<'a> Prompt<'a> {
    fn own(
        &self,
        text: impl FnOnce(&'a VisitorTexts) -> Option<&'a SettingText>,
    ) -> Option<&'a str> {
        let texts = self.settings.texts.get(&self.language)?;
        text(texts).map(SettingText::as_str)
    }

    /// Returns the question, with the agent's name if it is known and the text mentions it.
    pub fn question(&self, agent_name: Option<&str>) -> String {
        let built_in = self.language.prompt_texts();
        let own_question = self.own(|texts| texts.question.as_ref());
        match agent_name {
            Some(name) => {
                let text = self.own(|texts| texts.question_about.as_ref());
                let text = text.or(own_question).unwrap_or(built_in.question_about);
                fill_isolated(text, &[("agent", name)])
            }
            None => own_question.unwrap_or(built_in.question).to_owned(),
        }
    }

    /// Returns the labels of the faces, from the lowest score to the highest, without soft hyphens.
    pub fn faces(&self) -> [String; 5] {
        let texts = self.settings.texts.get(&self.language);
        match texts.and_then(|texts| texts.faces.as_ref()) {
            Some(faces) => faces.each_ref().map(|face| face.as_str().to_owned()),
            None => self.language.prompt_texts().unbroken_faces(),
        }
    }

    /// Returns what follows a rating.
    pub fn thanks(&self) -> &'a str {
        let own = self.own(|texts| texts.thanks.as_ref());
        own.unwrap_or(self.language.prompt_texts().thanks)
    }

    /// Returns the label of the comment.
    pub fn comment_label(&self) -> &'a str {
        let own = self.own(|texts| texts.comment.as_ref());
        own.unwrap_or(self.language.prompt_texts().comment)
    }

    /// Returns the reasons in their order. Each has the label in this language, or else in the
    /// default language.
    pub fn reasons(&self) -> Vec<ShownReason<'a>> {
        let default = self.settings.default_language();
        let reasons = self.settings.reasons.iter();
        reasons
            .filter_map(|reason| {
                Some(ShownReason {
                    id: &reason.id,
                    label: reason.label(self.language, default)?.as_str(),
                    scores: &reason.scores,
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"{
        "default_language": "de",
        "texts": {
            "pl": { "question": "Jak było?", "thanks": "Dzięki!" },
            "de": { "question_about": "Wie war {agent}?", "faces": ["1", "2", "3", "4", "5"] }
        },
        "reasons": [
            { "id": "slow", "scores": [1, 2], "labels": { "de": "Langsam", "pl": "Wolno" } },
            { "id": "price", "scores": [1], "labels": { "de": "Preis" } }
        ]
    }"#;

    #[test]
    fn texts_of_the_settings_replace_built_in_ones_of_the_same_language_one_by_one() {
        let settings = Settings::from_stored(DOCUMENT);
        let polish = settings.prompt(VisitorLanguage::Polish);
        let built_in = VisitorLanguage::Polish.prompt_texts();
        assert_eq!(polish.question(None), "Jak było?");
        assert_eq!(polish.thanks(), "Dzięki!");
        assert_eq!(polish.comment_label(), built_in.comment);
        assert_eq!(polish.faces(), built_in.unbroken_faces());
        let french = settings.prompt(VisitorLanguage::French);
        assert_eq!(
            french.thanks(),
            VisitorLanguage::French.prompt_texts().thanks
        );
    }

    #[test]
    fn a_known_agent_is_named_unless_the_settings_have_only_a_question_without_a_name() {
        let settings = Settings::from_stored(DOCUMENT);
        let question = |language| settings.prompt(language).question(Some("Kim"));
        assert_eq!(question(VisitorLanguage::German), "Wie war Kim?");
        assert_eq!(question(VisitorLanguage::Polish), "Jak było?");
        assert_eq!(
            question(VisitorLanguage::English),
            "How was your conversation with Kim?"
        );
    }

    #[test]
    fn a_reason_without_a_label_in_the_language_has_that_of_the_default_language() {
        let settings = Settings::from_stored(DOCUMENT);
        let labels = |language| -> Vec<_> {
            let reasons = settings.prompt(language).reasons();
            reasons.iter().map(|reason| reason.label).collect()
        };
        assert_eq!(labels(VisitorLanguage::Polish), ["Wolno", "Preis"]);
        assert_eq!(labels(VisitorLanguage::English), ["Langsam", "Preis"]);
    }
}
