use serde::{Deserialize, Serialize};

use crate::invalid_value::InvalidValue;
use crate::text::{breaks_a_line, has_length, text_value};

/// How many labels a conversation may have.
pub const MAXIMUM_LABELS: usize = 20;

/// A label that the chat platform put on a conversation: 1 to 64 characters on one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Label(String);

text_value!(Label);

impl Label {
    /// Reads a label.
    ///
    /// # Errors
    /// If `text` is blank, too long or contains control characters.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let is_blank = text.trim().is_empty();
        if has_length(text, 1, 64) && !is_blank && !text.contains(breaks_a_line) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new(
                "must be 1 to 64 characters, not blank, without control characters",
            ))
        }
    }
}

/// The labels of a conversation, each once, in the order of the platform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels(Vec<Label>);

impl Labels {
    /// Creates the labels. A repeated one is kept once.
    ///
    /// # Errors
    /// If there are more than [`MAXIMUM_LABELS`].
    pub fn new(labels: Vec<Label>) -> Result<Self, InvalidValue> {
        if labels.len() > MAXIMUM_LABELS {
            return Err(InvalidValue::new(format!(
                "must have at most {MAXIMUM_LABELS} labels"
            )));
        }
        let mut unique = Vec::with_capacity(labels.len());
        for label in labels {
            if !unique.contains(&label) {
                unique.push(label);
            }
        }
        Ok(Self(unique))
    }

    /// Whether one of `labels` is among these.
    pub fn has_one_of(&self, labels: &Self) -> bool {
        self.0.iter().any(|label| labels.0.contains(label))
    }

    /// The labels.
    pub fn iter(&self) -> impl Iterator<Item = &Label> {
        self.0.iter()
    }

    /// Whether there is no label.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_has_1_to_64_characters_on_one_line() {
        for text in ["billing", "größe L", &"é".repeat(64)] {
            assert!(Label::parse(text).is_ok(), "{text}");
        }
        for text in ["", " ", "a\nb", "a\0", &"é".repeat(65)] {
            assert!(Label::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn there_are_at_most_twenty_labels_and_each_is_kept_once() {
        let label = |text: &str| Label::parse(text).unwrap();
        let twice = Labels::new(vec![label("b"), label("a"), label("b")]).unwrap();
        assert_eq!(twice.0, [label("b"), label("a")]);
        assert!(Labels::new(vec![label("a"); 20]).is_ok());
        assert!(Labels::new(vec![label("a"); 21]).is_err());
    }
}
