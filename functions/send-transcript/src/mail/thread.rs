//! A conversation as a transcript shows it, whatever the form it is written in.

use std::borrow::Cow;

use jiff::civil::Date;
use shared::domain::{Attachment, Author, AuthorKind, PublicMessage, TimeZoneName};

use super::calendar::{Calendar, Clock};
use super::characters::{beginning, clean, clean_line};
use super::file_size::file_size;

/// The messages by local date, with what there is to say about all of them.
pub(super) struct Thread<'a> {
    /// How many messages there are.
    pub(super) total: usize,
    /// How many messages from when to when, and where the times are true.
    pub(super) summary: String,
    /// The dates with messages.
    pub(super) days: Vec<Day<'a>>,
}

/// The messages of one date.
pub(super) struct Day<'a> {
    date: Date,
    /// The date with its day of the week.
    pub(super) heading: String,
    /// The messages, at least one.
    pub(super) messages: Vec<Message<'a>>,
}

/// One message, fit to be shown.
pub(super) struct Message<'a> {
    /// The local time of day.
    pub(super) time: String,
    /// What the author is called.
    pub(super) author: String,
    /// What kind of author it is, in one lower-case word.
    pub(super) kind: &'static str,
    /// What was said, in lines that end with `\n`.
    pub(super) text: Cow<'a, str>,
    /// The files that came with it.
    pub(super) files: Vec<File<'a>>,
}

/// A file that came with a message.
#[derive(Clone)]
pub(super) struct File<'a> {
    /// What the file is called.
    pub(super) name: String,
    /// Where it can be fetched safely.
    pub(super) link: Option<&'a str>,
    /// How large it is.
    pub(super) size: Option<String>,
}

impl<'a> Thread<'a> {
    /// The thread of `messages`, at the times of `time_zone` or of UTC.
    pub(super) fn new(messages: &'a [PublicMessage], time_zone: Option<&TimeZoneName>) -> Self {
        let calendar = Calendar::new(time_zone);
        let date = |message: &PublicMessage| calendar.date(message.sent_at().to_jiff());
        let days: Vec<_> = messages
            .chunk_by(|one, next| date(one) == date(next))
            .filter_map(|of_day| Some((date(of_day.first()?), of_day)))
            .map(|(date, of_day)| Day::new(date, &calendar.clock(date), of_day))
            .collect();
        Self {
            total: messages.len(),
            summary: format!(
                "{} {}",
                count_and_dates(messages.len(), &days),
                zone_note(time_zone)
            ),
            days,
        }
    }
}

impl<'a> Day<'a> {
    fn new(date: Date, clock: &Clock<'_>, messages: &'a [PublicMessage]) -> Self {
        Self {
            date,
            heading: date.strftime("%A, %-d %B %Y").to_string(),
            messages: messages
                .iter()
                .map(|message| Message::new(message, clock))
                .collect(),
        }
    }
}

impl<'a> Message<'a> {
    /// How much of a message's text its beginning holds, in characters.
    const BEGINNING_OF_TEXT: usize = 8_000;
    /// How many of a message's files its beginning holds.
    const BEGINNING_OF_FILES: usize = 3;

    fn new(message: &'a PublicMessage, clock: &Clock<'_>) -> Self {
        Self {
            time: clock.time(message.sent_at().to_jiff()),
            author: author_name(message.author()),
            kind: kind(message.author().kind),
            text: clean(message.text()),
            files: message.attachments().iter().map(File::new).collect(),
        }
    }

    /// The message cut to a size that is small in any form, whatever it is made of.
    pub(super) fn beginning(&self) -> Message<'_> {
        Message {
            time: self.time.clone(),
            author: self.author.clone(),
            kind: self.kind,
            text: beginning(&self.text, Self::BEGINNING_OF_TEXT),
            files: self
                .files
                .iter()
                .take(Self::BEGINNING_OF_FILES)
                .cloned()
                .collect(),
        }
    }
}

impl<'a> File<'a> {
    fn new(attachment: &'a Attachment) -> Self {
        let url = &attachment.url;
        Self {
            name: name_or(clean_line(attachment.name.as_str()), "file without a name"),
            link: url.is_https().then_some(url.as_str()),
            size: attachment.bytes.map(file_size),
        }
    }
}

fn author_name(author: &Author) -> String {
    let name = author.name.as_ref();
    let fallback = match author.kind {
        AuthorKind::Visitor => "Visitor",
        AuthorKind::Agent => "Agent",
        AuthorKind::Bot => "Bot",
        AuthorKind::System => "System",
    };
    name_or(
        name.map_or_else(String::new, |name| clean_line(name.as_str())),
        fallback,
    )
}

fn name_or(name: String, fallback: &str) -> String {
    if name.is_empty() {
        fallback.to_owned()
    } else {
        name
    }
}

fn kind(kind: AuthorKind) -> &'static str {
    match kind {
        AuthorKind::Visitor => "visitor",
        AuthorKind::Agent => "agent",
        AuthorKind::Bot => "bot",
        AuthorKind::System => "system",
    }
}

fn count_and_dates(total: usize, days: &[Day<'_>]) -> String {
    let messages = if total == 1 { "message" } else { "messages" };
    let in_words = |day: &Day<'_>| day.date.strftime("%-d %B %Y").to_string();
    match days {
        [] => "No messages.".to_owned(),
        [day] => format!("{total} {messages} on {}.", in_words(day)),
        [first, .., last] => format!(
            "{total} {messages} from {} to {}.",
            in_words(first),
            in_words(last)
        ),
    }
}

fn zone_note(time_zone: Option<&TimeZoneName>) -> String {
    match time_zone {
        Some(name) => format!("Times are in the time zone {name}."),
        None => "Times are in UTC, because no local time zone is known.".to_owned(),
    }
}
