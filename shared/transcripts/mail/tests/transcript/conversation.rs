//! Helpers.

use domain::{
    Attachment, AttachmentName, AttachmentUrl, Author, AuthorKind, ConversationId, Entry,
    EntryContent, Language, Message, MessageId, MessageText, PersonName, PublicMessage,
    TimeZoneName, Timestamp, Visibility,
};
use settings::Settings;
use texts::VisitorLanguage;
use transcript_mail::{
    DefaultBranding, MailLanguage, RatingLinks, SubjectTemplate, Transcript, TranscriptMail,
};

/// The limit of the HTML part, in bytes. The part is smaller.
pub(crate) const LIMIT: usize = 90_000;

/// A mail from Acme with times in `time_zone`.
pub(crate) fn mail(messages: &[PublicMessage], time_zone: &str) -> TranscriptMail {
    let time_zone = TimeZoneName::parse(time_zone).unwrap();
    render(messages, Some(&time_zone), None, english())
}

/// A mail from Acme to a visitor whose time zone is not known.
pub(crate) fn mail_without_time_zone(messages: &[PublicMessage]) -> TranscriptMail {
    render(messages, None, None, english())
}

/// A mail from Acme with times in UTC, and with faces that link to `links`.
pub(crate) fn mail_with_faces(messages: &[PublicMessage], links: &RatingLinks) -> TranscriptMail {
    let time_zone = TimeZoneName::parse("UTC").unwrap();
    render(messages, Some(&time_zone), Some(links), english())
}

fn english() -> MailLanguage {
    MailLanguage::choose([], VisitorLanguage::English).unwrap()
}

/// A mail from Acme in the language of `tag`, with faces that lead to `links`.
pub(crate) fn mail_in(
    tag: &str,
    messages: &[PublicMessage],
    time_zone: &str,
    links: Option<&RatingLinks>,
) -> TranscriptMail {
    let time_zone = TimeZoneName::parse(time_zone).unwrap();
    let tag = Language::parse(tag).unwrap();
    let language = MailLanguage::choose([&tag], VisitorLanguage::English).unwrap();
    render(messages, Some(&time_zone), links, language)
}

fn render(
    messages: &[PublicMessage],
    time_zone: Option<&TimeZoneName>,
    links: Option<&RatingLinks>,
    language: MailLanguage,
) -> TranscriptMail {
    render_with(&Settings::default(), messages, time_zone, links, language)
}

/// A mail from an organisation with these settings, in the language of `tag` and with times in UTC.
pub(crate) fn mail_with_settings(
    settings: &Settings,
    tag: &str,
    messages: &[PublicMessage],
    links: Option<&RatingLinks>,
) -> TranscriptMail {
    let tag = Language::parse(tag).unwrap();
    let language = MailLanguage::choose([&tag], settings.default_language()).unwrap();
    render_with(settings, messages, None, links, language)
}

fn render_with(
    settings: &Settings,
    messages: &[PublicMessage],
    time_zone: Option<&TimeZoneName>,
    links: Option<&RatingLinks>,
    language: MailLanguage,
) -> TranscriptMail {
    finish(
        Transcript::new(time_zone, language),
        settings,
        messages,
        links,
    )
}

/// Adds the messages to a transcript, and renders its mail.
pub(crate) fn finish(
    mut transcript: Transcript,
    settings: &Settings,
    messages: &[PublicMessage],
    links: Option<&RatingLinks>,
) -> TranscriptMail {
    let defaults = DefaultBranding::new("Acme", SubjectTemplate::default());
    let branding = defaults.with(settings, transcript.language());
    for message in messages {
        transcript.add(message.clone()).unwrap();
    }
    assert_eq!(transcript.message_count(), messages.len());
    let largest_size = transcript.largest_size();
    let id = ConversationId::parse("c1").unwrap();
    let mail = transcript.into_mail(&branding, &id, links).unwrap();
    assert!(size(&mail) <= largest_size);
    mail
}

/// The largest encoded size of a mail.
fn size(mail: &TranscriptMail) -> usize {
    let attachment = mail.attachment.as_ref().map_or(0, |it| it.content.len());
    3 * (mail.text.len() + mail.html.len()) + attachment.div_ceil(57) * 78
}

/// The part of a page that differs between mails.
pub(crate) fn shown(html: &str) -> &str {
    let (_, shown) = html.split_once("<p class=\"summary\">").unwrap();
    let (shown, _) = shown.split_once("</body>").unwrap();
    shown
}

/// A public message.
pub(crate) fn message(sent_at: &str, author: Author, text: &str) -> PublicMessage {
    message_with(sent_at, author, text, Vec::new())
}

/// A public message with files.
pub(crate) fn message_with(
    sent_at: &str,
    author: Author,
    text: &str,
    attachments: Vec<Attachment>,
) -> PublicMessage {
    let message = Message {
        author,
        text: MessageText::parse(text).unwrap(),
        attachments,
        unlinked_attachments: Vec::new(),
    };
    PublicMessage::from_entry(Entry {
        id: MessageId::parse("m").unwrap().into(),
        at: Timestamp::parse(sent_at).unwrap(),
        visibility: Visibility::Public,
        content: EntryContent::Message(message),
    })
    .unwrap()
}

/// Texts that need much space in HTML.
pub(crate) const GIANTS: [&str; 10] = [
    "'",
    "\n",
    "&",
    "ⵣ",
    "😀",
    "\tx",
    "http://a ",
    "a@b.cd ",
    "http://a/&&&&& ",
    "ש\na\n",
];

/// The largest message: `characters` repeated, the longest name, 100 files.
pub(crate) fn giant_message(characters: &str) -> PublicMessage {
    let file = file(
        &"'".repeat(255),
        &format!("https://a/{}", "'".repeat(2_038)),
        Some(u64::MAX),
    );
    message_with(
        "2026-06-06T09:05:00Z",
        visitor(&format!("{}x", "'".repeat(199))),
        &characters.repeat(32_000 / characters.chars().count()),
        vec![file; 100],
    )
}

/// A visitor named `name`.
pub(crate) fn visitor(name: &str) -> Author {
    author(AuthorKind::Visitor, name)
}

/// An agent named `name`.
pub(crate) fn agent(name: &str) -> Author {
    author(AuthorKind::Agent, name)
}

/// An author, without a name if `name` is empty.
pub(crate) fn author(kind: AuthorKind, name: &str) -> Author {
    Author {
        kind,
        id: None,
        name: (!name.is_empty()).then(|| PersonName::parse(name).unwrap()),
    }
}

/// An attached file.
pub(crate) fn file(name: &str, url: &str, bytes: Option<u64>) -> Attachment {
    Attachment {
        name: AttachmentName::parse(name).unwrap(),
        url: AttachmentUrl::parse(url).unwrap(),
        content_type: None,
        bytes,
    }
}

/// `text` with brackets for the controls that isolate a direction.
pub(crate) fn with_visible_isolates(text: &str) -> String {
    text.replace('\u{2068}', "⟦").replace('\u{2069}', "⟧")
}
