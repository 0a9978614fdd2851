//! The email that contains a transcript, rendered from public messages by pure code.
//!
//! The crate guarantees:
//! - The text part contains every message, whatever the length. The HTML part stays under 90,000
//!   bytes, because Gmail hides what comes after about 102 KB. If the conversation is longer, the
//!   HTML part shows the latest messages and the whole conversation is attached.
//! - Messages keep their order and are grouped by the local date of the reader. Their local times
//!   are correct across a daylight-saving change.
//! - The mail is in one language. Its words, dates, times and plural forms are those of the language,
//!   and so is its direction.
//! - Text that people wrote never becomes markup, a mail header or the heading of another message.
//!   Direction controls in a text do not affect the text around it.
//! - A link in the HTML part opens the address that its text shows, by `https`, `http` or `mailto`.
//!   In the text part, this code adds nothing directly next to a link.
//! - Card numbers in what people wrote are masked, if the settings say so.
//! - Time and memory grow linearly with the conversation. Each message is rendered once, as soon as
//!   it is read, and only the rendered form is kept.

mod agent_note;
mod branding;
mod calendar;
mod card_numbers;
mod direction;
mod escape;
mod file_size;
mod html;
mod indent;
mod language;
mod lines;
mod links;
mod message;
mod paragraphs;
mod rating_links;
mod rating_mail;
mod sanitize;
mod search;
mod spaces;
mod subject;
#[cfg(test)]
mod test_texts;
mod text;
mod transcript;

pub use branding::{Branding, DefaultBranding};
pub use card_numbers::CardNumbers;
pub use domain::Mailbox;
pub use language::MailLanguage;
pub use rating_links::RatingLinks;
pub use subject::SubjectTemplate;
pub use transcript::Transcript;

/// A transcript as an email, without its addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranscriptMail {
    /// The subject, on one line.
    pub subject: String,
    /// The text part: the whole conversation.
    pub text: String,
    /// The HTML part: the whole conversation, or as much of its end as mail programs show.
    pub html: String,
    /// The whole conversation, if the HTML part does not contain it.
    pub attachment: Option<HtmlAttachment>,
}

/// The whole conversation as a separate HTML page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HtmlAttachment {
    /// The name of the file.
    pub file_name: &'static str,
    /// The MIME type of the file.
    pub content_type: &'static str,
    /// The contents of the file.
    pub content: String,
}
