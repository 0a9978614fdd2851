//! Asks the visitor for a rating, if the rule of the settings says so.

use domain::{Agent, AgentId, ConversationStatus, PersonName, Timestamp, UniqueId};
use errors::Fault;
use lambda::events::EventOutcome;
use lambda::metrics::{self, Counter};
use settings::{ResolvedConversation, Settings};
use store::rating_request_creation::{CreateOutcome, NewRatingRequest, create_rating_request};
use store::{
    ConversationDetails, ConversationItem, ConversationRef, ConversationSnapshot, OngoingRound,
    get_conversation,
};

use crate::FollowUp;
use crate::due::{Due, DueAction};

/// How often the decision is made again because the conversation changed before the write.
const RETRIES: u32 = 5;

impl FollowUp {
    /// Asks in the round of `due`. The write checks that the conversation is still in this round and
    /// as it was read, and that nobody asked in this round.
    pub(crate) async fn ask(&self, due: &Due, now: Timestamp) -> Result<EventOutcome, Fault> {
        let conversation_ref = ConversationRef::new(&due.organisation, &due.conversation_id, now);
        for _ in 0..=RETRIES {
            let (conversation, settings) = tokio::try_join!(
                get_conversation(&self.table, conversation_ref),
                self.settings.read(&self.table, &due.organisation, now),
            )?;
            let Some(conversation) = conversation else {
                return Ok(EventOutcome::unchanged("no_conversation"));
            };
            let new_request = match self.decide(due, &conversation, &settings, now) {
                Ok(new_request) => new_request,
                Err(reason) => return Ok(EventOutcome::unchanged(reason)),
            };
            match create_rating_request(&self.table, &new_request).await? {
                CreateOutcome::Created(_) => {
                    metrics::count(Counter::Asked);
                    return Ok(EventOutcome::applied("asked"));
                }
                CreateOutcome::OnCooldown { .. } => {
                    return Ok(EventOutcome::unchanged("asked_recently"));
                }
                CreateOutcome::ChannelNotSupported(_) => {
                    return Ok(EventOutcome::unchanged("conditions_not_met"));
                }
                CreateOutcome::ConversationNotFound => {
                    return Ok(EventOutcome::unchanged("no_conversation"));
                }
                // The id is derived from the round and has no fingerprint, so that only this rule
                // creates it.
                CreateOutcome::Replayed(_) | CreateOutcome::PayloadMismatch => {
                    return Ok(EventOutcome::unchanged("already_asked"));
                }
                CreateOutcome::ConversationChanged => {}
            }
        }
        Err(Fault::contended(
            "a conversation changed in every attempt to ask by the rule",
        ))
    }

    /// The rating request that the rule makes in `conversation` now, or the reason why it makes none.
    fn decide(
        &self,
        due: &Due,
        conversation: &ConversationItem,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<NewRatingRequest, &'static str> {
        let DueAction::Ask {
            round_id,
            after_minutes,
        } = &due.action
        else {
            return Err("not_asking");
        };
        let is_in_round = conversation.status == ConversationStatus::Resolved
            && conversation.round.as_ref() == Some(round_id);
        if !is_in_round {
            return Err("round_ended");
        }
        if conversation.asked_in_round.as_ref() == Some(round_id) {
            return Err("already_asked");
        }
        let rule = settings.asking.rule().ok_or("rule_disabled")?;
        let sample = sample(due, round_id.as_str());
        if !rule
            .conditions
            .are_met_by(&resolved_conversation(conversation, sample))
        {
            return Err("conditions_not_met");
        }
        let request_id = derived_id("rating-request-by-rule", due, round_id.as_str());
        Ok(NewRatingRequest {
            organisation: due.organisation.clone(),
            conversation: due.conversation_id.clone(),
            agent: self.asking_agent(conversation, settings),
            rating_request_id: request_id.into(),
            payload_fingerprint: None,
            link: None,
            visitor_interval: self.visitor_interval,
            report_time_zone: self.report_time_zone.clone(),
            // The conditions may depend on the messages.
            snapshot: Some(ConversationSnapshot {
                thread_version: conversation.thread_version.clone(),
                visitor_email: None,
                round: None,
            }),
            round: Some(OngoingRound {
                id: round_id.clone(),
                begun_by: now.plus_seconds(-i64::from(*after_minutes) * 60),
                recorded_at: conversation.updated_at,
            }),
            details: Some(ConversationDetails::of(conversation)),
            now,
        })
    }

    /// The assignee, or an agent with the brand's name.
    fn asking_agent(&self, conversation: &ConversationItem, settings: &Settings) -> Agent {
        conversation.assignee.value().cloned().unwrap_or_else(|| {
            let brand = settings.brand.name.as_ref().map(|name| name.as_str());
            let brand = brand.or(self.brand_name.as_deref());
            Agent {
                id: AgentId::automatic(),
                name: brand.and_then(|name| PersonName::parse(name).ok()),
            }
        })
    }
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
fn sample(due: &Due, round: &str) -> u8 {
    let id = derived_id("sample", due, round).to_string();
    let digits = id.get(..8).unwrap_or_default();
    let number = u32::from_str_radix(digits, 16).unwrap_or_default();
    u8::try_from(number % 100).unwrap_or_default()
}

fn derived_id(kind: &str, due: &Due, round: &str) -> UniqueId {
    let conversation = due.conversation_id.as_str();
    UniqueId::derived_from(&[kind, due.organisation.as_str(), conversation, round])
}

#[cfg(test)]
mod tests {
    use domain::{ConversationId, OrganisationId, RoundId};

    use super::*;

    #[test]
    fn a_sample_is_the_same_for_one_round_and_evenly_distributed() {
        let due = |round: &str| Due {
            organisation: OrganisationId::parse("main").unwrap(),
            conversation_id: ConversationId::parse("c1").unwrap(),
            at: Timestamp::EPOCH,
            action: DueAction::Ask {
                round_id: RoundId::parse(round).unwrap(),
                after_minutes: 0,
            },
        };
        let of = |round: &str| sample(&due(round), round);
        assert_eq!(of("r1"), of("r1"));
        let below_half = (0..2_000)
            .filter(|number| of(&number.to_string()) < 50)
            .count();
        // Five standard deviations of a random distribution.
        assert!((888..=1_112).contains(&below_half), "{below_half}");
    }
}
