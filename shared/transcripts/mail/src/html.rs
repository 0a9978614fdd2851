//! The transcript as HTML, for the mail itself and for the file that is attached to a long one.

use std::collections::VecDeque;
use std::ops::Range;

use askama::Template;
use texts::{Direction, fill_isolated};

use crate::agent_note::AgentNote;
use crate::branding::{Accent, Branding, Logo};
use crate::direction::direction;
use crate::language::MailLanguage;
use crate::message::Message;
use crate::paragraphs::paragraphs;
use crate::rating_links::FaceLink;

/// The name of the file that contains the whole conversation.
pub(crate) const FILE_NAME: &str = "transcript.html";

/// The body has fewer bytes than this, because Gmail shows only the first 102 KB of a mail.
pub(crate) const BODY_LIMIT: usize = 90_000;

/// If a message is too long for a body, this many of its characters are tried first.
const BEGINNING_LENGTH: usize = 8_000;

/// The mail's HTML.
pub(crate) struct Html {
    /// The HTML that the mail shows, with fewer than [`BODY_LIMIT`] bytes.
    pub(crate) body: String,
    /// The whole conversation, if the body does not contain it.
    pub(crate) whole: Option<String>,
}

/// The text around the messages.
pub(crate) struct Frame<'a> {
    /// The title above the messages.
    pub(crate) title: &'a str,
    /// The number of messages, their dates and the time zone.
    pub(crate) summary: &'a str,
    /// The number of messages.
    pub(crate) total: usize,
    /// What the agent wrote above the messages.
    pub(crate) agent_note: &'a AgentNote,
    /// The faces below the messages.
    pub(crate) faces: &'a [FaceLink<'a>],
    /// How the organisation presents itself.
    pub(crate) branding: &'a Branding,
    /// The language of the mail.
    pub(crate) language: &'a MailLanguage,
}

/// All messages under the headings of their days, rendered once. The last messages that fit into a
/// body can be taken from it.
#[derive(Debug, Default)]
pub(crate) struct HtmlThread {
    html: String,
    /// The range of the newest heading in `html`.
    heading: Range<usize>,
    /// The positions of the latest messages, as many as may fit into a body.
    places: VecDeque<Place>,
}

/// The position of one message in [`HtmlThread::html`], and the range of the heading of its day.
#[derive(Debug)]
struct Place {
    heading: Range<usize>,
    start: usize,
}

/// The last messages of a conversation.
struct LastMessages<'a> {
    count: usize,
    heading: &'a str,
    html: &'a str,
}

/// The part of the conversation that a page shows.
enum ShownPart {
    Whole,
    Latest { shown: usize, total: usize },
    Beginning,
}

#[derive(Template)]
#[template(path = "page_head.html")]
struct PageHead<'a> {
    title: &'a str,
    logo: Option<&'a Logo>,
    accent: Option<Accent>,
    intro: Option<&'a str>,
    summary: &'a str,
    /// What the page says about the part of the conversation that it shows.
    note: Option<String>,
    /// What the agent wrote, as HTML.
    agent_note: &'a str,
    lang: &'static str,
    direction: Direction,
    /// The side on which lines begin, for CSS.
    start: &'static str,
}

#[derive(Template)]
#[template(path = "page_foot.html")]
struct PageFoot<'a> {
    question: &'a str,
    faces: &'a [FaceLink<'a>],
}

#[derive(Template)]
#[template(path = "day.html")]
struct DayHeading<'a> {
    heading: &'a str,
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessageBlock<'a> {
    message: &'a Message<'a>,
    attached: &'static str,
    /// The direction of the page.
    base: Direction,
}

impl HtmlThread {
    /// Adds the heading of one more day.
    pub(crate) fn begin_day(&mut self, heading: &str) -> askama::Result<()> {
        let start = self.html.len();
        DayHeading { heading }.render_into(&mut self.html)?;
        self.heading = start..self.html.len();
        Ok(())
    }

    /// Adds a message of the current day.
    pub(crate) fn add(
        &mut self,
        message: &Message<'_>,
        language: &MailLanguage,
    ) -> askama::Result<()> {
        self.places.push_back(Place {
            heading: self.heading.clone(),
            start: self.html.len(),
        });
        MessageBlock::new(message, language).render_into(&mut self.html)?;
        let end = self.html.len();
        let cannot_fit = |place: &mut Place| end - place.start >= BODY_LIMIT;
        while self.places.pop_front_if(cannot_fit).is_some() {}
        Ok(())
    }

    /// Returns the size of the messages in bytes.
    pub(crate) fn len(&self) -> usize {
        self.html.len()
    }

