//! A note of an agent above the conversation.

use askama::Template;
use texts::Direction;

use crate::card_numbers::CardNumbers;
use crate::indent::indent;
use crate::language::MailLanguage;
use crate::paragraphs::paragraphs;
use crate::sanitize::clean;

/// A note in every format of the mail.
#[derive(Debug, Default)]
pub(crate) struct AgentNote {
    /// For the text part, indented like the text of a message.
    pub(crate) text: String,
    pub(crate) html: String,
}

#[derive(Template)]
#[template(path = "agent_note.txt")]
struct NoteText<'a> {
    note: &'a str,
    direction: Direction,
}

#[derive(Template)]
#[template(path = "agent_note.html")]
struct NoteBlock<'a> {
    text: &'a str,
    /// The direction of the page.
    base: Direction,
}

impl AgentNote {
    /// Renders `note`.
    ///
    /// # Errors
    /// If a template cannot be rendered, which no input causes.
    pub(crate) fn render(
        note: &str,
        language: &MailLanguage,
        cards: CardNumbers,
    ) -> askama::Result<Self> {
        let note = &*cards.apply(clean(note));
        let note = note.trim_end();
        let direction = language.direction();
        Ok(Self {
            text: NoteText { note, direction }.render()?,
            html: NoteBlock {
                text: note,
                base: direction,
            }
            .render()?,
        })
    }
}
