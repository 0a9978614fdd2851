use serde::{Deserialize, Serialize};

use crate::invalid_value::InvalidValue;
use crate::text::{has_length, text_value};

/// A note of an agent above a transcript: 1 to 2,000 characters, not blank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TranscriptNote(String);

text_value!(TranscriptNote);

impl TranscriptNote {
    /// Reads a note.
    ///
    /// # Errors
    /// If `text` is blank or too long.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        if has_length(text, 1, 2_000) && !text.trim().is_empty() {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new(
                "must be 1 to 2,000 characters, not blank",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_has_up_to_2000_characters_on_any_number_of_lines() {
        assert!(TranscriptNote::parse("Hello\nAna").is_ok());
        assert!(TranscriptNote::parse(&"😀".repeat(2_000)).is_ok());
        for text in ["", " \n ", &"a".repeat(2_001)] {
            assert!(TranscriptNote::parse(text).is_err());
        }
    }
}