    /// Writes `frame` around the messages, of which `latest` is the newest. The file contains no
    /// faces, because it is a copy to keep.
    pub(crate) fn finish(
        self,
        frame: &Frame<'_>,
        latest: Option<&Message<'_>>,
    ) -> askama::Result<Html> {
        let head = frame.head(ShownPart::Whole)?;
        let foot = frame.foot(frame.faces)?;
        if head.len() + self.html.len() + foot.len() < BODY_LIMIT {
            return Ok(Html {
                body: enclose(self.html, &head, &foot),
                whole: None,
            });
        }
        let body = self.shortened(frame, &foot, latest)?;
        let foot = frame.foot(&[])?;
        Ok(Html {
            body,
            whole: Some(enclose(self.html, &head, &foot)),
        })
    }

    /// Renders as much of the end of the conversation as fits into a body.
    fn shortened(
        &self,
        frame: &Frame<'_>,
        foot: &str,
        latest: Option<&Message<'_>>,
    ) -> askama::Result<String> {
        let total = frame.total;
        // The note is longest if it counts all messages.
        let head = frame.head(ShownPart::Latest {
            shown: total,
            total,
        })?;
        let room = BODY_LIMIT.saturating_sub(head.len() + foot.len() + 1);
        Ok(match self.latest_within(room) {
            Some(latest) => {
                let shown = latest.count;
                let head = frame.head(ShownPart::Latest { shown, total })?;
                [&head, latest.heading, latest.html, foot].concat()
            }
            None => self.beginning_of(latest, frame, foot)?,
        })
    }

    /// Renders the beginning of `latest` that fits into a body. The length is only correct to a
    /// factor of two, because the size of a character depends on the character and its context.
    fn beginning_of(
        &self,
        latest: Option<&Message<'_>>,
        frame: &Frame<'_>,
        foot: &str,
    ) -> askama::Result<String> {
        let mut head = frame.head(ShownPart::Beginning)?;
        head.push_str(self.html.get(self.heading.clone()).unwrap_or_default());
        let Some(latest) = latest else {
            return Ok(head + foot);
        };
        let mut length = BEGINNING_LENGTH;
        loop {
            let mut page = head.clone();
            let message = &latest.beginning(length);
            MessageBlock::new(message, frame.language).render_into(&mut page)?;
            page.push_str(foot);
            if page.len() < BODY_LIMIT || length == 0 {
                return Ok(page);
            }
            length /= 2;
        }
    }

    /// Returns as many of the latest messages as fit into `room` bytes, with the heading of the
    /// first of them.
    fn latest_within(&self, room: usize) -> Option<LastMessages<'_>> {
        let fits = |place: &Place| place.heading.len() + self.html.len() - place.start <= room;
        let latest_first = self.places.iter().rev().take_while(|place| fits(place));
        let (count, first) = (1..).zip(latest_first).last()?;
        Some(LastMessages {
            count,
            heading: self.html.get(first.heading.clone())?,
            html: self.html.get(first.start..)?,
        })
    }
}

impl Frame<'_> {
    fn head(&self, part: ShownPart) -> askama::Result<String> {
        let language = self.language;
        let direction = language.direction();
        let head = PageHead {
            title: self.title,
            logo: self.branding.logo.as_ref(),
            accent: self.branding.accent,
            intro: self.branding.intro.as_deref(),
            summary: self.summary,
            note: part.note(language),
            agent_note: &self.agent_note.html,
            lang: language.language().as_str(),
            direction,
            start: match direction {
                Direction::LeftToRight => "left",
                Direction::RightToLeft => "right",
            },
        };
        head.render()
    }

    fn foot(&self, faces: &[FaceLink<'_>]) -> askama::Result<String> {
        let question = &self.branding.question;
        PageFoot { question, faces }.render()
    }
}

impl<'a> MessageBlock<'a> {
    fn new(message: &'a Message<'a>, language: &MailLanguage) -> Self {
        Self {
            message,
            attached: language.texts().attached,
            base: language.direction(),
        }
    }
}

impl ShownPart {
    /// Returns the note about the part in `language`. A page with the whole conversation has none.
    fn note(&self, language: &MailLanguage) -> Option<String> {
        let texts = language.texts();
        let shown = match *self {
            Self::Whole => return None,
            Self::Latest { shown: 1, .. } => texts.latest_message.to_owned(),
            Self::Latest { shown, total } => {
                let (shown, count) = (language.number(shown), language.number(total));
                let total = total.try_into().unwrap_or(u64::MAX);
                let values = [("shown", &*shown), ("total", &*count)];
                language.fill_plural(&texts.latest_messages, total, &values)
            }
            Self::Beginning => texts.beginning_of_latest.to_owned(),
        };
        let attached = fill_isolated(texts.whole_attached, &[("file", FILE_NAME)]);
        Some(format!("{shown} {attached}"))
    }
}

/// Puts `head` and `foot` around `html` without copying it to a new string, because it may be long.
fn enclose(mut html: String, head: &str, foot: &str) -> String {
    html.reserve_exact(head.len() + foot.len());
    html.insert_str(0, head);
    html + foot
}
