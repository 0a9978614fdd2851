//! The mail of a transcript: no user input becomes markup, a header or the heading of another message.
//! Every link has the target that its text shows, and the text part is complete.
#![no_main]

use arbitrary::Arbitrary;
use domain::{
    Attachment, AttachmentName, AttachmentUrl, Author, AuthorKind, ConversationId, Entry,
    EntryContent, MailLinkToken, Message, MessageId, MessageText, OrganisationId, PersonName,
    PublicMessage, RatingRequestId, TimeZoneName, Timestamp, TranscriptNote, Visibility,
    VisitorSecret,
};
use fuzz::{check_html, is_unfit};
use libfuzzer_sys::fuzz_target;
use settings::{SettingText, Settings, TEXT_RULES, VisitorTexts};
use texts::VisitorLanguage;
use transcript_mail::{
    CardNumbers, DefaultBranding, MailLanguage, RatingLinks, SubjectTemplate, Transcript,
    TranscriptMail,
};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    brand: &'a str,
    subject: &'a str,
    intro: &'a str,
    question: &'a str,
    language: u8,
    time_zone: &'a str,
    asks: bool,
    note: &'a str,
    masks: bool,
    messages: Vec<InputMessage<'a>>,
}

#[derive(Arbitrary, Debug)]
struct InputMessage<'a> {
    minutes_later: u16,
    by: u8,
    author: &'a str,
    text: &'a str,
    repeated: u8,
    file: Option<(&'a str, &'a str, u64)>,
}

fuzz_target!(|input: Input<'_>| {
    let mut at = Timestamp::parse("2026-03-28T12:00:00Z").unwrap();
    let mut messages = Vec::new();
    for message in &input.messages {
        at = at.plus_seconds(i64::from(message.minutes_later) * 60);
        messages.extend(message.to_message(at));
    }
    let subject = SubjectTemplate::parse(input.subject).unwrap_or_default();
    let languages = VisitorLanguage::ALL;
    let language = languages[usize::from(input.language) % languages.len()];
    let settings = input.settings(language);
    let branding = DefaultBranding::new(input.brand, subject).with(&settings, language);
    let language = MailLanguage::choose([], language).unwrap();
    let title = branding.title(&language);
    let conversation = ConversationId::parse("c1").unwrap();
    let zone = TimeZoneName::parse(input.time_zone).ok();
    let links = input.asks.then(links);
    let mut transcript = Transcript::new(zone.as_ref(), language);
    if input.masks {
        transcript = transcript.with_card_numbers(CardNumbers::Masked);
    }
    if let Ok(note) = TranscriptNote::parse(input.note) {
        transcript = transcript.with_note(&note).unwrap();
    }
    for message in &messages {
        transcript.add(message.clone()).unwrap();
    }
    let mail = transcript
        .into_mail(&branding, &conversation, links.as_ref())
        .unwrap();
    check_line(&mail.subject);
    let headings = 2 + settings
        .texts
        .values()
        .filter_map(|texts| texts.mail_intro.as_ref())
        .count();
    check_text(&mail, &title, headings, &messages, input.asks);
    if !input.masks {
        check_whole(&mail.text, &messages);
    }
    check_html(&mail.html);
    assert!(mail.html.len() < 90_000, "{} bytes", mail.html.len());
    let whole = mail.attachment.as_ref().map_or(&mail.html, |file| {
        check_html(&file.content);
        &file.content
    });
    assert_eq!(
        whole.matches("<div class=\"message ").count(),
        messages.len()
    );
});

impl Input<'_> {
    /// The settings of the organisation, as far as the input is valid.
    fn settings(&self, language: VisitorLanguage) -> Settings {
        let texts = VisitorTexts {
            // This one would look like the heading of a day.
            mail_intro: SettingText::parse(self.intro, TEXT_RULES.mail_intro)
                .ok()
                .filter(|text| !text.as_str().trim_start().starts_with("---")),
            question: SettingText::parse(self.question, TEXT_RULES.question).ok(),
            ..VisitorTexts::default()
        };
        Settings {
            default_language: Some(language),
            texts: [(language, texts)].into(),
            ..Settings::default()
        }
    }
}

