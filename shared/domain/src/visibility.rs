use serde::{Deserialize, Serialize};

use crate::invalid_value::InvalidValue;

/// Who may see an entry of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// The visitor and the agents.
    Public,
    /// Only the agents.
    Private,
}

impl Visibility {
    /// Reads `public` or `private`.
    ///
    /// # Errors
    /// If `text` is neither `public` nor `private`.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        match text {
            "public" => Ok(Self::Public),
            "private" => Ok(Self::Private),
            _ => Err(InvalidValue::new("must be public or private")),
        }
    }
}
