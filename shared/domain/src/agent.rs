use serde::{Deserialize, Serialize};

use crate::invalid_value::InvalidValue;
use crate::names::PersonName;
use crate::text::{is_printable_ascii, text_value};

/// An agent's id within an organisation: 1 to 255 printable ASCII characters except `#`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AgentId(String);

text_value!(AgentId);

impl AgentId {
    /// Reads an agent's id.
    ///
    /// # Errors
    /// If `text` is not a valid id of an agent.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        if is_printable_ascii(text) && !text.contains('#') {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new(
                "must be 1 to 255 printable ASCII characters other than #",
            ))
        }
    }
}

/// A teammate who answers, as named in the organisation's tokens or by its platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// The agent's id within the organisation.
    pub id: AgentId,
    /// The name that may be shown to the visitor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
}
