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
    const VISITOR: &str = "visitor";
    const AUTOMATIC: &str = "automatic";

    /// The reserved id `visitor`. It is recorded instead of an agent's, such as in a transcript that the
    /// visitor requested.
    pub fn visitor() -> Self {
        Self(Self::VISITOR.to_owned())
    }

    /// The reserved id `automatic`. It is recorded instead of an agent's if a rule acts in a conversation
    /// without an assignee.
    pub fn automatic() -> Self {
        Self(Self::AUTOMATIC.to_owned())
    }

    /// Reads the id of an agent whom a caller names. The reserved ids `visitor` and `automatic` are
    /// not accepted.
    ///
    /// # Errors
    /// If `text` is not a valid id of an agent.
    pub fn parse_named(text: &str) -> Result<Self, InvalidValue> {
        if [Self::VISITOR, Self::AUTOMATIC].contains(&text) {
            return Err(InvalidValue::new("must not be visitor or automatic"));
        }
        Self::parse(text)
    }

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

impl Agent {
    /// The agent in whose name something happens automatically, with the brand's name if that is a valid name.
    pub fn automatic(brand: Option<&str>) -> Self {
        Self {
            id: AgentId::automatic(),
            name: brand.and_then(|name| PersonName::parse(name).ok()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_cannot_name_an_agent_with_a_reserved_id() {
        for id in ["visitor", "automatic"] {
            assert!(AgentId::parse_named(id).is_err());
            assert!(AgentId::parse(id).is_ok());
        }
        assert!(AgentId::parse_named("Visitor").is_ok());
        assert_eq!(AgentId::visitor().as_str(), "visitor");
    }
}
