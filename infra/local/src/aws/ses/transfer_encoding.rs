//! Applies a mail's transfer encoding to an attachment.

use serde::Deserialize;

/// The maximum length of a line in a mail, without the line break (RFC 5322).
const LINE_LIMIT: usize = 998;

/// The encoding of an attachment in the mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum TransferEncoding {
    /// Not encoded. This is SES's default.
    #[default]
    SevenBit,
    /// Encoded, so that any content arrives unchanged.
    Base64,
    /// Also encoded, so that any content arrives unchanged.
    QuotedPrintable,
}

impl TransferEncoding {
    /// The content that the recipient gets. Unencoded content may only have 7-bit bytes in lines of
    /// at most 998 bytes. Here, any other byte becomes a `?`, and a longer line is broken.
    pub(super) fn received(self, content: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Base64 | Self::QuotedPrintable => content,
            Self::SevenBit => as_seven_bit(&content),
        }
    }
}

fn as_seven_bit(content: &[u8]) -> Vec<u8> {
    let lines = content.split(|byte| *byte == b'\n').map(|line| {
        let chunks: Vec<_> = line.chunks(LINE_LIMIT).collect();
        chunks.join(&b"\r\n"[..])
    });
    let lines: Vec<_> = lines.collect();
    let mut received = lines.join(&b'\n');
    for byte in &mut received {
        if !byte.is_ascii() {
            *byte = b'?';
        }
    }
    received
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seven_bit(content: &str) -> String {
        let received = TransferEncoding::SevenBit.received(content.into());
        String::from_utf8(received).unwrap()
    }

    #[test]
    fn short_lines_of_ascii_arrive_unchanged_in_seven_bit() {
        let content = format!("a\r\n\n{}\n", "b".repeat(LINE_LIMIT));
        assert_eq!(seven_bit(&content), content);
    }

    #[test]
    fn characters_that_are_not_ascii_are_lost_in_seven_bit() {
        assert_eq!(seven_bit("Grüße 😊"), "Gr????e ????");
    }

    #[test]
    fn a_longer_line_is_wrapped_in_seven_bit() {
        let content = "a".repeat(LINE_LIMIT + 1);
        let broken = format!("{}\r\na", "a".repeat(LINE_LIMIT));
        assert_eq!(seven_bit(&content), broken);
    }

    #[test]
    fn encoded_content_arrives_unchanged() {
        let content = "ä".repeat(LINE_LIMIT).into_bytes();
        for encoding in [TransferEncoding::Base64, TransferEncoding::QuotedPrintable] {
            assert_eq!(encoding.received(content.clone()), content);
        }
    }
}
