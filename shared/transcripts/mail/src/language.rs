//! The language of a mail: its texts, and how it writes dates, times and numbers.

use domain::Language;
use jiff::civil::Date;
use locale::{Formats, MissingData};
use texts::{Direction, MailTexts, Plural, VisitorLanguage, fill};

/// The language of a mail.
#[derive(Debug)]
pub struct MailLanguage {
    language: VisitorLanguage,
    formats: Formats,
}

impl MailLanguage {
    /// Chooses the language of the first of `tags` in which there are texts, or else `default`.
    ///
    /// # Errors
    /// If the formats of the language are missing, which no input causes.
    pub fn choose<'a>(
        tags: impl IntoIterator<Item = &'a Language>,
        default: VisitorLanguage,
    ) -> Result<Self, MissingData> {
        let supported =
            |tag: &'a Language| Some((VisitorLanguage::of_tag(tag.as_str())?, tag.as_str()));
        let (language, tag) = tags
            .into_iter()
            .find_map(supported)
            .unwrap_or((default, ""));
        Ok(Self {
            language,
            formats: Formats::new(language, tag)?,
        })
    }

    /// Returns the language itself.
    pub fn language(&self) -> VisitorLanguage {
        self.language
    }

    pub(crate) fn direction(&self) -> Direction {
        self.language.direction()
    }

    pub(crate) fn texts(&self) -> &'static MailTexts {
        self.language.mail_texts()
    }

    pub(crate) fn formats(&self) -> &Formats {
        &self.formats
    }

    pub(crate) fn date(&self, date: Date) -> String {
        let [month, day] = [date.month(), date.day()].map(i8::unsigned_abs);
        self.formats.date(date.year(), month, day)
    }

    pub(crate) fn date_with_weekday(&self, date: Date) -> String {
        let [month, day] = [date.month(), date.day()].map(i8::unsigned_abs);
        self.formats.date_with_weekday(date.year(), month, day)
    }

    /// Fills the plural form of `text` for `number`.
    pub(crate) fn fill_plural(
        &self,
        text: &Plural,
        number: u64,
        values: &[(&str, &str)],
    ) -> String {
        fill(text.text(self.formats.plural_form(number)), values)
    }

    /// Formats the number of messages.
    pub(crate) fn number(&self, number: usize) -> String {
        self.formats.number(number.try_into().unwrap_or(u64::MAX))
    }
}
