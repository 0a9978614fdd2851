//! The transcript as HTML, for the mail itself and for the file that goes with a long one.

use std::ops::Range;

use askama::Template;

use super::rating_links::{FaceLink, RatingLinks};
use super::thread::{Message, Thread};

/// What the file that holds the whole conversation is called.
pub(super) const FILE_NAME: &str = "transcript.html";

/// The body stays below this many bytes: Gmail shows the first 102 KB of a mail.
const BODY_LIMIT: usize = 90_000;

/// The mail's HTML.
pub(super) struct Html {
    /// What the mail shows, below [`BODY_LIMIT`] bytes.
    pub(super) body: String,
    /// The whole conversation, where the body does not hold it.
    pub(super) whole: Option<String>,
}

/// Writes `thread` under `title`, and beneath it the faces that `links` lead from. The file is for
/// keeping: it asks nothing.
pub(super) fn render(
    title: &str,
    thread: &Thread<'_>,
    links: Option<&RatingLinks>,
) -> askama::Result<Html> {
    let faces = links.map_or(&[][..], RatingLinks::faces);
    let page = |note, messages: &[&str], faces| {
        let page = Page {
            title,
            summary: &thread.summary,
            note,
            messages,
            faces,
        };
        page.render()
    };
    let messages = Messages::render(thread)?;
    let whole = page(Note::Whole, &[&messages.html], faces)?;
    if whole.len() < BODY_LIMIT {
        return Ok(Html {
            body: whole,
            whole: None,
        });
    }
    let whole = page(Note::Whole, &[&messages.html], &[])?;

    let total = thread.total;
    // No note is longer than the one that counts them all.
    let frame = page(
        Note::Latest {
            shown: total,
            total,
        },
        &[],
        faces,
    )?;
    let room = BODY_LIMIT.saturating_sub(frame.len() + 1);
    let body = match messages.latest_within(room) {
        Some(latest) => {
            let shown = latest.count;
            page(
                Note::Latest { shown, total },
                &[latest.heading, latest.html],
                faces,
            )?
        }
        None => page(Note::Beginning, &[&beginning_of_latest(thread)?], faces)?,
    };
    Ok(Html {
        body,
        whole: Some(whole),
    })
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    title: &'a str,
    summary: &'a str,
    note: Note,
    /// HTML in pieces, one after the other.
    messages: &'a [&'a str],
    faces: &'a [FaceLink],
}

/// How much of the conversation a page shows.
enum Note {
    Whole,
    Latest { shown: usize, total: usize },
    Beginning,
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

/// All messages under the headings of their days, written once; any end of it can be cut out.
struct Messages {
    html: String,
    places: Vec<Place>,
}

/// Where in [`Messages::html`] one message begins, and where the heading of its day is.
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

impl Messages {
    fn render(thread: &Thread<'_>) -> askama::Result<Self> {
        let mut html = String::new();
        let mut places = Vec::with_capacity(thread.total);
        for day in &thread.days {
            let start = html.len();
            let heading = &day.heading;
            DayHeading { heading }.render_into(&mut html)?;
            let heading = start..html.len();
            for message in &day.messages {
                places.push(Place {
                    heading: heading.clone(),
                    start: html.len(),
                });
                MessageBlock { message }.render_into(&mut html)?;
            }
        }
        Ok(Self { html, places })
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

/// The beginning of the last message, where even that one is too long.
fn beginning_of_latest(thread: &Thread<'_>) -> askama::Result<String> {
    let mut html = String::new();
    if let Some(day) = thread.days.last()
        && let Some(message) = day.messages.last()
    {
        let heading = &day.heading;
        DayHeading { heading }.render_into(&mut html)?;
        let message = &message.beginning();
        MessageBlock { message }.render_into(&mut html)?;
    }
    Ok(html)
}
