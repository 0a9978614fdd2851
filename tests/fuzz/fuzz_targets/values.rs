//! Every value of one line in a request: a parsed value follows its rules, and is parsed back to itself.
#![no_main]

use domain::{
    AgentId, AttachmentName, AttachmentUrl, Channel, Comment, ContentType, ConversationId, EntryId,
    InvalidValue, Language, MessageId, MessageText, OrganisationId, PersonName, RatingRequestId,
    SenderName, TimeZoneName, TranscriptId,
};
use lambda::http::IdempotencyKey;
use libfuzzer_sys::fuzz_target;

/// Parses `text`, and checks that the value is parsed back to itself.
fn read<T: ToString>(text: &str, parse: fn(&str) -> Result<T, InvalidValue>) -> Option<String> {
    let value = parse(text).ok()?.to_string();
    let again =
        parse(&value).unwrap_or_else(|_| panic!("{value:?} was parsed and is then refused"));
    assert_eq!(again.to_string(), value);
    Some(value)
}

/// Parses `text`, and checks that parsing does not change it.
fn read_as_is<T: ToString>(
    text: &str,
    parse: fn(&str) -> Result<T, InvalidValue>,
    longest: usize,
) -> Option<String> {
    let value = read(text, parse)?;
    assert_eq!(value, text);
    assert!(value.chars().count() <= longest);
    Some(value)
}

fn is_one_line(text: &str) -> bool {
    !text.contains(|it: char| it.is_control() || "\u{2028}\u{2029}".contains(it))
}

fuzz_target!(|text: &str| {
    for value in [
        read_as_is(text, OrganisationId::parse, 128),
        read_as_is(text, ConversationId::parse, 128),
        read_as_is(text, MessageId::parse, 128),
        read_as_is(text, RatingRequestId::parse, 128),
        read_as_is(text, TranscriptId::parse, 128),
        read_as_is(text, Channel::parse, 64),
        read_as_is(text, Language::parse, 64),
    ]
    .into_iter()
    .flatten()
    {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte);
        assert!(
            !value.is_empty() && value.bytes().all(is_plain),
            "{value:?}"
        );
    }
    for value in [
        read_as_is(text, AgentId::parse, 255),
        read_as_is(text, EntryId::parse, 1_000),
    ]
    .into_iter()
    .flatten()
    {
        assert!(!value.contains('#'), "{value:?} would split a key");
        assert!(value.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
    }
    for value in [
        read_as_is(text, PersonName::parse, 200),
        read_as_is(text, SenderName::parse, 128),
        read_as_is(text, AttachmentName::parse, 255),
        read_as_is(text, AttachmentUrl::parse, 2_048),
        read_as_is(text, ContentType::parse, 255),
    ]
    .into_iter()
    .flatten()
    {
        assert!(!value.is_empty() && is_one_line(&value), "{value:?}");
    }
    if SenderName::parse(text).is_ok() {
        assert!(!text.contains(['"', '\\', '<', '>', '@']), "{text:?}");
    }
    if let Ok(url) = AttachmentUrl::parse(text) {
        check_url(url.as_str());
    }
    if IdempotencyKey::parse(text).is_ok() {
        assert!(text.is_ascii() && is_one_line(text) && (1..=255).contains(&text.len()));
    }
    read_as_is(text, Comment::parse, 2_000);
    read_as_is(text, MessageText::parse, 32_000);
    if let Some(zone) = read(text, TimeZoneName::parse) {
        assert!(zone.eq_ignore_ascii_case(text), "{zone:?} for {text:?}");
    }
});

/// Checks that a link has the target that it shows, and cannot end its HTML attribute.
fn check_url(url: &str) {
    let (scheme, rest) = url.split_once("://").expect("an absolute URL");
    assert!(matches!(scheme, "https" | "http"), "{url:?}");
    let authority = rest.split(['/', '?', '#']).next().unwrap();
    assert!(!authority.is_empty() && !authority.contains('@'), "{url:?}");
    assert!(!url.contains(['"', '<', '>', '\\', '`', ' ']), "{url:?}");
}
