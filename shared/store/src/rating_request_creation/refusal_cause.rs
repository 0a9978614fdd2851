//! Why a transaction that creates a rating request was refused, decided from the items that exist.

use domain::{Channel, EmailAddress};
use dynamodb::{ItemOutcome, ReportedItem};
use errors::Fault;

use crate::conversation::ConversationItem;
use crate::cooldown::CooldownItem;
use crate::rating_request::RatingRequestItem;
use crate::rating_request_creation::cooldowns::{Cooldowns, visitor_with_cooldown};
use crate::rating_request_creation::create_outcome::CreateOutcome;
use crate::rating_request_creation::new_rating_request::NewRatingRequest;
use crate::stored_conversation::StoredConversation;

/// What a refused transaction reports about its items.
pub(super) struct RefusedItems {
    pub(super) conversation: ItemOutcome,
    pub(super) agent_cooldown: ItemOutcome,
    /// The item under the key of the new request.
    pub(super) same_request: ItemOutcome,
    /// [`ItemOutcome::Passed`] if the transaction has no visitor's cooldown.
    pub(super) visitor_cooldown: ItemOutcome,
}

/// Why a transaction was refused.
#[derive(Debug)]
pub(super) enum RefusalCause {
    /// The items determine the outcome of the request.
    Outcome(Box<CreateOutcome>),
    /// The conversation has another visitor now. The request can be retried with that visitor.
    VisitorChanged,
    /// None of the items is a reason for the refusal.
    NotFound,
}

impl RefusalCause {
    /// Decides the cause. `visitor` is the visitor whose cooldown the transaction starts.
    ///
    /// The first that applies decides:
    /// 1. The conversation does not exist.
    /// 2. The request exists. A retry must not count as a new request.
    /// 3. The conversation's channel, state or visitor is not as required.
    /// 4. A cooldown is active.
    pub(super) fn find(
        new_request: &NewRatingRequest,
        items: RefusedItems,
        visitor: Option<&EmailAddress>,
    ) -> Result<Self, Fault> {
        let now = new_request.now;
        let conversation = match StoredConversation::reported(items.conversation, now)? {
            ReportedItem::Absent => return Ok(CreateOutcome::ConversationNotFound.into()),
            reported => reported.into_existing(),
        };
        let same_request = items
            .same_request
            .read::<RatingRequestItem>()?
            .into_existing();
        if let Some(existing) = same_request.filter(|request| !request.has_expired(now)) {
            return Ok(outcome_of_same_request(new_request, existing).into());
        }
        if let Some(existing) = conversation
            && let Some(cause) = find_in_conversation(new_request, existing, visitor)
        {
            return Ok(cause);
        }
        let cooldowns = Cooldowns {
            agent: items.agent_cooldown.read()?.into_existing(),
            visitor: items.visitor_cooldown.read()?.into_existing(),
        };
        Ok(outcome_of_cooldowns(new_request, cooldowns).map_or(Self::NotFound, Self::from))
    }
}

impl From<CreateOutcome> for RefusalCause {
    fn from(outcome: CreateOutcome) -> Self {
        Self::Outcome(Box::new(outcome))
    }
}

fn find_in_conversation(
    new_request: &NewRatingRequest,
    existing: ConversationItem,
    visitor: Option<&EmailAddress>,
) -> Option<RefusalCause> {
    if existing.channel != Channel::widget() {
        return Some(CreateOutcome::ChannelNotSupported(existing.channel).into());
    }
    if let Some(snapshot) = &new_request.snapshot
        && !snapshot.matches(&existing)
    {
        return Some(CreateOutcome::ConversationChanged.into());
    }
    if let Some(round) = &new_request.round
        && (!round.matches(&existing) || existing.asked_in_round.as_ref() == Some(&round.id))
    {
        return Some(CreateOutcome::ConversationChanged.into());
    }
    if visitor_with_cooldown(new_request.visitor_interval, &existing) != visitor {
        return Some(RefusalCause::VisitorChanged);
    }
    None
}

/// The outcome if the item under the key of the new request exists.
pub(super) fn outcome_of_same_request(
    new_request: &NewRatingRequest,
    existing: RatingRequestItem,
) -> CreateOutcome {
    if existing.payload_fingerprint != new_request.payload_fingerprint {
        CreateOutcome::PayloadMismatch
    } else if new_request.payload_fingerprint.is_some() {
        CreateOutcome::Replayed(existing)
    } else {
        // The id is random, so this request itself wrote the item, and the response was lost.
        CreateOutcome::Created(existing)
    }
}

/// The outcome if a cooldown is active; `None` if none is.
pub(super) fn outcome_of_cooldowns(
    new_request: &NewRatingRequest,
    cooldowns: Cooldowns,
) -> Option<CreateOutcome> {
    let active = cooldowns.active(new_request.now)?;
    let is_active = |cooldown: &CooldownItem| cooldown.is_active(new_request.now);
    let agents_request = cooldowns
        .agent
        .filter(is_active)
        .map(|cooldown| cooldown.rating_request_id);
    // If another request started the visitor's cooldown, the agent's own request is not the reason.
    let is_of_other_request = |cooldown: &CooldownItem| {
        is_active(cooldown) && Some(&cooldown.rating_request_id) != agents_request.as_ref()
    };
    let by = if cooldowns.visitor.as_ref().is_some_and(is_of_other_request) {
        None
    } else {
        agents_request
    };
    Some(CreateOutcome::OnCooldown { active, by })
}

#[cfg(test)]
mod tests;
