//! A message as a transcript shows it, independent of the output format.

use std::borrow::Cow;

use domain::{Attachment, Author, AuthorKind, PublicMessage, UnlinkedAttachment};
use texts::MailTexts;

use crate::calendar::Day;
use crate::card_numbers::CardNumbers;
use crate::file_size::file_size;
use crate::language::MailLanguage;
use crate::links;
use crate::sanitize::{beginning, clean, clean_line};

/// One message, with its text cleaned for display.
pub(crate) struct Message<'a> {
    /// The local time of day.
    pub(crate) time: String,
    /// The name that is shown for the author.
    pub(crate) author: Cow<'a, str>,
    /// The kind of author, as one lower-case word.
    pub(crate) kind: &'static str,
    /// The text, in lines separated by `\n`.
    pub(crate) text: Cow<'a, str>,
    /// The files that were sent with the message.
    pub(crate) files: Vec<File<'a>>,
}

/// A file that was sent with a message.
#[derive(Clone)]
pub(crate) struct File<'a> {
    /// The name of the file.
    pub(crate) name: Cow<'a, str>,
    /// The URL of the file, if it is safe.
    pub(crate) link: Option<&'a str>,
    /// The size in words.
    pub(crate) size: Option<String>,
}

impl<'a> Message<'a> {
    /// The number of files that [`Message::beginning`] keeps.
    const FILES_IN_BEGINNING: usize = 3;

    /// Prepares `message`, which was sent on `day`.
    pub(crate) fn new(
        message: &'a PublicMessage,
        day: &Day,
        language: &MailLanguage,
        cards: CardNumbers,
    ) -> Self {
        let linked = message.attachments().iter();
        let unlinked = message.unlinked_attachments().iter();
        let files = linked
            .map(|file| File::new(file, language))
            .chain(unlinked.map(|file| File::unlinked(file, language)));
        Self {
            time: day.time(message.sent_at().to_jiff(), language.formats()),
            author: cards.apply(author_name(message.author(), language.texts())),
            kind: kind(message.author().kind),
            text: cards.apply(clean(message.text())),
            files: files
                .map(|file| File {
                    name: cards.apply(file.name),
                    ..file
                })
                .collect(),
        }
    }

    /// Returns the message with the first `length` characters of its text and a few of its files.
    pub(crate) fn beginning(&self, length: usize) -> Message<'_> {
        Message {
            time: self.time.clone(),
            author: self.author.clone(),
            kind: self.kind,
            text: beginning(&self.text, length),
            files: self
                .files
                .iter()
                .take(Self::FILES_IN_BEGINNING)
                .cloned()
                .collect(),
        }
    }
}

impl<'a> File<'a> {
    fn new(attachment: &'a Attachment, language: &MailLanguage) -> Self {
        let url = &attachment.url;
        Self {
            name: name_or(
                clean_line(attachment.name.as_str()),
                language.texts().unnamed_file,
            ),
            link: url.is_https().then_some(url.as_str()),
            size: attachment.bytes.map(|bytes| file_size(bytes, language)),
        }
    }

    fn unlinked(attachment: &'a UnlinkedAttachment, language: &MailLanguage) -> Self {
        Self {
            name: name_or(
                clean_line(attachment.name.as_str()),
                language.texts().unnamed_file,
            ),
            link: None,
            size: attachment.bytes.map(|bytes| file_size(bytes, language)),
        }
    }

    /// The URL behind the file's name. `None` if the name looks like a URL, because a reader would
    /// expect that one.
    pub(crate) fn link_of_name(&self) -> Option<&'a str> {
        self.link.filter(|_| !links::is_like_link(&self.name))
    }

    /// The URL that is shown as text below the name. `None` if it is behind the name.
    pub(crate) fn link_as_text(&self) -> Option<&'a str> {
        self.link.filter(|_| self.link_of_name().is_none())
    }
}

fn author_name<'a>(author: &'a Author, texts: &MailTexts) -> Cow<'a, str> {
    let fallback = match author.kind {
        AuthorKind::Visitor => texts.visitor,
        AuthorKind::Agent => texts.agent,
        AuthorKind::Bot => texts.bot,
        AuthorKind::System => texts.system,
    };
    let name = author.name.as_ref();
    name_or(
        name.map_or(Cow::Borrowed(""), |name| clean_line(name.as_str())),
        fallback,
    )
}

fn name_or<'a>(name: Cow<'a, str>, fallback: &'static str) -> Cow<'a, str> {
    if name.is_empty() {
        Cow::Borrowed(fallback)
    } else {
        name
    }
}

fn kind(kind: AuthorKind) -> &'static str {
    match kind {
        AuthorKind::Visitor => "visitor",
        AuthorKind::Agent => "agent",
        AuthorKind::Bot => "bot",
        AuthorKind::System => "system",
    }
}
