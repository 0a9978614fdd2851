use domain::{
    AgentId, ConversationId, EmailAddress, OrganisationId, RatingRequestId, Timestamp,
    VisitorAskInterval, VisitorHash,
};
use dynamodb::Table;
use errors::Fault;

use crate::conversation::ConversationItem;
use crate::cooldown::CooldownItem;
use crate::key;

/// The cooldowns that can refuse a new rating request.
#[derive(Debug, Default)]
pub struct Cooldowns {
    /// The agent's cooldown in the conversation.
    pub agent: Option<CooldownItem>,
    /// The visitor's cooldown in all conversations.
    pub visitor: Option<CooldownItem>,
}

/// A cooldown that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActiveCooldown {
    /// The agent asked in the conversation within the interval.
    Agent {
        /// When it ends, so that a rating may be requested again.
        available_at: Timestamp,
    },
    /// Someone asked the visitor within the stack's interval.
    Visitor {
        /// When it ends, so that a rating may be requested again.
        available_at: Timestamp,
    },
}

impl Cooldowns {
    /// The cooldown that is active at `now`. If both are active, it is the one that ends later, so
    /// that a caller who retries at that time is not refused again.
    pub fn active(&self, now: Timestamp) -> Option<ActiveCooldown> {
        let available_at = |cooldown: &Option<CooldownItem>| {
            let active = cooldown.as_ref().filter(|cooldown| cooldown.is_active(now));
            active.map(CooldownItem::available_at)
        };
        match (available_at(&self.agent), available_at(&self.visitor)) {
            (Some(agent), Some(visitor)) if visitor > agent => Some(ActiveCooldown::Visitor {
                available_at: visitor,
            }),
            (Some(available_at), _) => Some(ActiveCooldown::Agent { available_at }),
            (None, Some(available_at)) => Some(ActiveCooldown::Visitor { available_at }),
            (None, None) => None,
        }
    }

    /// Whether `request` started the agent's cooldown.
    pub(super) fn were_started_by(&self, request: &RatingRequestId) -> bool {
        let agent = self.agent.as_ref();
        agent.is_some_and(|cooldown| cooldown.rating_request_id == *request)
    }
}

/// The visitor whose cooldown applies in `conversation`. `None` if the interval is off or the
/// visitor's address is unknown.
pub fn visitor_with_cooldown(
    interval: VisitorAskInterval,
    conversation: &ConversationItem,
) -> Option<&EmailAddress> {
    let visitor = conversation.visitor_email.as_ref();
    visitor.filter(|_| !interval.is_off())
}

/// Reads the cooldowns of an agent and, if there is one, of a `visitor`.
///
/// # Errors
/// If DynamoDB fails.
pub async fn read_cooldowns(
    table: &Table,
    organisation: &OrganisationId,
    conversation: &ConversationId,
    agent: &AgentId,
    visitor: Option<&EmailAddress>,
) -> Result<Cooldowns, Fault> {
    let (agent, visitor) = tokio::try_join!(
        table.get(key::agent_cooldown(organisation, conversation, agent)),
        read_visitor_cooldown(table, organisation, visitor),
    )?;
    Ok(Cooldowns { agent, visitor })
}

/// Reads the cooldown of `visitor`, if there is one.
///
/// # Errors
/// If DynamoDB fails.
pub async fn read_visitor_cooldown(
    table: &Table,
    organisation: &OrganisationId,
    visitor: Option<&EmailAddress>,
) -> Result<Option<CooldownItem>, Fault> {
    match visitor {
        Some(visitor) => {
            let visitor = VisitorHash::of(visitor);
            table
                .get(key::visitor_cooldown(organisation, &visitor))
                .await
        }
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cooldown(expires_at: i64) -> Option<CooldownItem> {
        Some(CooldownItem {
            rating_request_id: RatingRequestId::parse("r").unwrap(),
            conversation_id: None,
            expires_at,
        })
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_epoch_seconds(seconds).unwrap()
    }

    #[test]
    fn an_expired_cooldown_is_not_active() {
        let cooldowns = Cooldowns {
            agent: cooldown(1_000),
            visitor: cooldown(900),
        };
        let available_at = at(1_000);
        assert_eq!(
            cooldowns.active(at(950)),
            Some(ActiveCooldown::Agent { available_at })
        );
        assert_eq!(cooldowns.active(at(1_000)), None);
    }

    #[test]
    fn a_visitors_cooldown_alone_is_reported() {
        let cooldowns = Cooldowns {
            agent: None,
            visitor: cooldown(1_000),
        };
        let available_at = at(1_000);
        assert_eq!(
            cooldowns.active(at(999)),
            Some(ActiveCooldown::Visitor { available_at })
        );
    }

    #[test]
    fn only_the_agents_cooldown_shows_which_request_started_it() {
        let id = |text| RatingRequestId::parse(text).unwrap();
        let agents = Cooldowns {
            agent: cooldown(1_000),
            visitor: None,
        };
        assert!(agents.were_started_by(&id("r")));
        assert!(!agents.were_started_by(&id("other")));
        let visitors = Cooldowns {
            agent: None,
            visitor: cooldown(1_000),
        };
        assert!(!visitors.were_started_by(&id("r")));
    }

    #[test]
    fn of_two_active_cooldowns_the_one_that_ends_later_is_reported() {
        let active = |agent, visitor| {
            let (agent, visitor) = (cooldown(agent), cooldown(visitor));
            Cooldowns { agent, visitor }.active(at(0))
        };
        let available_at = at(20);
        assert_eq!(
            active(10, 20),
            Some(ActiveCooldown::Visitor { available_at })
        );
        assert_eq!(active(20, 10), Some(ActiveCooldown::Agent { available_at }));
        assert_eq!(active(20, 20), Some(ActiveCooldown::Agent { available_at }));
    }
}
