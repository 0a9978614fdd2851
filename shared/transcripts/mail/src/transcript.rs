//! A transcript to which messages are added one by one.

use domain::{ConversationId, PublicMessage, TimeZoneName, TranscriptNote};
use jiff::civil::Date;
use texts::{VisitorLanguage, fill_isolated};

use crate::agent_note::AgentNote;
use crate::calendar::{Calendar, Day};
use crate::card_numbers::CardNumbers;
use crate::html::{self, HtmlThread};
use crate::language::MailLanguage;
use crate::message::Message;
use crate::rating_mail::render_rating_mail;
use crate::text::TextThread;
use crate::{Branding, HtmlAttachment, RatingLinks, TranscriptMail};

/// The maximum size, in bytes of each part, of the text around the messages: titles, styles and
/// links. The logo's address, the longest part, has up to 2,048 characters, each of which takes up
/// to five bytes in HTML.
const FRAME_LIMIT: usize = 32_000;

/// A transcript under construction. Each message is rendered in every format when it is added.
/// Besides the rendered text, only the newest message is kept.
///
/// The text around the messages is rendered last, because it contains the number of messages and
/// the rating links. Both are known only at the end.
#[derive(Debug)]
pub struct Transcript {
    calendar: Calendar,
    language: MailLanguage,
    cards: CardNumbers,
    zone_note: String,
    agent_note: AgentNote,
    text: TextThread,
    html: HtmlThread,
    count: usize,
    /// The date of the first message.
    first: Option<Date>,
    newest: Option<PublicMessage>,
    /// The day of the newest message.
    day: Option<Day>,
}

impl Transcript {
    /// Creates an empty transcript with times in `time_zone`, or in UTC if the time zone is not
    /// known.
    pub fn new(time_zone: Option<&TimeZoneName>, language: MailLanguage) -> Self {
        Self {
            calendar: Calendar::new(time_zone),
            zone_note: zone_note(time_zone, &language),
            language,
            cards: CardNumbers::default(),
            agent_note: AgentNote::default(),
            text: TextThread::default(),
            html: HtmlThread::default(),
            count: 0,
            first: None,
            newest: None,
            day: None,
        }
    }

    /// Sets what the transcript shows of card numbers. Call this before a text is added.
    #[must_use]
    pub fn with_card_numbers(self, cards: CardNumbers) -> Self {
        Self { cards, ..self }
    }

    /// Puts a note of the agent above the conversation.
    ///
    /// # Errors
    /// If a template cannot be rendered, which no input causes.
    pub fn with_note(self, note: &TranscriptNote) -> askama::Result<Self> {
        let agent_note = AgentNote::render(note.as_str(), &self.language, self.cards)?;
        Ok(Self { agent_note, ..self })
    }

    /// Adds a message, which must not be older than those before it.
    ///
    /// # Errors
    /// If a template cannot be rendered, which no input causes.
    pub fn add(&mut self, message: PublicMessage) -> askama::Result<()> {
        let day = self.enter_day(&message)?;
        let shown = Message::new(&message, &day, &self.language, self.cards);
        self.text.add(&shown, &self.language)?;
        self.html.add(&shown, &self.language)?;
        self.count += 1;
        self.day = Some(day);
        self.newest = Some(message);
        Ok(())
    }

    /// Returns the language of the mail.
    pub fn language(&self) -> VisitorLanguage {
        self.language.language()
    }

    /// Returns the number of messages.
    pub fn message_count(&self) -> usize {
        self.count
    }

    /// Returns the maximum encoded size of the mail in its current state. Quoted-printable takes up
    /// to three bytes for each byte of a part. Base64 with line ends takes four bytes for each
    /// three of an attachment.
    pub fn largest_size(&self) -> usize {
        let text = self.text.len() + self.agent_note.text.len() + FRAME_LIMIT;
        let page = self.html.len() + self.agent_note.html.len() + FRAME_LIMIT;
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
        let language = &self.language;
        let date = self.first.map(|date| language.date(date));
        let subject = branding.subject(conversation, &date.unwrap_or_default(), language);
        let title = branding.title(language);
        let faces = links
            .map(|links| links.faces(&branding.faces))
            .unwrap_or_default();
        let frame = html::Frame {
            title: &title,
            summary: &summary,
            total: self.count,
            agent_note: &self.agent_note,
            faces: &faces,
            branding,
            language,
        };
        let text = self.text.finish(&frame)?;
        let newest = self.newest.as_ref().zip(self.day.as_ref());
        let newest = newest.map(|(it, day)| Message::new(it, day, language, self.cards));
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

    /// Renders the mail with the faces of `links`, without the conversation.
    ///
    /// # Errors
    /// If a template cannot be rendered, which no input causes.
    pub fn into_rating_mail(
        self,
        branding: &Branding,
        links: &RatingLinks,
    ) -> askama::Result<TranscriptMail> {
        render_rating_mail(branding, &self.language, links)
    }

    /// Returns the day of `message`, and begins its heading if the previous message is of another
    /// day.
    fn enter_day(&mut self, message: &PublicMessage) -> askama::Result<Day> {
        let moment = message.sent_at().to_jiff();
        let before = match self.day.take() {
            Some(day) if day.contains_for_certain(moment) => return Ok(day),
            other => other,
        };
        let day = self.calendar.day(moment);
        if before.is_none_or(|before| before.date != day.date) {
            let heading = self.language.date_with_weekday(day.date);
            self.text.begin_day(&heading)?;
            self.html.begin_day(&heading)?;
        }
        self.first.get_or_insert(day.date);
        Ok(day)
    }

    /// The number of messages, their dates, and the time zone of the times.
    fn summary(&self) -> String {
        let (language, texts) = (&self.language, self.language.texts());
        let (Some(first), Some(Day { date: last, .. })) = (self.first, &self.day) else {
            return self.zone_note.clone();
        };
        let count = language.number(self.count);
        let number = self.count.try_into().unwrap_or(u64::MAX);
        let first_date = language.date(first);
        let messages = if first == *last {
            let values = [("count", &*count), ("date", &first_date)];
            language.fill_plural(&texts.messages_on, number, &values)
        } else {
            let values = [
                ("count", &*count),
                ("first", &first_date),
                ("last", &language.date(*last)),
            ];
            language.fill_plural(&texts.messages_between, number, &values)
        };
        format!("{messages} {}", self.zone_note)
    }
}

fn zone_note(time_zone: Option<&TimeZoneName>, language: &MailLanguage) -> String {
    let texts = language.texts();
    match time_zone {
        Some(name) => fill_isolated(texts.times_in_zone, &[("zone", name.as_str())]),
        None => texts.times_in_utc.to_owned(),
    }
}
