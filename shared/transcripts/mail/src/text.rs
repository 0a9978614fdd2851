//! The transcript as plain text.
//!
//! Authors and times are at the beginning of their lines, and the text that people wrote is
//! indented. One message therefore cannot look like two.

use askama::Template;
use texts::Direction;

use crate::html::Frame;
use crate::indent::indent;
use crate::language::MailLanguage;
use crate::message::Message;
use crate::rating_links::FaceLink;
use crate::spaces::after_space;

/// Makes a line read from right to left if its first letter is not a letter of the language.
const RIGHT_TO_LEFT_MARK: &str = "\u{200F}";

/// All messages under the headings of their days.
#[derive(Debug, Default)]
pub(crate) struct TextThread {
    text: String,
}

#[derive(Template)]
#[template(path = "head.txt")]
struct Head<'a> {
    title: &'a str,
    intro: Option<&'a str>,
    summary: &'a str,
    agent_note: &'a str,
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
    /// The mark at the beginning of a line that has no letter of the language.
    mark: &'static str,
    direction: Direction,
    attached: &'static str,
}

#[derive(Template)]
#[template(path = "faces.txt")]
struct Faces<'a> {
    question: &'a str,
    faces: &'a [FaceLink<'a>],
}

impl TextThread {
    /// Adds the heading of one more day.
    pub(crate) fn begin_day(&mut self, heading: &str) -> askama::Result<()> {
        DayHeading { heading }.render_into(&mut self.text)
    }

    /// Adds a message of the current day.
    pub(crate) fn add(
        &mut self,
        message: &Message<'_>,
        language: &MailLanguage,
    ) -> askama::Result<()> {
        let direction = language.direction();
        let block = MessageBlock {
            message,
            mark: match direction {
                Direction::LeftToRight => "",
                Direction::RightToLeft => RIGHT_TO_LEFT_MARK,
            },
            direction,
            attached: language.texts().attached,
        };
        block.render_into(&mut self.text)
    }

    /// Returns the size of the messages in bytes.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// Writes the title, introduction, summary and note of `frame` above the messages, and the links of the
    /// faces below them.
    ///
    /// # Errors
    /// If a template cannot be rendered, which no input causes.
    pub(crate) fn finish(mut self, frame: &Frame<'_>) -> askama::Result<String> {
        let head = Head {
            title: frame.title,
            intro: frame.branding.intro.as_deref(),
            summary: frame.summary,
            agent_note: &frame.agent_note.text,
        };
        self.text.insert_str(0, &head.render()?);
        let faces = Faces {
            question: &frame.branding.question,
            faces: frame.faces,
        };
        faces.render_into(&mut self.text)?;
        Ok(self.text)
    }
}
