//! The transcript as plain text.
//!
//! Authors and times stand at the beginning of their lines, and what people wrote is indented: so
//! no message can pass for two.

use askama::Template;

use crate::characters::after_blank;
use crate::message::Message;
use crate::rating_links::FaceLink;

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
    /// Begins the messages of one more day.
    pub(crate) fn begin_day(&mut self, heading: &str) -> askama::Result<()> {
        DayHeading { heading }.render_into(&mut self.text)
    }

    /// Adds a message of this day.
    pub(crate) fn add(&mut self, message: &Message<'_>) -> askama::Result<()> {
        MessageBlock { message }.render_into(&mut self.text)
    }

    /// How many bytes the messages take.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// Writes `title` and `summary` over the messages, and beneath them where each face leads.
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
