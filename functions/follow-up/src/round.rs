//! Whether a rule acts in a round.

use domain::{Agent, ConversationStatus, Timestamp, UniqueId};
use settings::{ResolvedConversation, Rule, Settings};
use store::{ConversationItem, OngoingRound};

use crate::due::{Due, DueInRound};

/// Decides whether `rule` acts in `conversation` as it is. Returns the round that the write must
/// require, or the reason why the rule does not act.
pub(crate) fn decide(
    due: &Due,
    round: &DueInRound,
    rule: Option<&Rule>,
    conversation: &ConversationItem,
    now: Timestamp,
) -> Result<OngoingRound, &'static str> {
    let is_ongoing = conversation.status == ConversationStatus::Resolved
        && conversation.round.as_ref() == Some(&round.round_id);
    if !is_ongoing {
        return Err("round_ended");
    }
    let rule = rule.ok_or("rule_disabled")?;
    let sample = sample(due, round);
    let resolved = resolved_conversation(conversation, sample);
    if !rule.conditions.are_met_by(&resolved) {
        return Err("conditions_not_met");
    }
    Ok(OngoingRound {
        id: round.round_id.clone(),
        begun_by: now.plus_seconds(-i64::from(round.after_minutes) * 60),
        recorded_at: conversation.updated_at,
        thread_version: conversation.thread_version.clone(),
    })
}

/// The agent on whose behalf a rule acts: the assignee, or an agent with the brand's name.
pub(crate) fn acting_agent(
    conversation: &ConversationItem,
    settings: &Settings,
    brand_name: Option<&str>,
) -> Agent {
    let assignee = conversation.assignee.value().cloned();
    assignee.unwrap_or_else(|| Agent::automatic(settings.brand.name_or(brand_name)))
}

/// The id of what a rule makes in a round. It is always the same, so that it is made once.
pub(crate) fn derived_id(kind: &str, due: &Due, round: &DueInRound) -> UniqueId {
    UniqueId::derived_from(&[
        kind,
        due.organisation.as_str(),
        due.conversation_id.as_str(),
        round.round_id.as_str(),
    ])
}

/// What the conditions of a rule are compared with.
fn resolved_conversation(conversation: &ConversationItem, sample: u8) -> ResolvedConversation<'_> {
    ResolvedConversation {
        channel: &conversation.channel,
        inbox: conversation.inbox.value().map(|inbox| &inbox.id),
        team: conversation.team.value().map(|team| &team.id),
        labels: conversation.labels.value(),
        visitor_messages: conversation.visitor_messages,
        agent_messages: conversation.agent_messages,
        resolved_by: conversation.resolved_by,
        sample,
    }
}

/// A number from 0 to 99 that is always the same for one round.
fn sample(due: &Due, round: &DueInRound) -> u8 {
    let id = derived_id("sample", due, round).to_string();
    let digits = id.get(..8).unwrap_or_default();
    let number = u32::from_str_radix(digits, 16).unwrap_or_default();
    u8::try_from(number % 100).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use domain::{ConversationId, OrganisationId, RoundId};

    use super::*;
    use crate::due::DueAction;

    #[test]
    fn a_sample_is_the_same_for_one_round_and_evenly_distributed() {
        let of = |round: &str| {
            let round = DueInRound {
                round_id: RoundId::parse(round).unwrap(),
                after_minutes: 0,
            };
            let due = Due {
                organisation: OrganisationId::parse("main").unwrap(),
                conversation_id: ConversationId::parse("c1").unwrap(),
                at: Timestamp::EPOCH,
                early: 0,
                action: DueAction::Ask {
                    round: round.clone(),
                    attempts: 0,
                },
            };
            sample(&due, &round)
        };
        assert_eq!(of("r1"), of("r1"));
        let below_half = (0..2_000)
            .filter(|number| of(&number.to_string()) < 50)
            .count();
        // Five standard deviations of a random distribution.
        assert!((888..=1_112).contains(&below_half), "{below_half}");
    }
}
