//! The subject and the title of the transcripts of a deployment.

use domain::{ConversationId, InvalidValue};

use texts::VisitorLanguage;

use crate::language::MailLanguage;
use crate::sanitize::{beginning, clean_line};

/// The language of a deployment's own subject.
const SUBJECT_LANGUAGE: VisitorLanguage = VisitorLanguage::English;

const BRAND_LENGTH: usize = 100;
const TEMPLATE_LENGTH: usize = 200;
/// Longer than any subject whose template names each placeholder once.
const SUBJECT_LENGTH: usize = 500;

/// The subject and the title of every transcript, each limited to one line and a maximum length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branding {
    brand: String,
    subject: SubjectTemplate,
}

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

    /// Returns the template without the name of the brand. The placeholders that distinguish mails
    /// remain.
    fn without_brand(&self, title: &str) -> Self {
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

impl Branding {
    /// Creates the branding of `brand`. Line breaks in the name become spaces, control characters
    /// are removed, and a name of more than 100 characters is truncated. If the name is blank, a
    /// subject that contains `{brand}` becomes the title without a brand. Its other placeholders
    /// are appended.
    ///
    /// `subject` is in English. Mails in other languages have the title as their subject.
    ///
    /// ```
    /// use domain::ConversationId;
    /// use transcript_mail::{Branding, MailLanguage, SubjectTemplate};
    ///
    /// let subject = SubjectTemplate::parse("{brand}: {conversation}, {date}")?;
    /// let branding = Branding::new("Acme", subject);
    /// let id = ConversationId::parse("chat-42")?;
    /// let english = MailLanguage::choose(None)?;
    /// assert_eq!(branding.subject(&id, "6 June 2026", &english), "Acme: chat-42, 6 June 2026");
    /// assert_eq!(branding.title(&english), "Your conversation with Acme");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(brand: &str, subject: SubjectTemplate) -> Self {
        let brand = clean_line(brand);
        let brand = beginning(&brand, BRAND_LENGTH).into_owned();
        let subject = if brand.is_empty() && subject.0.contains(&Part::Brand) {
            let title = SUBJECT_LANGUAGE.texts().mail.title_without_brand;
            subject.without_brand(title)
        } else {
            subject
        };
        Self { brand, subject }
    }

    /// Returns the subject of the mail of `conversation`, which began on `date`: one line. If it
    /// would be longer, it has 500 characters and an ellipsis.
    pub fn subject(
        &self,
        conversation: &ConversationId,
        date: &str,
        language: &MailLanguage,
    ) -> String {
        if self.subject.0.is_empty() || language.language() != SUBJECT_LANGUAGE {
            return self.title(language);
        }
        let parts = self.subject.0.iter().map(|part| match part {
            Part::Text(text) => text,
            Part::Brand => &*self.brand,
            Part::Conversation => conversation.as_str(),
            Part::Date => date,
        });
        let subject = String::from_iter(parts);
        beginning(&clean_line(&subject), SUBJECT_LENGTH).into_owned()
    }

    /// Returns the title above the conversation in a mail in `language`.
    pub fn title(&self, language: &MailLanguage) -> String {
        let texts = language.texts();
        if self.brand.is_empty() {
            texts.title_without_brand.to_owned()
        } else {
            language.fill(texts.title, &[("brand", &self.brand)])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english() -> MailLanguage {
        MailLanguage::choose(None).unwrap()
    }

    fn template(text: &str) -> SubjectTemplate {
        SubjectTemplate::parse(text).unwrap()
    }

    fn branding(brand: &str, subject: &str) -> Branding {
        Branding::new(brand, template(subject))
    }

    fn subject(brand: &str, subject: &str) -> String {
        let id = ConversationId::parse("chat-42").unwrap();
        branding(brand, subject).subject(&id, "6 June 2026", &english())
    }

    #[test]
    fn a_blank_subject_is_the_usual_one() {
        for blank in ["", " \n ", "\0"] {
            assert_eq!(subject("Acme", blank), "Your conversation with Acme");
        }
    }

    #[test]
    fn each_placeholder_is_replaced_wherever_it_is() {
        for (text, filled) in [
            ("{brand}: our chat", "Acme: our chat"),
            ("Chat {conversation}", "Chat chat-42"),
            ("{date}", "6 June 2026"),
            (
                "{brand}{conversation}{date} {brand}",
                "Acmechat-426 June 2026 Acme",
            ),
            ("Our chat", "Our chat"),
        ] {
            assert_eq!(subject("Acme", text), filled);
        }
    }

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

    #[test]
    fn a_blank_brand_is_omitted() {
        for text in ["", "Your chat with {brand}"] {
            assert_eq!(subject(" ", text), "Your conversation");
            assert_eq!(branding(" ", text).title(&english()), "Your conversation");
        }
        assert_eq!(
            subject("", "{brand}, {date}: {conversation}"),
            "Your conversation – 6 June 2026 – chat-42"
        );
        assert_eq!(subject("", "Your chat"), "Your chat");
    }

    #[test]
    fn a_brand_that_looks_like_a_placeholder_is_left_alone() {
        assert_eq!(
            subject("{brand} {date}", ""),
            "Your conversation with {brand} {date}"
        );
    }

    #[test]
    fn neither_brand_nor_subject_can_begin_a_new_header() {
        assert_eq!(
            subject(
                "Acme\r\nBcc: a@example.com",
                "Hello\r\n {brand}\0\u{2028}Bcc: b@example.com"
            ),
            "Hello Acme Bcc: a@example.com Bcc: b@example.com"
        );
    }

    #[test]
    fn the_longest_subject_contains_the_id_and_the_date() {
        let id = ConversationId::parse(&"i".repeat(128)).unwrap();
        let text = format!("{}{{brand}}{{conversation}}{{date}}", "ü".repeat(173));
        let branding = branding(&"é".repeat(500), &text);
        let subject = branding.subject(&id, "30 September 2026", &english());
        assert!(subject.ends_with(&format!("é…{id}30 September 2026")));
        assert!(branding.title(&english()).ends_with("é…"));
        let repeated = Branding::new("Acme", template(&"{conversation}".repeat(14)));
        assert_eq!(repeated.subject(&id, "", &english()).chars().count(), 501);
    }
}
