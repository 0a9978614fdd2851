//! A mail's From header.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shared::domain::{SenderAddress, SenderName};

/// How many bytes of a name one encoded word can hold: with its frame, `=?UTF-8?B?…?=`, it may
/// have 75 characters, and three bytes become four of them.
const BYTES_IN_A_WORD: usize = (75 - "=?UTF-8?B??=".len()) / 4 * 3;

/// A sender as RFC 5322 writes it: `"Acme Support" <help@example.com>`.
///
/// A name with characters beyond ASCII is written in the encoded words of RFC 2047. The whole is
/// always ASCII and on one line.
///
/// ```
/// use transcript_mail::Mailbox;
/// use shared::domain::{SenderAddress, SenderName};
///
/// # fn main() -> Result<(), shared::domain::InvalidValue> {
/// let name = SenderName::parse("Zoë")?;
/// let address = SenderAddress::parse("help@example.com")?;
/// let mailbox = Mailbox { name: &name, address: &address };
/// assert_eq!(mailbox.to_string(), "=?UTF-8?B?Wm/Dqw==?= <help@example.com>");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mailbox<'a> {
    /// What stands before the address.
    pub name: &'a SenderName,
    /// Where the mail is from.
    pub address: &'a SenderAddress,
}

impl fmt::Display for Mailbox<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.as_str();
        if name.is_ascii() {
            write_quoted(name, f)?;
        } else {
            write_encoded(name, f)?;
        }
        write!(f, " <{}>", self.address)
    }
}

fn write_quoted(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("\"")?;
    for character in name.chars() {
        if matches!(character, '"' | '\\') {
            f.write_str("\\")?;
        }
        write!(f, "{character}")?;
    }
    f.write_str("\"")
}

fn write_encoded(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (position, part) in parts(name).iter().enumerate() {
        // Readers drop the space between two encoded words.
        let gap = if position == 0 { "" } else { " " };
        write!(f, "{gap}=?UTF-8?B?{}?=", STANDARD.encode(part))?;
    }
    Ok(())
}

/// `name` in parts that fit into one encoded word each, whole characters all.
fn parts(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for character in name.chars() {
        match parts.last_mut() {
            Some(part) if part.len() + character.len_utf8() <= BYTES_IN_A_WORD => {
                part.push(character);
            }
            _ => parts.push(character.to_string()),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox(name: &str) -> String {
        let name = SenderName::parse(name).unwrap();
        let address = SenderAddress::parse("help@example.com").unwrap();
        let mailbox = Mailbox {
            name: &name,
            address: &address,
        };
        mailbox.to_string()
    }

    fn decode(words: &str) -> String {
        let parts = words.split(' ').map(|word| {
            assert!(word.len() <= 75, "{word}");
            let payload = word.strip_prefix("=?UTF-8?B?").unwrap();
            let bytes = STANDARD.decode(payload.strip_suffix("?=").unwrap());
            String::from_utf8(bytes.unwrap()).unwrap()
        });
        parts.collect()
    }

    #[test]
    fn an_ascii_name_is_quoted() {
        assert_eq!(
            mailbox("O'Brien, Sons (Ltd.); 24/7"),
            "\"O'Brien, Sons (Ltd.); 24/7\" <help@example.com>"
        );
    }

    #[test]
    fn a_name_that_looks_encoded_is_quoted_and_so_not_decoded() {
        assert_eq!(
            mailbox("=?UTF-8?B?Wm/Dqw==?="),
            "\"=?UTF-8?B?Wm/Dqw==?=\" <help@example.com>"
        );
    }

    #[test]
    fn a_long_name_is_encoded_in_words_of_whole_characters() {
        for name in [
            "サポート".repeat(32),
            "😊".repeat(128),
            format!("a{}", "é".repeat(127)),
        ] {
            let text = mailbox(&name);
            assert!(text.is_ascii());
            let words = text.strip_suffix(" <help@example.com>").unwrap();
            assert_eq!(decode(words), name);
        }
    }
}
