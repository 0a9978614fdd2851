use serde::{Deserialize, Serialize};

use crate::invalid_value::InvalidValue;
use crate::text::{breaks_a_line, has_length, text_value};

/// The name of a visitor, an agent or an author: 1 to 200 characters on one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonName(String);

text_value!(PersonName);

impl PersonName {
    /// Whether `text` is empty or only spaces. A blank name means that there is no name. A text
    /// with control characters is not blank, because it is an error.
    pub fn is_blank(text: &str) -> bool {
        text.trim().is_empty() && !text.contains(breaks_a_line)
    }

    /// Reads a name.
    ///
    /// # Errors
    /// If `text` is blank, too long or contains control characters.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        check_name(text).map(|()| Self(text.to_owned()))
    }
}

/// Checks that `text` is a name: 1 to 200 characters on one line, not blank.
pub(crate) fn check_name(text: &str) -> Result<(), InvalidValue> {
    if has_length(text, 1, 200) && !text.trim().is_empty() && !text.contains(breaks_a_line) {
        Ok(())
    } else {
        Err(InvalidValue::new(
            "must be 1 to 200 characters, not blank, without control characters",
        ))
    }
}

/// The display name of a mail's From address: 1 to 128 characters on one line. It contains no
/// character that could end the name early or make it look like an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SenderName(String);

text_value!(SenderName);

impl SenderName {
    /// Reads a sender's name.
    ///
    /// # Errors
    /// If `text` is blank or too long, or contains control characters or one of `" \ < > @`.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let misleads = |character: char| {
            breaks_a_line(character)
                || is_bidirectional_control(character)
                || matches!(
                    character,
                    '"' | '\\'
                        | '<'
                        | '>'
                        | '@'
                        | '\u{FF20}'
                        | '\u{FE6B}'
                        | '\u{FF1C}'
                        | '\u{FF1E}'
                )
        };
        if has_length(text, 1, 128) && !text.trim().is_empty() && !text.contains(misleads) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new(
                "must be 1 to 128 characters, not blank, without control characters and without \" \\ < > @",
            ))
        }
    }
}

/// Whether `character` can change the order in which a text is displayed.
fn is_bidirectional_control(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_name_can_be_in_any_script() {
        for text in [
            "Zoë from Acme",
            "O'Brien & Sons, Ltd.",
            "サポート",
            "دعم أكمي",
            "Acme 😊",
        ] {
            assert!(SenderName::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_sender_name_that_injects_a_header_or_looks_like_an_address_is_refused() {
        for text in [
            "",
            "   ",
            "Acme\r\nBcc: x@example.com",
            "Acme\u{2028}Bcc",
            "\"Acme\" <a",
            "ceo@example.com",
            "ceo＠example.com",
            "Acme\u{202E}moc",
            "Acme\0",
        ] {
            assert!(SenderName::parse(text).is_err(), "{text:?}");
        }
    }
}
