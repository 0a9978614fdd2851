//! A mail's From header.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::email_address::SenderAddress;
use crate::invalid_value::InvalidValue;
use crate::names::SenderName;

/// The longest address header that SES accepts, in bytes, with the name encoded.
const LONGEST_HEADER: usize = 320;

/// How many bytes of a name fit into one encoded word. With its frame, `=?UTF-8?B?…?=`, a word may
/// have 75 characters, and base64 turns three bytes into four characters.
const BYTES_IN_A_WORD: usize = (75 - "=?UTF-8?B??=".len()) / 4 * 3;

/// A sender as RFC 5322 writes it: `"Acme Support" <help@example.com>`.
///
/// A name with characters beyond ASCII is written in the encoded words of RFC 2047. The whole is
/// always ASCII and on one line.
///
/// ```
/// use domain::{Mailbox, SenderAddress, SenderName};
///
/// # fn main() -> Result<(), domain::InvalidValue> {
/// let name = SenderName::parse("Zoë")?;
/// let address = SenderAddress::parse("help@example.com")?;
/// let mailbox = Mailbox { name: &name, address: &address };
/// assert_eq!(mailbox.to_string(), "=?UTF-8?B?Wm/Dqw==?= <help@example.com>");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mailbox<'a> {
    /// The name before the address.
    pub name: &'a SenderName,
    /// The address between `<` and `>`.
    pub address: &'a SenderAddress,
}

impl Mailbox<'_> {
    /// Checks that SES accepts the header: that the encoded name and the address together are short
    /// enough. The error's text completes a sentence about the name.
    ///
    /// # Errors
    /// If the header has more than 320 bytes.
    pub fn check_length(&self) -> Result<(), InvalidValue> {
        if self.to_string().len() <= LONGEST_HEADER {
            Ok(())
        } else {
            Err(InvalidValue::new(
                "must be shorter: encoded and with its address it must fit into a From header of 320 bytes",
            ))
        }
    }
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
        // Mail readers drop the space between two encoded words.
        let gap = if position == 0 { "" } else { " " };
        write!(f, "{gap}=?UTF-8?B?{}?=", STANDARD.encode(part))?;
    }
    Ok(())
}

/// Splits `name` into parts of whole characters that each fit into one encoded word.
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

    /// An address of this length.
    fn address_of(length: usize) -> String {
        let (local, label) = ("l".repeat(60), "d".repeat(50));
        let others = local.len() + 2 * label.len() + "@...com".len();
        let last = "d".repeat(length - others);
        format!("{local}@{label}.{label}.{last}.com")
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
    fn a_name_that_looks_like_an_encoded_word_is_quoted() {
        assert_eq!(
            mailbox("=?UTF-8?B?Wm/Dqw==?="),
            "\"=?UTF-8?B?Wm/Dqw==?=\" <help@example.com>"
        );
    }

    #[test]
    fn a_from_header_has_at_most_320_bytes() {
        for (name, address, is_short_enough) in [
            ("a".repeat(128), "help@example.com".to_owned(), true),
            // `"…128…" <…187…>` has 320 bytes.
            ("a".repeat(128), address_of(187), true),
            ("a".repeat(128), address_of(188), false),
            // Four encoded words are short enough with this address, but five are too long.
            ("é".repeat(88), "help@example.com".to_owned(), true),
            ("é".repeat(89), "help@example.com".to_owned(), false),
            ("サ".repeat(60), "help@example.com".to_owned(), true),
            ("サ".repeat(61), "help@example.com".to_owned(), false),
            ("😊".repeat(44), "help@example.com".to_owned(), true),
            ("😊".repeat(45), "help@example.com".to_owned(), false),
        ] {
            let name = SenderName::parse(&name).unwrap();
            let address = SenderAddress::parse(&address).unwrap();
            let mailbox = Mailbox {
                name: &name,
                address: &address,
            };
            let length = mailbox.to_string().len();
            assert_eq!(mailbox.check_length().is_ok(), is_short_enough, "{length}");
            assert_eq!(length <= LONGEST_HEADER, is_short_enough, "{mailbox}");
        }
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
