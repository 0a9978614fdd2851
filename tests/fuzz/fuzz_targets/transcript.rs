//! The mail: nothing that people wrote is markup, a header or the heading of another message, every
//! link leads where its text says, and the text part is whole.
#![no_main]

use arbitrary::Arbitrary;
use domain::{
    Attachment, AttachmentName, AttachmentUrl, Author, AuthorKind, ConversationId, Entry,
    EntryContent, MailLinkToken, Message, MessageId, MessageText, OrganisationId, PersonName,
    PublicMessage, RatingRequestId, TimeZoneName, Timestamp, Visibility, VisitorSecret,
};
use libfuzzer_sys::fuzz_target;
use transcript_mail::{Branding, RatingLinks, SubjectTemplate, Transcript, TranscriptMail};

#[derive(Arbitrary, Debug)]
struct Told<'a> {
    brand: &'a str,
    subject: &'a str,
    time_zone: &'a str,
    asks: bool,
    messages: Vec<ToldMessage<'a>>,
}

#[derive(Arbitrary, Debug)]
struct ToldMessage<'a> {
    minutes_later: u16,
    by: u8,
    author: &'a str,
    text: &'a str,
    repeated: u8,
    file: Option<(&'a str, &'a str, u64)>,
}

fuzz_target!(|told: Told<'_>| {
    let mut at = Timestamp::parse("2026-03-28T12:00:00Z").unwrap();
    let mut messages = Vec::new();
    for message in &told.messages {
        at = at.plus_seconds(i64::from(message.minutes_later) * 60);
        messages.extend(message.told_at(at));
    }
    let subject = SubjectTemplate::parse(told.subject).unwrap_or_default();
    let letterhead = Branding::new(told.brand, subject);
    let conversation = ConversationId::parse("c1").unwrap();
    let zone = TimeZoneName::parse(told.time_zone).ok();
    let links = told.asks.then(links);
    let mut transcript = Transcript::new(zone.as_ref(), language(told.language));
    for message in &messages {
        transcript.add(message.clone()).unwrap();
    }
    let mail = transcript
        .into_mail(&letterhead, &conversation, links.as_ref())
        .unwrap();
    check_line(&mail.subject);
    check_text(&mail, &letterhead, &messages, told.asks);
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

impl ToldMessage<'_> {
    fn told_at(&self, at: Timestamp) -> Option<PublicMessage> {
        let kinds = ["visitor", "agent", "bot", "system"];
        // Seldom, for a long text is slow: it tries what becomes of a mail that is too long.
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

/// A mail's header is one line.
fn check_line(text: &str) {
    assert!(text.chars().count() <= 501, "{text:?}");
    assert!(!text.contains(|it: char| it.is_control() || "\u{2028}\u{2029}".contains(it)));
}

/// Characters that end a line in some mail program, or turn what stands around them.
fn is_unfit(character: char) -> bool {
    let is_override = matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}' | '\u{2067}');
    is_override
        || matches!(character, '\u{2028}' | '\u{2029}')
        || character.is_control() && !matches!(character, '\n' | '\t')
}

fn check_text(
    mail: &TranscriptMail,
    letterhead: &Branding,
    messages: &[PublicMessage],
    asks: bool,
) {
    let text = &mail.text;
    assert!(!text.contains(is_unfit), "{text:?}");
    for line in text.lines() {
        let isolates = line.matches('\u{2068}').count();
        assert_eq!(isolates, line.matches('\u{2069}').count(), "{line:?}");
        // Nothing that people wrote is next to a mark.
        assert_eq!(isolates, line.matches("\u{2068} ").count(), "{line:?}");
        assert_eq!(isolates, line.matches(" \u{2069}").count(), "{line:?}");
    }
    // What people wrote is indented, so only headings stand at a line's beginning.
    let headings = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("  "));
    let (days, others): (Vec<_>, Vec<_>) = headings.partition(|line| line.starts_with("--- "));
    let faces = if asks { 10 } else { 0 };
    assert_eq!(others.len(), 2 + messages.len() + faces, "{text}");
    assert_eq!(*others[0], *letterhead.title());
    assert!(days.len() <= messages.len() + usize::from(asks), "{text}");
    check_whole(text, messages);
}

/// Every word of every message stands in the text, in order.
fn check_whole(text: &str, messages: &[PublicMessage]) {
    let mut rest = text;
    for message in messages {
        for word in message
            .text()
            .split(|it: char| it.is_whitespace() || is_shown_otherwise(it))
        {
            let place = rest
                .find(word)
                .unwrap_or_else(|| panic!("{word:?} is not in {rest:?}"));
            rest = &rest[place + word.len()..];
        }
    }
}

fn is_shown_otherwise(character: char) -> bool {
    // Between a link and an invisible character there is a blank.
    is_unfit(character)
        || matches!(
            character,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2060}'
                ..='\u{206F}' | '\u{FEFF}'
        )
}

