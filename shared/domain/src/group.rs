use serde::{Deserialize, Serialize};

use crate::invalid_value::InvalidValue;
use crate::names::check_name;
use crate::text::text_value;

/// The id of an inbox or a team on the chat platform: 1 to 128 printable ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GroupId(String);

text_value!(GroupId);

impl GroupId {
    /// Reads an id.
    ///
    /// # Errors
    /// If `text` is empty, too long or contains other characters.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let is_printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if (1..=128).contains(&text.len()) && is_printable {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new(
                "must be 1 to 128 printable ASCII characters",
            ))
        }
    }
}

/// The name of an inbox or a team: 1 to 200 characters on one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GroupName(String);

text_value!(GroupName);

impl GroupName {
    /// Reads a name.
    ///
    /// # Errors
    /// If `text` is blank, too long or contains control characters.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        check_name(text).map(|()| Self(text.to_owned()))
    }
}

/// An inbox or a team on the chat platform, to which a conversation belongs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The id on the platform.
    pub id: GroupId,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<GroupName>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_1_to_128_printable_characters() {
        for id in ["3", "support eu#1", &"a".repeat(128)] {
            assert_eq!(GroupId::parse(id).unwrap().as_str(), id);
        }
        for id in ["", "é", "a\n", &"a".repeat(129)] {
            assert!(GroupId::parse(id).is_err(), "{id:?}");
        }
    }

    #[test]
    fn a_name_is_not_blank_and_on_one_line() {
        assert!(GroupName::parse("Köln").is_ok());
        for name in ["", " ", "a\nb", &"a".repeat(201)] {
            assert!(GroupName::parse(name).is_err(), "{name:?}");
        }
    }
}
