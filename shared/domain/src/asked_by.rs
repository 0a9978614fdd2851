use serde::{Deserialize, Serialize};

/// Who or what asked for a rating.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AskedBy {
    /// An agent, through the API.
    #[default]
    Agent,
    /// The rule of the settings that acts after a conversation was resolved.
    Rule,
}

impl AskedBy {
    /// Both ways.
    pub const ALL: [Self; 2] = [Self::Agent, Self::Rule];

    /// The way as the API writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Rule => "rule",
        }
    }

    /// The way with this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == name)
    }

    /// Whether an agent asked.
    pub fn is_agent(&self) -> bool {
        *self == Self::Agent
    }
}
