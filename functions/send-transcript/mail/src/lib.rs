//! The e-mail that holds a transcript, made from public messages by pure code.
//!
//! What it guarantees:
//! - The text part holds every message, whatever the length. The HTML part stays under
//!   90,000 bytes, because Gmail hides what comes after about 102 KB; where the
//!   conversation is longer, it shows the latest messages and the whole is attached.
//! - Messages stand in their order, grouped by the reader's local date, at local times that are
//!   right across a daylight-saving change.
//! - Nothing that people wrote becomes markup, a mail header or the heading of another message,
//!   and no direction control of one text turns the text around it.
//! - A link in the HTML part leads where its text says, by `https`, `http` or `mailto`. In the text
//!   part nothing that this code adds is next to a link.
//! - Time and memory grow linearly with the conversation: each message is rendered once, as soon as
//!   it is read, and what it is rendered to is all that is kept of it.

mod branding;
mod calendar;
mod characters;
mod file_size;
mod html;
mod links;
mod message;
mod paragraphs;
mod rating_links;
mod text;
mod transcript;

pub use branding::{Branding, SubjectTemplate};
pub use domain::Mailbox;
pub use rating_links::RatingLinks;
pub use transcript::Transcript;

/// A transcript as an e-mail, but for its addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranscriptMail {
    /// The subject: one line.
    pub subject: String,
    /// The text part: the whole conversation.
    pub text: String,
    /// The HTML part: the whole conversation, or as much of its end as mail programs show.
    pub html: String,
    /// The whole conversation, where the HTML part does not hold it.
    pub attachment: Option<HtmlAttachment>,
}

/// The whole conversation as a page of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HtmlAttachment {
    /// What the file is called.
    pub file_name: &'static str,
    /// What kind of file it is.
    pub content_type: &'static str,
    /// What is in it.
    pub content: String,
}
