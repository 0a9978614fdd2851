use serde::{Deserialize, Serialize};

use crate::invalid_value::InvalidValue;

/// Who or what ended a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResolvedBy {
    /// A teammate.
    Agent,
    /// A program that answers for the team.
    Bot,
    /// The visitor.
    Visitor,
    /// The platform, because nobody wrote for a while.
    Timeout,
}

impl ResolvedBy {
    /// Reads `agent`, `bot`, `visitor` or `timeout`.
    ///
    /// # Errors
    /// If `text` is none of them.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        match text {
            "agent" => Ok(Self::Agent),
            "bot" => Ok(Self::Bot),
            "visitor" => Ok(Self::Visitor),
            "timeout" => Ok(Self::Timeout),
            _ => Err(InvalidValue::new("must be agent, bot, visitor or timeout")),
        }
    }

    /// The value as it is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Bot => "bot",
            Self::Visitor => "visitor",
            Self::Timeout => "timeout",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_is_read_as_it_is_written() {
        for text in ["agent", "bot", "visitor", "timeout"] {
            let value = ResolvedBy::parse(text).unwrap();
            assert_eq!(value.as_str(), text);
            assert_eq!(serde_json::to_value(value).unwrap(), text);
        }
        assert!(ResolvedBy::parse("system").is_err());
    }
}
