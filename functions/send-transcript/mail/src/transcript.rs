//! A transcript to which messages are added one by one.

use domain::{ConversationId, PublicMessage, TimeZoneName};
use jiff::civil::Date;

use crate::calendar::{Calendar, Day};
use crate::html::{self, HtmlThread};
use crate::message::Message;
use crate::text::TextThread;
use crate::{Branding, HtmlAttachment, RatingLinks, TranscriptMail};

/// The maximum size, in bytes of each part, of the text around the messages: titles, styles and
/// links.
const FRAME_LIMIT: usize = 20_000;

/// A transcript under construction. Each message is rendered in every format when it is added.
/// Besides the rendered text, only the newest message is kept.
///
/// The text around the messages is rendered last, because it contains the number of messages and
/// the rating links. Both are known only at the end.
#[derive(Debug)]
pub struct Transcript {
    calendar: Calendar,
    zone_note: String,
    text: TextThread,
    html: HtmlThread,
    count: usize,
    /// The date of the first message.
    first: Option<Date>,
    newest: Option<Newest>,
}

/// The newest message and its day.
#[derive(Debug)]
struct Newest {
    day: Day,
    message: PublicMessage,
}

impl Transcript {
    /// Creates an empty transcript with times in `time_zone`, or in UTC if the time zone is not
    /// known.
    pub fn new(time_zone: Option<&TimeZoneName>) -> Self {
        Self {
            calendar: Calendar::new(time_zone),
            zone_note: zone_note(time_zone),
            text: TextThread::default(),
            html: HtmlThread::default(),
            count: 0,
            first: None,
            newest: None,
        }
    }

    /// Adds a message, which must not be older than those before it.
    ///
    /// # Errors
    /// If a template cannot be rendered, which no input causes.
    pub fn add(&mut self, message: PublicMessage) -> askama::Result<()> {
        let day = self.enter_day(&message)?;
        let shown = Message::new(&message, &day);
        self.text.add(&shown)?;
        self.html.add(&shown)?;
        self.count += 1;
        self.newest = Some(Newest { day, message });
        Ok(())
    }

    /// Returns the number of messages.
    pub fn message_count(&self) -> usize {
        self.count
    }

    /// Returns the maximum encoded size of the mail in its current state. Quoted-printable takes up
    /// to three bytes for each byte of a part. Base64 with line ends takes four bytes for each
    /// three of an attachment.
    pub fn largest_size(&self) -> usize {
        let text = self.text.len() + FRAME_LIMIT;
        let page = self.html.len() + FRAME_LIMIT;
        let (body, attachment) = match page {
            0..html::BODY_LIMIT => (page, 0),
            html::BODY_LIMIT.. => (html::BODY_LIMIT, page),
        };
        (text + body) * 3 + attachment * 7 / 5
    }

    /// Renders the mail of `conversation` with `branding`. The faces of `links` are below the
    /// messages.
    ///
    /// # Errors
    /// If a template cannot be rendered, which no input causes.
    pub fn into_mail(
        self,
        branding: &Branding,
        conversation: &ConversationId,
        links: Option<&RatingLinks>,
    ) -> askama::Result<TranscriptMail> {
        let summary = self.summary();
        let date = self.first.map(in_words).unwrap_or_default();
        let subject = branding.subject(conversation, &date);
        let title = branding.title();
        let frame = html::Frame {
            title: &title,
            summary: &summary,
            total: self.count,
            faces: links.map_or(&[][..], RatingLinks::faces),
        };
        let text = self.text.finish(frame.title, &summary, frame.faces)?;
        let newest = self.newest.as_ref();
        let newest = newest.map(|it| Message::new(&it.message, &it.day));
        let html = self.html.finish(&frame, newest.as_ref())?;
        Ok(TranscriptMail {
            subject,
            text,
            html: html.body,
            attachment: html.whole.map(|content| HtmlAttachment {
                file_name: html::FILE_NAME,
                content_type: "text/html; charset=utf-8",
                content,
            }),
        })
    }

    /// Returns the day of `message`, and begins its heading if the previous message is of another
    /// day.
    fn enter_day(&mut self, message: &PublicMessage) -> askama::Result<Day> {
        let moment = message.sent_at().to_jiff();
        let before = self.newest.take().map(|newest| newest.day);
        let before = match before {
            Some(day) if day.contains_for_certain(moment) => return Ok(day),
            other => other,
        };
        let day = self.calendar.day(moment);
        if before.is_none_or(|before| before.date != day.date) {
            let heading = day.date.strftime("%A, %-d %B %Y").to_string();
            self.text.begin_day(&heading)?;
            self.html.begin_day(&heading)?;
        }
        self.first.get_or_insert(day.date);
        Ok(day)
    }

    /// The number of messages, their dates, and the time zone of the times.
    fn summary(&self) -> String {
        let messages = if self.count == 1 {
            "message"
        } else {
            "messages"
        };
        let dates = match (self.first, &self.newest) {
            (Some(first), Some(newest)) if first == newest.day.date => {
                format!("{} {messages} on {}.", self.count, in_words(first))
            }
            (Some(first), Some(newest)) => format!(
                "{} {messages} from {} to {}.",
                self.count,
                in_words(first),
                in_words(newest.day.date)
            ),
            _ => "No messages.".to_owned(),
        };
        format!("{dates} {}", self.zone_note)
    }
}

fn in_words(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

fn zone_note(time_zone: Option<&TimeZoneName>) -> String {
    match time_zone {
        Some(name) => format!("Times are in the time zone {name}."),
        None => "Times are in UTC, because no local time zone is known.".to_owned(),
    }
}
