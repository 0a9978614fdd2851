//! The transcript as HTML, for the mail itself and for the file that goes with a long one.

use std::collections::VecDeque;
use std::ops::Range;

use askama::Template;

use crate::characters::direction;
use crate::message::Message;
use crate::paragraphs::paragraphs;
use crate::rating_links::FaceLink;

/// What the file that holds the whole conversation is called.
pub(crate) const FILE_NAME: &str = "transcript.html";

/// The body stays below this many bytes: Gmail shows the first 102 KB of a mail.
pub(crate) const BODY_LIMIT: usize = 90_000;

/// How many characters of a message that no body holds are tried first.
const BEGINNING_LENGTH: usize = 8_000;

/// The mail's HTML.
pub(crate) struct Html {
    /// What the mail shows, below [`BODY_LIMIT`] bytes.
    pub(crate) body: String,
    /// The whole conversation, where the body does not hold it.
    pub(crate) whole: Option<String>,
}

/// What stands around the messages.
pub(crate) struct Frame<'a> {
    /// What stands over them.
    pub(crate) title: &'a str,
    /// What there is to say about all of them.
    pub(crate) summary: &'a str,
    /// How many messages there are.
    pub(crate) total: usize,
    /// The faces beneath them.
    pub(crate) faces: &'a [FaceLink],
}

/// All messages under the headings of their days, written once; any end of it that fits into a body
/// can be cut out.
#[derive(Debug, Default)]
pub(crate) struct HtmlThread {
    html: String,
    /// Where the heading of the newest day is.
    heading: Range<usize>,
    /// Where the latest messages are, as many as a body may hold.
    places: VecDeque<Place>,
}

/// Where in [`HtmlThread::html`] one message begins, and where the heading of its day is.
#[derive(Debug)]
struct Place {
    heading: Range<usize>,
    start: usize,
}

/// The last messages of a conversation.
struct Latest<'a> {
    count: usize,
    heading: &'a str,
    html: &'a str,
}

/// How much of the conversation a page shows.
enum Note {
    Whole,
    Latest { shown: usize, total: usize },
    Beginning,
}

#[derive(Template)]
#[template(path = "page_head.html")]
struct PageHead<'a> {
    title: &'a str,
    summary: &'a str,
    note: Note,
}

#[derive(Template)]
#[template(path = "page_foot.html")]
struct PageFoot<'a> {
    faces: &'a [FaceLink],
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
}

impl HtmlThread {
    /// Begins the messages of one more day.
    pub(crate) fn begin_day(&mut self, heading: &str) -> askama::Result<()> {
        let start = self.html.len();
        DayHeading { heading }.render_into(&mut self.html)?;
        self.heading = start..self.html.len();
        Ok(())
    }

    /// Adds a message of this day.
    pub(crate) fn add(&mut self, message: &Message<'_>) -> askama::Result<()> {
        self.places.push_back(Place {
            heading: self.heading.clone(),
            start: self.html.len(),
        });
        MessageBlock { message }.render_into(&mut self.html)?;
        let end = self.html.len();
        let is_too_early = |place: &mut Place| end - place.start >= BODY_LIMIT;
        while self.places.pop_front_if(is_too_early).is_some() {}
        Ok(())
    }

    /// How many bytes the messages take.
    pub(crate) fn len(&self) -> usize {
        self.html.len()
    }

    /// Writes `frame` around the messages, of which `latest` is the newest. The file is for keeping:
    /// it asks nothing.
    pub(crate) fn finish(
        self,
        frame: &Frame<'_>,
        latest: Option<&Message<'_>>,
    ) -> askama::Result<Html> {
        let head = frame.head(Note::Whole)?;
        let foot = frame.foot()?;
        if head.len() + self.html.len() + foot.len() < BODY_LIMIT {
            return Ok(Html {
                body: enclose(self.html, &head, &foot),
                whole: None,
            });
        }
        let body = self.shortened(frame, &foot, latest)?;
        let foot = PageFoot { faces: &[] }.render()?;
        Ok(Html {
            body,
            whole: Some(enclose(self.html, &head, &foot)),
        })
    }

    /// As much of the conversation's end as a body holds.
    fn shortened(
        &self,
        frame: &Frame<'_>,
        foot: &str,
        latest: Option<&Message<'_>>,
    ) -> askama::Result<String> {
        let total = frame.total;
        // No note is longer than the one that counts them all.
        let head = frame.head(Note::Latest {
            shown: total,
            total,
        })?;
        let room = BODY_LIMIT.saturating_sub(head.len() + foot.len() + 1);
        Ok(match self.latest_within(room) {
            Some(latest) => {
                let shown = latest.count;
                let head = frame.head(Note::Latest { shown, total })?;
                [&head, latest.heading, latest.html, foot].concat()
            }
            None => self.beginning_of(latest, frame, foot)?,
        })
    }

    /// As much of the beginning of `latest` as a body holds, to a factor of two: what a character
    /// takes depends on what it is and where.
    fn beginning_of(
        &self,
        latest: Option<&Message<'_>>,
        frame: &Frame<'_>,
        foot: &str,
    ) -> askama::Result<String> {
        let mut head = frame.head(Note::Beginning)?;
        head.push_str(self.html.get(self.heading.clone()).unwrap_or_default());
        let Some(latest) = latest else {
            return Ok(head + foot);
        };
        let mut length = BEGINNING_LENGTH;
        loop {
            let mut page = head.clone();
            let message = &latest.beginning(length);
            MessageBlock { message }.render_into(&mut page)?;
            page.push_str(foot);
            if page.len() < BODY_LIMIT || length == 0 {
                return Ok(page);
            }
            length /= 2;
        }
    }

    /// As many of the latest messages as take no more than `room` bytes, with the heading of the
    /// day that the first of them is of.
    fn latest_within(&self, room: usize) -> Option<Latest<'_>> {
        let fits = |place: &Place| place.heading.len() + self.html.len() - place.start <= room;
        let latest_first = self.places.iter().rev().take_while(|place| fits(place));
        let (count, first) = (1..).zip(latest_first).last()?;
        Some(Latest {
            count,
            heading: self.html.get(first.heading.clone())?,
            html: self.html.get(first.start..)?,
        })
    }
}

impl Frame<'_> {
    fn head(&self, note: Note) -> askama::Result<String> {
        let head = PageHead {
            title: self.title,
            summary: self.summary,
            note,
        };
        head.render()
    }

    fn foot(&self) -> askama::Result<String> {
        PageFoot { faces: self.faces }.render()
    }
}

/// `html` between `head` and `foot`, in the place where it is: it may be long.
fn enclose(mut html: String, head: &str, foot: &str) -> String {
    html.reserve_exact(head.len() + foot.len());
    html.insert_str(0, head);
    html + foot
}
