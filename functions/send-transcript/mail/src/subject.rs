//! The subject of a mail, with placeholders.

use domain::{ConversationId, InvalidValue};
use texts::{has_right_to_left, isolate};

use crate::sanitize::{beginning, clean_line};

const TEMPLATE_LENGTH: usize = 200;
/// Longer than any subject whose template names each placeholder once.
const SUBJECT_LENGTH: usize = 500;

/// A subject with placeholders: `{brand}`, `{conversation}` (the id of the conversation) and
/// `{date}` (the date of its first message, as the mail shows it).
///
/// The default has no text. With it, the subject is the title in the language of the mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectTemplate(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Brand,
    Conversation,
    Date,
}

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
        if text.is_empty() {
            return Ok(Self::default());
        }
        let mut parts = Vec::new();
        let mut rest = &*text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or_else(unknown_placeholder)?;
            parts.push(Part::text(before)?);
            parts.push(match name {
                "brand" => Part::Brand,
                "conversation" => Part::Conversation,
                "date" => Part::Date,
                _ => return Err(unknown_placeholder()),
            });
            rest = after;
        }
        parts.push(Part::text(rest)?);
        Ok(Self(parts))
    }

    /// Whether it is blank, so that the subject is the title.
    pub(crate) fn is_blank(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the subject of the mail of `conversation`, which began on `date`: one line. If it would
    /// be longer, it has 500 characters and an ellipsis.
    pub(crate) fn fill(&self, brand: &str, conversation: &ConversationId, date: &str) -> String {
        let parts = self.0.iter().map(|part| match part {
            Part::Text(text) => text,
            Part::Brand => brand,
            Part::Conversation => conversation.as_str(),
            Part::Date => date,
        });
        let subject = String::from_iter(parts.clone());
        if !has_right_to_left(&subject) {
            return beginning(&clean_line(&subject), SUBJECT_LENGTH).into_owned();
        }
        // A value must not affect the order of the words around it.
        let isolated = self.0.iter().zip(parts).map(|(part, text)| match part {
            Part::Text(_) => text.to_owned(),
            _ => isolate(text),
        });
        let subject = String::from_iter(isolated);
        beginning(&subject, SUBJECT_LENGTH).into_owned()
    }

    /// Returns the template for mails without a brand. If the text names the brand, it is replaced by
    /// `title`. The placeholders that distinguish mails remain.
    pub(crate) fn without_brand(self, title: &str) -> Self {
        if !self.0.contains(&Part::Brand) {
            return self;
        }
        let names = |part: &&Part| matches!(part, Part::Conversation | Part::Date);
        let mut parts = vec![Part::Text(title.to_owned())];
        for part in self.0.iter().filter(names) {
            parts.push(Part::Text(" – ".to_owned()));
            parts.push(part.clone());
        }
        Self(parts)
    }
}

fn unknown_placeholder() -> InvalidValue {
    InvalidValue::new("may contain only the placeholders {brand}, {conversation} and {date}")
}

impl Part {
    /// Text between placeholders.
    fn text(text: &str) -> Result<Self, InvalidValue> {
        if text.contains('}') {
            Err(unknown_placeholder())
        } else {
            Ok(Self::Text(text.to_owned()))
        }
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
