use serde::{Deserialize, Serialize};

use crate::invalid_value::InvalidValue;
use crate::text::{breaks_a_line, is_printable_ascii, text_value};

/// The name of an attached file: 1 to 255 characters on one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AttachmentName(String);

text_value!(AttachmentName);

impl AttachmentName {
    /// The most characters of a name.
    const LONGEST: usize = 255;

    /// Reads a file's name.
    ///
    /// # Errors
    /// If `text` is empty, too long or contains control characters.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        Self::parse_beginning(text)
            .ok()
            .filter(|name| name.0.len() == text.len())
            .ok_or_else(Self::rule)
    }

    /// Reads a name that may be too long. The name is the first 255 characters of `text`.
    ///
    /// # Errors
    /// If `text` is empty or has control characters.
    pub fn parse_beginning(text: &str) -> Result<Self, InvalidValue> {
        if text.is_empty() || text.contains(breaks_a_line) {
            return Err(Self::rule());
        }
        Ok(Self(text.chars().take(Self::LONGEST).collect()))
    }

    fn rule() -> InvalidValue {
        InvalidValue::new("must be 1 to 255 characters without control characters")
    }
}

/// The URL of an attached file: an absolute `https` or `http` URL of at most 2,048 characters. It
/// has no user information before the host, because `https://bank.example@evil.example` is
/// misleading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AttachmentUrl(String);

text_value!(AttachmentUrl);

impl AttachmentUrl {
    const LONGEST: usize = 2_048;

    /// Reads the URL of a file.
    ///
    /// # Errors
    /// If `text` is not such a URL, or contains spaces, quotes or angle brackets.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        if Self::is_well_formed(text) && text.len() <= Self::LONGEST {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new(
                "must be an https or http URL of at most 2,048 characters, percent-encoded",
            ))
        }
    }

    /// Whether `text` would be a valid URL if it were shorter.
    pub fn is_only_too_long(text: &str) -> bool {
        text.len() > Self::LONGEST && Self::is_well_formed(text)
    }

    fn is_well_formed(text: &str) -> bool {
        let has_host = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .and_then(|rest| rest.split(['/', '?', '#']).next())
            .is_some_and(is_host_and_port);
        let is_plain = text.bytes().all(|byte| {
            byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'`')
        });
        has_host && is_plain
    }

    /// Whether the file is fetched over TLS. Mails include only such links.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

/// Whether `text` is a host name or IPv4 address, with or without a port.
fn is_host_and_port(text: &str) -> bool {
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    };
    let is_host = host.starts_with(|first: char| first.is_ascii_alphanumeric())
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    let is_port = |port: &str| {
        (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit())
    };
    is_host && port.is_none_or(is_port)
}

/// The media type of an attached file: 1 to 255 printable ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContentType(String);

text_value!(ContentType);

impl ContentType {
    /// Reads a media type.
    ///
    /// # Errors
    /// If `text` is not 1 to 255 printable ASCII characters.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        if is_printable_ascii(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new(
                "must be 1 to 255 printable ASCII characters",
            ))
        }
    }

    /// Whether `text` would be a valid media type if it were shorter: it is more than 255 printable
    /// ASCII characters.
    pub fn is_only_too_long(text: &str) -> bool {
        text.len() > 255 && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
    }
}

/// A file that is attached to a message. The file itself is stored by the chat platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The name of the file.
    pub name: AttachmentName,
    /// The URL of the file.
    pub url: AttachmentUrl,
    /// The media type of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<ContentType>,
    /// The size of the file in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

/// A file that is attached to a message, but whose URL was too long to be recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnlinkedAttachment {
    /// The name of the file.
    pub name: AttachmentName,
    /// The media type of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<ContentType>,
    /// The size of the file in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attachment_that_is_only_too_long_is_recognized() {
        let url = |length: usize| format!("https://example.com/{}", "a".repeat(length - 20));
        assert!(AttachmentUrl::parse(&url(2_048)).is_ok());
        assert!(!AttachmentUrl::is_only_too_long(&url(2_048)));
        assert!(AttachmentUrl::is_only_too_long(&url(2_049)));
        assert!(AttachmentUrl::parse(&url(2_049)).is_err());
        let misleading = url(3_000).replace("https", "javascript");
        assert!(!AttachmentUrl::is_only_too_long(&misleading));

        assert!(ContentType::is_only_too_long(&"a".repeat(256)));
        assert!(!ContentType::is_only_too_long(&"a".repeat(255)));
        assert!(!ContentType::is_only_too_long(&"ä".repeat(256)));

        let long = "ü".repeat(256);
        assert!(AttachmentName::parse(&long).is_err());
        let name = AttachmentName::parse_beginning(&long).unwrap();
        assert_eq!(name.as_str(), "ü".repeat(255));
        assert!(AttachmentName::parse_beginning(&format!("{long}\n")).is_err());
    }

    #[test]
    fn an_attachment_url_is_an_absolute_web_address() {
        for text in [
            "https://example.com/a.png?x=1#y",
            "http://localhost:8080/a",
            "https://192.0.2.1:8443?a[]=b",
            "https://a_b.example.com#@c",
        ] {
            assert!(AttachmentUrl::parse(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "javascript:alert(1)",
            "data:text/html,x",
            "//example.com/a",
            "https://",
            "https:///a",
            "https://example.com/a b",
            "https://example.com/\"onclick",
            "https://example.com/a\r\nb",
            "ftp://example.com",
            "https://bank.example@evil.example/a",
            "https://user:secret@example.com/a",
            "https://[::1]/a",
            "https://[",
            "https://example.com]/a",
            "https://example.com:/a",
            "https://example.com:443:443/a",
            "https://example.com:123456/a",
            "https://example.com:+80/a",
            "https://-example.com/a",
        ] {
            assert!(AttachmentUrl::parse(text).is_err(), "{text:?}");
        }
    }
}
