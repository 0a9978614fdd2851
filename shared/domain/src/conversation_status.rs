use serde::{Deserialize, Serialize};

use crate::invalid_value::InvalidValue;

/// Whether a conversation is open or resolved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationStatus {
    /// The chat continues, or was reopened.
    #[default]
    Open,
    /// The agent or the platform ended the chat.
    Resolved,
}

impl ConversationStatus {
    /// Reads `open` or `resolved`.
    ///
    /// # Errors
    /// If `text` is neither `open` nor `resolved`.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        match text {
            "open" => Ok(Self::Open),
            "resolved" => Ok(Self::Resolved),
            _ => Err(InvalidValue::new("must be open or resolved")),
        }
    }

    /// The status as it is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Resolved => "resolved",
        }
    }
}
