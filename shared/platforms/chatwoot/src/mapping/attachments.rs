use domain::{AttachmentName, AttachmentUrl};

use crate::payload::Attachment;

/// The most attachments of a message.
const MOST: usize = 32;

/// The largest integer that JavaScript can represent exactly, and the largest size of a file.
const LARGEST_FILE: u64 = 9_007_199_254_740_991;

/// The attachments of a message.
#[derive(Debug, Default)]
pub(super) struct MappedAttachments {
    /// The attachments that the API accepts.
    pub(super) linked: Vec<domain::Attachment>,
    /// The names of the others: locations, contacts, and files without a valid URL.
    pub(super) unlinked: Vec<String>,
}

pub(super) fn map(attachments: &[Attachment]) -> MappedAttachments {
    let mut mapped = MappedAttachments::default();
    for attachment in attachments.iter().take(MOST) {
        let url = attachment.data_url.as_deref().map(encode_url);
        let url = url.and_then(|url| AttachmentUrl::parse(&url).ok());
        let name = name(attachment);
        match (url, AttachmentName::parse_beginning(&name)) {
            (Some(url), Ok(name)) => mapped.linked.push(domain::Attachment {
                name,
                url,
                content_type: None,
                bytes: attachment.file_size.filter(|size| *size <= LARGEST_FILE),
            }),
            _ => mapped.unlinked.push(name),
        }
    }
    mapped
}

/// The file's name: the last segment of its URL, its title, or its kind.
fn name(attachment: &Attachment) -> String {
    let of_url = attachment.data_url.as_deref().and_then(|url| {
        let (_, path) = url.split_once("://")?.1.split_once('/')?;
        let path = path.split(['?', '#']).next()?;
        path.rsplit('/').next().map(decode_percent)
    });
    let kind = attachment.file_type.as_deref().unwrap_or("file");
    let of_kind = match attachment.extension.as_deref() {
        Some(extension) => format!("{kind}.{}", extension.trim_start_matches('.')),
        None => kind.to_owned(),
    };
    [of_url, attachment.title.clone(), Some(of_kind)]
        .into_iter()
        .flatten()
        .map(|name| one_line(&name))
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| "file".to_owned())
}

fn one_line(name: &str) -> String {
    let is_kept = |it: &char| !it.is_control() && !matches!(it, '\u{2028}' | '\u{2029}');
    let name: String = name.chars().filter(is_kept).take(255).collect();
    name.trim().to_owned()
}

/// Percent-encodes the characters that a URL must not contain, such as the letters of a file's
/// name.
fn encode_url(url: &str) -> String {
    let mut encoded = String::with_capacity(url.len());
    for byte in url.trim().bytes() {
        if byte.is_ascii_graphic() && !b"\"<>\\`".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Decodes a percent-encoded segment. It stays as it is if the result is not UTF-8.
fn decode_percent(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'%');
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let digits = digits.filter(|digits| digits.bytes().all(|it| it.is_ascii_hexdigit()));
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = match byte {
            Some(_) => after.get(2..).unwrap_or_default(),
            None => after,
        };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| segment.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attachment(data_url: Option<&str>) -> Attachment {
        Attachment {
            file_type: Some("image".to_owned()),
            data_url: data_url.map(ToOwned::to_owned),
            extension: Some("png".to_owned()),
            file_size: Some(7),
            title: None,
        }
    }

    #[test]
    fn the_name_of_a_file_is_the_last_segment_of_its_url() {
        for (url, name) in [
            (
                "https://chat.example.com/blobs/x/my%20cat.png?a=/b",
                "my cat.png",
            ),
            ("https://chat.example.com/blobs/x/%E7%8C%AB.png", "猫.png"),
            ("https://chat.example.com/x/100%.png", "100%.png"),
            ("https://chat.example.com/x/%ff.png", "%ff.png"),
            ("https://chat.example.com/x/a%0Ab.png", "ab.png"),
            ("https://chat.example.com/", "image.png"),
            ("https://chat.example.com", "image.png"),
        ] {
            let mapped = map(&[attachment(Some(url))]);
            assert_eq!(mapped.linked[0].name.as_str(), name, "{url}");
        }
    }

    #[test]
    fn the_url_of_a_file_is_percent_encoded() {
        let mapped = map(&[attachment(Some("https://chat.example.com/x/my cät\".png"))]);
        assert_eq!(
            mapped.linked[0].url.as_str(),
            "https://chat.example.com/x/my%20c%C3%A4t%22.png"
        );
        assert_eq!(mapped.linked[0].name.as_str(), "my cät\".png");
    }

    #[test]
    fn a_file_without_a_valid_url_is_named_in_the_text() {
        let long = format!("https://chat.example.com/{}", "a".repeat(2_100));
        for (url, name) in [
            (None, "image.png"),
            (Some(""), "image.png"),
            (Some("/rails/blobs/a.png"), "image.png"),
            (Some("javascript:alert(1)"), "image.png"),
            (Some("ftp://chat.example.com/a.png"), "a.png"),
            (Some(long.as_str()), &long[25..280]),
        ] {
            let mapped = map(&[attachment(url)]);
            assert!(mapped.linked.is_empty(), "{url:?}");
            assert_eq!(mapped.unlinked, [name]);
        }
    }
}