impl InputMessage<'_> {
    fn to_message(&self, at: Timestamp) -> Option<PublicMessage> {
        let kinds = ["visitor", "agent", "bot", "system"];
        // Long texts test the limit of a mail. They are rare, because they are slow.
        let times = usize::from(self.repeated.saturating_sub(200)).max(1);
        let file = self.file.and_then(|(name, url, bytes)| {
            Some(Attachment {
                name: AttachmentName::parse(name).ok()?,
                url: AttachmentUrl::parse(url)
                    .unwrap_or(AttachmentUrl::parse("https://files.example.com/a").ok()?),
                content_type: None,
                bytes: Some(bytes),
            })
        });
        PublicMessage::from_entry(Entry {
            id: MessageId::parse("m").unwrap().into(),
            at,
            visibility: Visibility::Public,
            content: EntryContent::Message(Message {
                author: Author {
                    kind: AuthorKind::parse(kinds[usize::from(self.by) % 4]).unwrap(),
                    id: None,
                    name: PersonName::parse(self.author).ok(),
                },
                text: MessageText::parse(&self.text.repeat(times)).ok()?,
                attachments: file.into_iter().collect(),
                unlinked_attachments: Vec::new(),
            }),
        })
    }
}

fn links() -> RatingLinks {
    let token = MailLinkToken {
        organisation: OrganisationId::parse("main").unwrap(),
        conversation: ConversationId::parse("c1").unwrap(),
        request: RatingRequestId::parse("r1").unwrap(),
        secret: VisitorSecret::parse(&"A".repeat(43)).unwrap(),
    };
    RatingLinks::new("https://api.example.com", &token)
}

/// Checks that a mail header is one line.
fn check_line(text: &str) {
    assert!(text.chars().count() <= 501, "{text:?}");
    assert!(!text.contains(|it: char| it.is_control() || "\u{2028}\u{2029}".contains(it)));
}

fn check_text(
    mail: &TranscriptMail,
    title: &str,
    before: usize,
    messages: &[PublicMessage],
    asks: bool,
) {
    let text = &mail.text;
    assert!(!text.contains(is_unfit), "{text:?}");
    // Texts of the mail itself may isolate a name directly.
    for line in text.lines().filter(|line| line.starts_with("  ")) {
        let isolates = line.matches('\u{2068}').count();
        assert_eq!(isolates, line.matches('\u{2069}').count(), "{line:?}");
        // No user input is next to an isolate.
        assert_eq!(isolates, line.matches("\u{2068} ").count(), "{line:?}");
        assert_eq!(isolates, line.matches(" \u{2069}").count(), "{line:?}");
    }
    // User input is indented, so only headings start at the beginning of a line.
    let headings = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("  "));
    let (days, others): (Vec<_>, Vec<_>) = headings.partition(|line| line.starts_with("--- "));
    let faces = if asks { 10 } else { 0 };
    assert_eq!(others.len(), before + messages.len() + faces, "{text}");
    assert_eq!(*others[0], *title);
    assert!(days.len() <= messages.len() + usize::from(asks), "{text}");
}

/// Checks that the text has every word of every message, in order.
fn check_whole(text: &str, messages: &[PublicMessage]) {
    let mut rest = text;
    for message in messages {
        for word in message
            .text()
            .split(|it: char| it.is_whitespace() || is_shown_otherwise(it))
        {
            let start = rest
                .find(word)
                .unwrap_or_else(|| panic!("{word:?} is not in {rest:?}"));
            rest = &rest[start + word.len()..];
        }
    }
}

fn is_shown_otherwise(character: char) -> bool {
    // The text has a blank between a link and an invisible character.
    is_unfit(character)
        || matches!(
            character,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2060}'
                ..='\u{206F}' | '\u{FEFF}'
        )
}
