//! The subject of a mail, with placeholders.

use domain::{ConversationId, InvalidValue};
use texts::fill_isolated;

use crate::sanitize::{beginning, clean_line};

const TEMPLATE_LENGTH: usize = 200;
/// Longer than any subject whose template names each placeholder once.
const SUBJECT_LENGTH: usize = 500;

const PLACEHOLDERS: [&str; 3] = ["brand", "conversation", "date"];

/// A subject with placeholders: `{brand}`, `{conversation}` (the id of the conversation) and
/// `{date}` (the date of its first message, as the mail shows it).
///
/// The default has no text. With it, the subject is the title in the language of the mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectTemplate(String);

impl SubjectTemplate {
    /// Parses a template. A blank one is the default. Line breaks become spaces, and control
    /// characters are removed.
    ///
    /// # Errors
    /// If `text` has more than 200 characters, or a brace that is not part of a known placeholder.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let text = clean_line(text);
        if text.chars().count() > TEMPLATE_LENGTH {
            return Err(InvalidValue::new("must have at most 200 characters"));
        }
        let mut parts = text.split('{');
        let is_known = |part: &str| {
            let ended = part.split_once('}');
            ended.is_some_and(|(name, after)| PLACEHOLDERS.contains(&name) && !after.contains('}'))
        };
        if parts.next().is_some_and(|text| text.contains('}')) || !parts.all(is_known) {
            return Err(InvalidValue::new(
                "may contain only the placeholders {brand}, {conversation} and {date}",
            ));
        }
        Ok(Self(text.into_owned()))
    }

    /// Whether it is blank, so that the subject is the title.
    pub(crate) fn is_blank(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the subject of the mail of `conversation`, which began on `date`: one line. If it would
    /// be longer, it has 500 characters and an ellipsis.
    pub(crate) fn fill(&self, brand: &str, conversation: &ConversationId, date: &str) -> String {
        let date = clean_line(date);
        let values = [
            ("brand", brand),
            ("conversation", conversation.as_str()),
            ("date", &date),
        ];
        beginning(&fill_isolated(&self.0, &values), SUBJECT_LENGTH).into_owned()
    }

    /// Returns the template for mails without a brand. If the text names the brand, it is replaced by
    /// `title`. The placeholders that distinguish mails remain.
    pub(crate) fn without_brand(self, title: &str) -> Self {
        if !self.0.contains("{brand}") {
            return self;
        }
        let after_braces = self.0.split('{').skip(1);
        let names = after_braces.filter_map(|text| Some(text.split_once('}')?.0));
        let kept = names.filter(|name| *name != "brand");
        Self(kept.fold(title.to_owned(), |text, name| {
            format!("{text} – {{{name}}}")
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_placeholder_is_refused_with_the_known_ones() {
        for text in [
            "{name}",
            "{Brand}",
            "{ brand }",
            "{}",
            "{{brand}}",
            "{brand",
            "brand}",
            "a { b",
            "}{brand}",
            "{brand}}",
            "{brand {date}",
        ] {
            let error = SubjectTemplate::parse(text).unwrap_err().to_string();
            assert!(
                error.contains("{brand}, {conversation} and {date}"),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn a_subject_has_at_most_200_characters_before_it_is_filled() {
        assert!(SubjectTemplate::parse(&"ü".repeat(200)).is_ok());
        let error = SubjectTemplate::parse(&"ü".repeat(201)).unwrap_err();
        assert!(error.to_string().contains("200"));
    }
}
