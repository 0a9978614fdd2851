//! The built-in texts that visitors read, in sixteen languages.
//!
//! Each language has one file. The compiler checks that a language has every text. Tests check the
//! placeholders, and that each text with a number has the plural forms that CLDR defines.
//!
//! No native reader has checked the languages except English yet.

mod direction;
mod fill;
mod language;
mod languages;
mod mail;
mod plural;
mod rating;

pub use direction::{Direction, has_right_to_left, reads_right_to_left};
pub use fill::{fill, fill_isolated};
pub use language::VisitorLanguage;
pub use mail::MailTexts;
pub use plural::{Plural, PluralForm};
pub use rating::{LinkTexts, OwnTranscriptTexts, PromptTexts, RatingProblems, WidgetTexts};

/// All texts of one language.
#[derive(Clone, Copy, Debug)]
pub struct Texts {
    /// The texts of the rating question that organisations can replace.
    pub prompt: &'static PromptTexts,
    /// The other texts of the widget.
    pub widget: &'static WidgetTexts,
    /// The texts that the page behind a link in a mail has in addition.
    pub link: &'static LinkTexts,
    /// The texts of the email with a transcript.
    pub mail: &'static MailTexts,
}
