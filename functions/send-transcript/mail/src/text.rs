//! The transcript as plain text.
//!
//! Authors and times are at the beginning of their lines, and the text that people wrote is
//! indented. One message therefore cannot look like two.

use askama::Template;

use crate::message::Message;
use crate::rating_links::FaceLink;
use crate::spaces::after_space;

/// All messages under the headings of their days.
#[derive(Debug, Default)]
pub(crate) struct TextThread {
    text: String,
}

#[derive(Template)]
#[template(path = "head.txt")]
struct Head<'a> {
    title: &'a str,
    summary: &'a str,
}

#[derive(Template)]
#[template(path = "day.txt")]
struct DayHeading<'a> {
    heading: &'a str,
}

#[derive(Template)]
#[template(path = "message.txt")]
struct MessageBlock<'a> {
    message: &'a Message<'a>,
}

#[derive(Template)]
#[template(path = "faces.txt")]
struct Faces<'a> {
    faces: &'a [FaceLink],
}

impl TextThread {
    /// Adds the heading of one more day.
    pub(crate) fn begin_day(&mut self, heading: &str) -> askama::Result<()> {
        DayHeading { heading }.render_into(&mut self.text)
    }

    /// Adds a message of the current day.
    pub(crate) fn add(&mut self, message: &Message<'_>) -> askama::Result<()> {
        MessageBlock { message }.render_into(&mut self.text)
    }

    /// Returns the size of the messages in bytes.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// Writes `title` and `summary` above the messages, and the links of the faces below them.
    pub(crate) fn finish(
        mut self,
        title: &str,
        summary: &str,
        faces: &[FaceLink],
    ) -> askama::Result<String> {
        self.text.insert_str(0, &Head { title, summary }.render()?);
        Faces { faces }.render_into(&mut self.text)?;
        Ok(self.text)
    }
}
