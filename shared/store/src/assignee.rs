use domain::Agent;
use serde::{Deserialize, Serialize};

/// The agent who is assigned to a conversation.
///
/// In the table the attribute is absent, `NULL` or the agent. A removed assignee is written as
/// `NULL`. An outdated recording only sets attributes that were never recorded, so it does not
/// restore the assignee.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Option<Agent>", into = "Option<Agent>")]
pub enum Assignee {
    /// No assignee was ever recorded: the attribute is absent.
    #[default]
    Unknown,
    /// Nobody is assigned: the attribute is `NULL`.
    Nobody,
    /// This agent is assigned: the attribute is the agent.
    Agent(Agent),
}

impl Assignee {
    /// The assigned agent, if there is one.
    pub fn agent(&self) -> Option<&Agent> {
        match self {
            Self::Agent(agent) => Some(agent),
            Self::Unknown | Self::Nobody => None,
        }
    }

    /// Whether it was never recorded.
    pub fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }
}

impl From<Option<Agent>> for Assignee {
    fn from(recorded: Option<Agent>) -> Self {
        recorded.map_or(Self::Nobody, Self::Agent)
    }
}

impl From<Assignee> for Option<Agent> {
    fn from(assignee: Assignee) -> Self {
        match assignee {
            Assignee::Agent(agent) => Some(agent),
            Assignee::Unknown | Assignee::Nobody => None,
        }
    }
}
