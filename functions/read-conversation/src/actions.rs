use std::ops::Not;

use domain::{ClockHour, EmailAddress, Presentation, SenderAddress, SenderName, Timestamp};
use errors::Fault;
use lambda::http::ResponseBudget;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use store::rating_request_creation::{ActiveCooldown, Cooldowns};
use store::{ConversationItem, QuotaItem, SenderItem};

/// The maximum size of the senders in Lambda's response, in bytes. More than 400 of the longest
/// fit.
const SENDERS_BYTES: usize = 400_000;

/// The actions that the sidebar offers the agent, and the reasons why others are not available.
#[derive(Debug, Serialize)]
pub(crate) struct Actions<'a> {
    ask_rating: AskRating,
    send_transcript: SendTranscript<'a>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct AskRating {
    state: Presentation,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    available_at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
struct SendTranscript<'a> {
    state: Presentation,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_to: Option<&'a EmailAddress>,
    senders: Vec<Box<RawValue>>,
    #[serde(skip_serializing_if = "Not::not")]
    has_more_senders: bool,
    remaining: u32,
    resets_at: Timestamp,
}

#[derive(Debug, Serialize)]
struct Sender<'a> {
    address: &'a SenderAddress,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a SenderName>,
}

impl<'a> Actions<'a> {
    /// Returns the actions at `now` of the agent to whom `cooldowns` apply, with verified
    /// `senders`.
    pub(crate) fn offered(
        conversation: &'a ConversationItem,
        cooldowns: &Cooldowns,
        quota: &QuotaItem,
        senders: &'a [SenderItem],
        now: Timestamp,
    ) -> Result<Self, Fault> {
        Ok(Self {
            ask_rating: offer_ask(conversation, cooldowns, now),
            send_transcript: offer_transcript(conversation, quota, senders, now)?,
        })
    }
}

fn offer_ask(conversation: &ConversationItem, cooldowns: &Cooldowns, now: Timestamp) -> AskRating {
    let (state, reason, available_at) = match conversation.channel.presentation() {
        Presentation::Enabled => match cooldowns.active(now) {
            None => (Presentation::Enabled, None, None),
            Some(ActiveCooldown::Agent { available_at }) => {
                let reason = "rating_already_requested";
                (Presentation::Disabled, Some(reason), Some(available_at))
            }
            Some(ActiveCooldown::Visitor { available_at }) => {
                let reason = "visitor_asked_recently";
                (Presentation::Disabled, Some(reason), Some(available_at))
            }
        },
        state => (state, Some("channel_not_supported"), None),
    };
    AskRating {
        state,
        reason,
        available_at,
    }
}

fn offer_transcript<'a>(
    conversation: &'a ConversationItem,
    quota: &QuotaItem,
    senders: &'a [SenderItem],
    now: Timestamp,
) -> Result<SendTranscript<'a>, Fault> {
    let (senders, has_more_senders) = offer_senders(senders)?;
    let reason = if quota.is_used_up() {
        Some("transcript_limit_reached")
    } else if senders.is_empty() {
        Some("no_verified_sender")
    } else {
        None
    };
    Ok(SendTranscript {
        state: match reason {
            None => Presentation::Enabled,
            Some(_) => Presentation::Disabled,
        },
        reason,
        default_to: conversation.visitor_email.as_ref(),
        senders,
        has_more_senders,
        remaining: quota.remaining(),
        resets_at: ClockHour::of(now).resets_at(),
    })
}

/// Returns the senders that fit, and whether there are more.
fn offer_senders(senders: &[SenderItem]) -> Result<(Vec<Box<RawValue>>, bool), Fault> {
    let mut budget = ResponseBudget::of_part(SENDERS_BYTES);
    let mut offered = Vec::new();
    for SenderItem { address, name, .. } in senders {
        let name = name.as_ref();
        let sender = to_raw_value(&Sender { address, name })
            .map_err(|_| Fault::internal("a sender cannot be serialized as JSON"))?;
        if !budget.take(sender.get()) {
            return Ok((offered, true));
        }
        offered.push(sender);
    }
    Ok((offered, false))
}

#[cfg(test)]
mod tests {
    use domain::{Channel, ConversationStatus, RatingRequestId};
    use lambda::random;
    use store::CooldownItem;

    use super::*;

    fn conversation(channel: &str) -> ConversationItem {
        ConversationItem::new(
            Channel::parse(channel).unwrap(),
            ConversationStatus::Open,
            random::visitor_secret(),
            random::unique_id(),
            Timestamp::EPOCH,
        )
    }

    fn cooldowns(expires_at: i64) -> Cooldowns {
        let cooldown = CooldownItem {
            rating_request_id: RatingRequestId::parse("r").unwrap(),
            conversation_id: None,
            expires_at,
        };
        Cooldowns {
            agent: Some(cooldown),
            visitor: None,
        }
    }

    #[test]
    fn the_action_is_hidden_in_a_call_and_disabled_in_a_messenger() {
        let open = Cooldowns::default();
        let state = |channel| offer_ask(&conversation(channel), &open, Timestamp::EPOCH).state;
        assert_eq!(state("widget"), Presentation::Enabled);
        assert_eq!(state("voice"), Presentation::Hidden);
        assert_eq!(state("messenger"), Presentation::Disabled);
        assert_eq!(state("instagram"), Presentation::Disabled);
        assert_eq!(state("sms"), Presentation::Disabled);
    }

    #[test]
    fn the_action_is_enabled_in_the_second_in_which_the_cooldown_expires() {
        let now = Timestamp::from_epoch_seconds(1_000).unwrap();
        let offer = |expires_at| offer_ask(&conversation("widget"), &cooldowns(expires_at), now);
        assert_eq!(offer(1_000).state, Presentation::Enabled);
        assert_eq!(offer(1_001).state, Presentation::Disabled);
        assert_eq!(
            offer(1_001).available_at,
            Timestamp::from_epoch_seconds(1_001)
        );
    }
}
