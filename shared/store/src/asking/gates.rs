use domain::{
    AgentId, ConversationId, EmailAddress, OrganisationId, RatingRequestId, Timestamp,
    VisitorAskInterval, VisitorHash,
};
use dynamodb::Table;
use errors::Fault;

use crate::conversation::ConversationItem;
use crate::key;
use crate::rating_request::AskGateItem;

/// The gates before an asking, as they stand.
#[derive(Debug, Default)]
pub struct Gates {
    /// That of the agent in the conversation.
    pub agent: Option<AskGateItem>,
    /// That of the visitor, in whichever conversation.
    pub visitor: Option<AskGateItem>,
}

/// A gate that is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosedGate {
    /// The agent asked in the conversation within the interval.
    Agent {
        /// When it opens.
        opens_at: Timestamp,
    },
    /// Someone asked the visitor within the stack's interval.
    Visitor {
        /// When it opens.
        opens_at: Timestamp,
    },
}

impl Gates {
    /// The gate that keeps an asking out at `now`: where both do, the one that does so longer, so
    /// that nobody is told a time at which they are refused again.
    pub fn closed(&self, now: Timestamp) -> Option<ClosedGate> {
        let opens_at = |gate: &Option<AskGateItem>| {
            let closed = gate.as_ref().filter(|gate| gate.is_closed(now));
            closed.map(AskGateItem::opens_at)
        };
        match (opens_at(&self.agent), opens_at(&self.visitor)) {
            (Some(agent), Some(visitor)) if visitor > agent => {
                Some(ClosedGate::Visitor { opens_at: visitor })
            }
            (Some(opens_at), _) => Some(ClosedGate::Agent { opens_at }),
            (None, Some(opens_at)) => Some(ClosedGate::Visitor { opens_at }),
            (None, None) => None,
        }
    }

    /// Whether this request closed the agent's.
    pub(super) fn are_of(&self, request: &RatingRequestId) -> bool {
        let agent = self.agent.as_ref();
        agent.is_some_and(|gate| gate.request_id == *request)
    }
}

/// Whose gate an asking in `conversation` passes beside the agent's: none where the interval is off
/// or nobody knows who the visitor is.
pub fn gated_visitor(
    interval: VisitorAskInterval,
    conversation: &ConversationItem,
) -> Option<&EmailAddress> {
    let visitor = conversation.visitor_email.as_ref();
    visitor.filter(|_| !interval.is_off())
}

/// Reads the gates of an asking, the visitor's where there is a `visitor`.
///
/// # Errors
/// Where DynamoDB fails.
pub async fn read_gates(
    table: &Table,
    organisation: &OrganisationId,
    conversation: &ConversationId,
    agent: &AgentId,
    visitor: Option<&EmailAddress>,
) -> Result<Gates, Fault> {
    let (agent, visitor) = tokio::try_join!(
        table.get(key::ask_gate(organisation, conversation, agent)),
        read_visitor_gate(table, organisation, visitor),
    )?;
    Ok(Gates { agent, visitor })
}

/// Reads the gate of `visitor`, where there is one.
///
/// # Errors
/// Where DynamoDB fails.
pub async fn read_visitor_gate(
    table: &Table,
    organisation: &OrganisationId,
    visitor: Option<&EmailAddress>,
) -> Result<Option<AskGateItem>, Fault> {
    match visitor {
        Some(visitor) => {
            let visitor = VisitorHash::of(visitor);
            table
                .get(key::visitor_ask_gate(organisation, &visitor))
                .await
        }
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(expires_at: i64) -> Option<AskGateItem> {
        Some(AskGateItem {
            request_id: RatingRequestId::parse("r").unwrap(),
            conversation_id: None,
            expires_at,
        })
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_epoch_seconds(seconds).unwrap()
    }

    #[test]
    fn a_gate_opens_in_the_second_in_which_it_expires() {
        let gates = Gates {
            agent: gate(1_000),
            visitor: None,
        };
        let opens_at = at(1_000);
        assert_eq!(gates.closed(at(999)), Some(ClosedGate::Agent { opens_at }));
        assert_eq!(gates.closed(at(1_000)), None);
    }

    #[test]
    fn of_two_closed_gates_the_one_that_opens_later_decides() {
        let closed = |agent, visitor| {
            let (agent, visitor) = (gate(agent), gate(visitor));
            Gates { agent, visitor }.closed(at(0))
        };
        let opens_at = at(20);
        assert_eq!(closed(10, 20), Some(ClosedGate::Visitor { opens_at }));
        assert_eq!(closed(20, 10), Some(ClosedGate::Agent { opens_at }));
        assert_eq!(closed(20, 20), Some(ClosedGate::Agent { opens_at }));
    }
}