/// Every tag is one that the templates write and is closed by the one of its name, every link leads
/// where its text says, and what stands between tags is escaped.
fn check_html(html: &str) {
    assert!(!html.contains(is_unfit));
    let (head, body) = html.split_once("<body>\n").expect("one head");
    assert_eq!(head.matches("<title>").count(), 1);
    assert_eq!(head.matches('<').count(), 14, "{head}");
    // These two begin before the body does.
    let mut open = vec!["html", "body"];
    let mut href = "";
    let mut rest = body;
    while let Some(start) = rest.find('<') {
        check_escaped(&rest[..start]);
        let end = start + rest[start..].find('>').expect("a whole tag");
        let tag = &rest[start + 1..end];
        check_tag(tag);
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{html}"),
            None if tag == "br" => {}
            None => open.push(tag.split(' ').next().unwrap_or_default()),
        }
        if tag == "/a" {
            check_link(href, &rest[..start]);
        } else if let Some((_, attribute)) = tag.split_once("href=\"") {
            href = attribute.split('"').next().unwrap_or_default();
        }
        rest = &rest[end + 1..];
    }
    assert_eq!(open, [] as [&str; 0]);
    check_escaped(rest);
}

/// A link with another text than its URL is one of a face or of a file, whose name is no URL.
fn check_link(href: &str, text: &str) {
    if href.starts_with("mailto:") {
        assert!(text.contains('@') && !text.contains("://"), "{text:?}");
        return;
    }
    let lower = text.to_lowercase();
    if lower.contains("://") || lower.starts_with("www.") {
        let host = |url: &str| {
            let url = url
                .find("://")
                .filter(|end| *end <= 5)
                .map_or(url, |end| &url[end + 3..]);
            url.split(['/', '?', '#'])
                .next()
                .unwrap_or_default()
                .to_lowercase()
        };
        let is_the_same = host(href) == host(text) || !host(text).is_ascii();
        assert!(is_the_same, "{text:?} leads to {href:?}");
    }
}

fn check_tag(tag: &str) {
    let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
    let is_known = match name.trim_start_matches('/') {
        "h1" | "h2" | "br" | "body" | "html" | "tr" => attributes.is_empty(),
        "table" => {
            let faces = "class=\"faces\" role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" width=\"100%\"";
            attributes.is_empty() || attributes == faces
        }
        "td" => {
            let face = "align=\"center\" valign=\"top\" width=\"20%\"";
            attributes.is_empty() || attributes == face
        }
        "p" => [
            "",
            "class=\"by\"",
            "class=\"file\"",
            "class=\"note\" role=\"note\"",
            "class=\"summary\"",
            "class=\"text\"",
            "class=\"text\" dir=\"ltr\"",
            "class=\"text\" dir=\"rtl\"",
        ]
        .contains(&attributes),
        "b" => ["", "dir=\"ltr\"", "dir=\"rtl\""].contains(&attributes),
        "span" => [
            "",
            "dir=\"ltr\"",
            "dir=\"rtl\"",
            "aria-hidden=\"true\" style=\"font-size:32px\"",
        ]
        .contains(&attributes),
        "div" => {
            let kinds = ["visitor", "agent", "bot", "system"];
            attributes.is_empty()
                || attributes.starts_with("role=\"article\" ")
                || kinds
                    .iter()
                    .any(|kind| attributes == format!("class=\"message {kind}\""))
        }
        "a" => attributes.is_empty() || is_safe_link(attributes),
        _ => false,
    };
    assert!(is_known, "<{tag}>");
}

fn is_safe_link(attributes: &str) -> bool {
    let attributes = attributes
        .strip_prefix("class=\"face\" ")
        .unwrap_or(attributes);
    let Some((link, rest)) = attributes
        .strip_prefix("href=\"")
        .and_then(|rest| rest.split_once('"'))
    else {
        return false;
    };
    let schemes = ["https://", "http://", "mailto:"];
    let is_allowed = schemes.iter().any(|scheme| link.starts_with(scheme));
    check_escaped(link);
    assert!(link.is_ascii() && !link.contains(|it: char| it.is_ascii_control()));
    let rest = rest
        .strip_prefix(" rel=\"noopener noreferrer nofollow\"")
        .unwrap_or(rest);
    is_allowed && matches!(rest, "" | " dir=\"ltr\"" | " dir=\"rtl\"")
}

fn check_escaped(text: &str) {
    assert!(
        !text.contains(['<', '"', '\'']) || text.trim().is_empty(),
        "{text:?}"
    );
    for (place, _) in text.match_indices('&') {
        let entity = text[place + 1..].split(';').next().unwrap_or_default();
        let digits = entity.strip_prefix('#').unwrap_or_default();
        assert!(
            !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit()),
            "{text:?}"
        );
    }
}
