//! A transcript that grows message by message.

use domain::{ConversationId, PublicMessage, TimeZoneName};
use jiff::civil::Date;

use crate::calendar::{Calendar, Day};
use crate::html::{self, HtmlThread};
use crate::message::Message;
use crate::text::TextThread;
use crate::{Branding, HtmlAttachment, RatingLinks, TranscriptMail};

/// What stands around the messages, at most, in bytes of each part: titles, styles and links.
const FRAME_LIMIT: usize = 20_000;

/// A transcript as far as it is written: each message is, in every form, when it is added, and only
/// the newest is kept beside that.
///
/// What stands around the messages comes last, for it tells how many there are, and what a mail
/// asks is decided late.
#[derive(Debug)]
pub struct Transcript {
    calendar: Calendar,
    zone_note: String,
    text: TextThread,
    html: HtmlThread,
    count: usize,
    /// The date of the first message.
    first: Option<Date>,
    latest: Option<Latest>,
}

/// The newest message, and the date that it is of.
#[derive(Debug)]
struct Latest {
    day: Day,
    message: PublicMessage,
}

impl Transcript {
    /// A transcript without messages, with times as in `time_zone`, or in UTC where that is not
    /// known.
    pub fn new(time_zone: Option<&TimeZoneName>) -> Self {
        Self {
            calendar: Calendar::new(time_zone),
            zone_note: zone_note(time_zone),
            text: TextThread::default(),
            html: HtmlThread::default(),
            count: 0,
            first: None,
            latest: None,
        }
    }

    /// Adds a message, which is not older than those before it.
    ///
    /// # Errors
    /// Where a template cannot be written out, which no input brings about.
    pub fn add(&mut self, message: PublicMessage) -> askama::Result<()> {
        let day = self.day_of(&message)?;
        let shown = Message::new(&message, &day);
        self.text.add(&shown)?;
        self.html.add(&shown)?;
        self.count += 1;
        self.latest = Some(Latest { day, message });
        Ok(())
    }

    /// How many messages there are.
    pub fn message_count(&self) -> usize {
        self.count
    }

    /// The most bytes that the mail would take on its way as it is now: three for each of a part's
    /// in quoted-printable, four for each three of an attachment's in base64 with line ends.
    pub fn largest_size(&self) -> usize {
        let text = self.text.len() + FRAME_LIMIT;
        let page = self.html.len() + FRAME_LIMIT;
        let (body, attachment) = match page {
            0..html::BODY_LIMIT => (page, 0),
            html::BODY_LIMIT.. => (html::BODY_LIMIT, page),
        };
        (text + body) * 3 + attachment * 7 / 5
    }

    /// The whole mail of `conversation` under `branding`, and beneath the messages the faces that
    /// `links` lead from.
    ///
    /// # Errors
    /// Where a template cannot be written out, which no input brings about.
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
        let latest = self.latest.as_ref();
        let latest = latest.map(|it| Message::new(&it.message, &it.day));
        let html = self.html.finish(&frame, latest.as_ref())?;
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

    /// The date of `message`, under whose heading it now stands.
    fn day_of(&mut self, message: &PublicMessage) -> askama::Result<Day> {
        let moment = message.sent_at().to_jiff();
        let before = self.latest.take().map(|latest| latest.day);
        let before = match before {
            Some(day) if day.surely_holds(moment) => return Ok(day),
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

    /// How many messages from when to when, and where the times are true.
    fn summary(&self) -> String {
        let messages = if self.count == 1 {
            "message"
        } else {
            "messages"
        };
        let dates = match (self.first, &self.latest) {
            (Some(first), Some(latest)) if first == latest.day.date => {
                format!("{} {messages} on {}.", self.count, in_words(first))
            }
            (Some(first), Some(latest)) => format!(
                "{} {messages} from {} to {}.",
                self.count,
                in_words(first),
                in_words(latest.day.date)
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
