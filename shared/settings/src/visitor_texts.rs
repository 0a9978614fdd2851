use serde::Serialize;
use serde_json::Value;

use crate::setting_text::{SettingText, TextRule};

/// The texts of one language that replace built-in ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VisitorTexts {
    /// The question if the agent's name is not known, or if there is no `question_about`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<SettingText>,
    /// The question about `{agent}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question_about: Option<SettingText>,
    /// What follows a rating.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thanks: Option<SettingText>,
    /// The labels of the five faces, from the lowest score to the highest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub faces: Option<[SettingText; 5]>,
    /// The label of the comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<SettingText>,
    /// The subject of mails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail_subject: Option<SettingText>,
    /// What is above the conversation in a mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail_intro: Option<SettingText>,
}

/// The rules for the texts of a language.
pub struct TextRules {
    /// For `question`.
    pub question: TextRule,
    /// For `question_about`.
    pub question_about: TextRule,
    /// For `thanks`.
    pub thanks: TextRule,
    /// For each of `faces`.
    pub face: TextRule,
    /// For `comment`.
    pub comment: TextRule,
    /// For `mail_subject`.
    pub mail_subject: TextRule,
    /// For `mail_intro`.
    pub mail_intro: TextRule,
}

/// The rules for the texts of every language.
pub const TEXT_RULES: TextRules = TextRules {
    question: TextRule::plain(200),
    question_about: TextRule {
        maximum: 200,
        placeholders: &["agent"],
    },
    thanks: TextRule::plain(200),
    face: TextRule::plain(30),
    comment: TextRule::plain(200),
    mail_subject: TextRule {
        maximum: 200,
        placeholders: &["brand", "conversation", "date"],
    },
    mail_intro: TextRule {
        maximum: 500,
        placeholders: &["brand"],
    },
};

impl VisitorTexts {
    /// Reads `faces` from an array of five labels. Returns `None` if `labels` is not one, or if a label
    /// breaks the rule for faces.
    pub fn parse_faces(labels: &Value) -> Option<[SettingText; 5]> {
        let labels = labels.as_array()?.iter();
        let labels = labels.map(|label| SettingText::parse(label.as_str()?, TEXT_RULES.face).ok());
        labels.collect::<Option<Vec<_>>>()?.try_into().ok()
    }

    /// Whether no text is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
