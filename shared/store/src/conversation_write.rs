//! Writes in a conversation. None succeeds after its erasure, and the conversation never expires
//! before anything that is written in it.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use domain::{ConversationId, OrganisationId, Retention, Timestamp};
use dynamodb::{ItemOutcome, Key, Table, TransactOutcome, number, transact_all, transact_item};
use errors::Fault;

use crate::conversation::ConversationItem;
use crate::key;
use crate::stored_conversation::StoredConversation;
use crate::visitor_conversations::renew_visitors;

/// How often a write is tried again whose conversation has another expiry than the write assumed.
const LIFETIME_RETRIES: u32 = 3;

/// A conversation at the time of a request.
#[derive(Clone, Copy, Debug)]
pub struct ConversationRef<'a> {
    /// The tenant.
    pub organisation: &'a OrganisationId,
    /// Which conversation it is.
    pub conversation: &'a ConversationId,
    /// When the request came.
    pub now: Timestamp,
}

impl<'a> ConversationRef<'a> {
    /// `conversation` of `organisation` at `now`.
    pub fn new(
        organisation: &'a OrganisationId,
        conversation: &'a ConversationId,
        now: Timestamp,
    ) -> Self {
        Self {
            organisation,
            conversation,
            now,
        }
    }

    /// The key of the conversation itself.
    pub fn key(&self) -> Key {
        key::conversation(self.organisation, self.conversation)
    }
}

/// What a write does to the expiry of its conversation.
///
/// A conversation keeps the later of its expiry and the write's own, and no expiry is the latest of
/// all. An update expression can't compare, so each case is a write of its own, under the condition
/// that it is the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// The write's expiry is the later one, or the same: the conversation takes it.
    Renewed,
    /// The conversation's expiry is the later one, because the stack's retention was longer when it
    /// was written: it stays.
    Kept,
}

impl Lifetime {
    /// The right one for a write at `now` in `conversation`.
    pub fn of(conversation: &ConversationItem, retention: Retention, now: Timestamp) -> Self {
        let new = retention.expires_at(now);
        let is_kept = match (conversation.expires_at, new) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(old), Some(new)) => old > new,
        };
        if is_kept { Self::Kept } else { Self::Renewed }
    }

    /// The condition that it is the right one and that the links from visitors do not expire before
    /// the conversation, with the placeholder `:expires_at` unless the retention is for ever.
    fn condition(self, retention: Retention) -> &'static str {
        match self {
            _ if retention.is_for_ever() => "attribute_not_exists(visitors_until)",
            Self::Renewed => {
                "expires_at <= :expires_at \
                 AND (attribute_not_exists(visitors_until) OR visitors_until >= :expires_at)"
            }
            Self::Kept => {
                "(attribute_not_exists(expires_at) OR expires_at > :expires_at) \
                 AND (attribute_not_exists(visitors_until) OR visitors_until >= expires_at)"
            }
        }
    }

    /// The assignment of the expiry, if the write sets it.
    pub fn assignment(self, retention: Retention) -> Option<&'static str> {
        (self == Self::Renewed && !retention.is_for_ever()).then_some("expires_at = :expires_at")
    }

    /// The attribute to remove, if the write removes the expiry.
    pub fn removal(self, retention: Retention) -> Option<&'static str> {
        retention.is_for_ever().then_some("expires_at")
    }
}

impl ConversationItem {
    /// The condition that a conversation exists at `:now`, in epoch seconds: it is neither erased
    /// (an erased one has no channel) nor expired.
    pub const EXISTS: &str = "attribute_exists(channel) \
        AND (attribute_not_exists(expires_at) OR expires_at > :now)";

    /// The condition of every write in a conversation, with the placeholders `:now` and, unless the
    /// retention is for ever, `:expires_at`.
    pub fn may_be_written(retention: Retention, lifetime: Lifetime) -> String {
        format!("{} AND {}", Self::EXISTS, lifetime.condition(retention))
    }

    /// When the conversation expires once it is written at `now`, in epoch seconds: the later of its
    /// expiry and the write's own. `None` is never.
    pub fn expiry_after_write(&self, retention: Retention, now: Timestamp) -> Option<i64> {
        let new = retention.expires_at(now)?;
        self.expires_at.map(|old| old.max(new))
    }

    /// Whether links from visitors would expire before the conversation does after a write at `now`.
    pub fn outlives_its_links(&self, retention: Retention, now: Timestamp) -> bool {
        let expiry = self.expiry_after_write(retention, now);
        self.visitors_until
            .is_some_and(|until| expiry.is_none_or(|expiry| until < expiry))
    }
}

/// What a transaction does to its conversation: assignments, and conditions beside the one that it
/// exists. Without either it only makes sure that the conversation exists and outlives what is written.
#[derive(Clone, Debug, Default)]
pub struct ConversationUpdate {
    assignments: Vec<String>,
    conditions: Vec<String>,
    names: Vec<(&'static str, &'static str)>,
    values: Vec<(&'static str, AttributeValue)>,
}

impl ConversationUpdate {
    /// Sets an attribute, as in `rating = :rating`.
    #[must_use]
    pub fn set(mut self, assignment: &str) -> Self {
        self.assignments.push(assignment.to_owned());
        self
    }

    /// Requires a condition, as in `channel = :widget`.
    #[must_use]
    pub fn require(mut self, condition: &str) -> Self {
        self.conditions.push(format!("({condition})"));
        self
    }

    /// Defines the placeholder of a name.
    #[must_use]
    pub fn name(mut self, placeholder: &'static str, name: &'static str) -> Self {
        self.names.push((placeholder, name));
        self
    }

    /// Defines the placeholder of a value.
    #[must_use]
    pub fn value(mut self, placeholder: &'static str, value: AttributeValue) -> Self {
        self.values.push((placeholder, value));
        self
    }

    fn into_transact_item(
        self,
        table: &Table,
        at: ConversationRef<'_>,
        lifetime: Lifetime,
    ) -> Result<TransactWriteItem, Fault> {
        let retention = table.retention();
        let mut assignments = self.assignments;
        assignments.extend(lifetime.assignment(retention).map(ToOwned::to_owned));
        let mut conditions = vec![ConversationItem::may_be_written(retention, lifetime)];
        conditions.extend(self.conditions);
        let removal = lifetime.removal(retention);
        if assignments.is_empty() && removal.is_none() {
            // An update must do something. A condition check would need a permission of its own.
            assignments.push("channel = channel".to_owned());
        }
        let mut expression = String::new();
        if !assignments.is_empty() {
            expression = format!("SET {}", assignments.join(", "));
        }
        if let Some(removal) = removal {
            expression = format!("{expression} REMOVE {removal}").trim().to_owned();
        }
        let mut values = self.values;
        values.push((":now", number(at.now.epoch_seconds())));
        if let Some(expires_at) = retention.expires_at(at.now) {
            values.push((":expires_at", number(expires_at)));
        }
        let condition = conditions.join(" AND ");
        let mut update = table
            .update(at.key())
            .update_expression(expression)
            .condition_expression(condition);
        for (placeholder, name) in self.names {
            update = update.expression_attribute_names(placeholder, name);
        }
        for (placeholder, value) in values {
            update = update.expression_attribute_values(placeholder, value);
        }
        transact_item(update)
    }
}

/// What a refused transaction in a conversation says of its items.
#[derive(Debug)]
pub struct InConversation<L> {
    /// Of the conversation.
    pub conversation: ItemOutcome,
    /// Of the others, in the order of the request.
    pub others: L,
}

/// Reads the conversation, if it is neither erased nor expired.
///
/// # Errors
/// If DynamoDB fails, or the item is no conversation.
pub async fn get_conversation(
    table: &Table,
    at: ConversationRef<'_>,
) -> Result<Option<ConversationItem>, Fault> {
    let stored = StoredConversation::read(table.get_item(at.key()).await?)?;
    Ok(stored.live(at.now))
}

/// Writes `conversation` and all of `others`, or nothing. It succeeds only if the conversation
/// is neither erased nor expired.
///
/// # Errors
/// If DynamoDB fails.
pub async fn transact_in<const N: usize>(
    table: &Table,
    at: ConversationRef<'_>,
    conversation: ConversationUpdate,
    others: [TransactWriteItem; N],
) -> Result<TransactOutcome<InConversation<[ItemOutcome; N]>>, Fault> {
    Ok(
        match transact_all_in(table, at, conversation, &others).await? {
            TransactOutcome::Committed => TransactOutcome::Committed,
            TransactOutcome::Unknown(fault) => TransactOutcome::Unknown(fault),
            TransactOutcome::Refused(refused) => TransactOutcome::Refused(InConversation {
                conversation: refused.conversation,
                others: refused.others.try_into().map_err(|_| {
                    Fault::internal("a refused transaction does not explain each of its legs")
                })?,
            }),
        },
    )
}

/// The same for any number of other legs, at most 99.
///
/// # Errors
/// If DynamoDB fails.
pub async fn transact_all_in(
    table: &Table,
    at: ConversationRef<'_>,
    conversation: ConversationUpdate,
    others: &[TransactWriteItem],
) -> Result<TransactOutcome<InConversation<Vec<ItemOutcome>>>, Fault> {
    let mut lifetime = Lifetime::Renewed;
    for _ in 0..=LIFETIME_RETRIES {
        let mut legs = Vec::with_capacity(others.len() + 1);
        legs.push(
            conversation
                .clone()
                .into_transact_item(table, at, lifetime)?,
        );
        legs.extend_from_slice(others);
        let mut legs = match transact_all(table, &legs).await? {
            TransactOutcome::Committed => return Ok(TransactOutcome::Committed),
            TransactOutcome::Unknown(fault) => return Ok(TransactOutcome::Unknown(fault)),
            TransactOutcome::Refused(legs) => legs.into_iter(),
        };
        let refused = InConversation {
            conversation: legs.next().unwrap_or(ItemOutcome::Passed),
            others: legs.collect::<Vec<_>>(),
        };
        let Some(existing) = existing_conversation(&refused.conversation, at.now)? else {
            return Ok(TransactOutcome::Refused(refused));
        };
        if existing.outlives_its_links(table.retention(), at.now) {
            renew_visitors(table, at, &existing).await?;
        } else if Lifetime::of(&existing, table.retention(), at.now) == lifetime {
            return Ok(TransactOutcome::Refused(refused));
        }
        lifetime = Lifetime::of(&existing, table.retention(), at.now);
    }
    Err(Fault::contended("a conversation's expiry kept changing"))
}
/// The conversation that a refused leg met, if it exists at `now`.
fn existing_conversation(
    leg: &ItemOutcome,
    now: Timestamp,
) -> Result<Option<ConversationItem>, Fault> {
    match leg {
        ItemOutcome::Passed | ItemOutcome::NotEvaluated(_) => Ok(None),
        ItemOutcome::Failed(item) | ItemOutcome::ReadAfterwards(item) => {
            Ok(StoredConversation::read(item.clone())?.live(now))
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{Channel, ConversationStatus, UniqueId, VisitorSecret};

    use super::*;

    fn conversation(expires_at: Option<i64>, visitors_until: Option<i64>) -> ConversationItem {
        ConversationItem {
            expires_at,
            visitors_until,
            ..ConversationItem::new(
                Channel::widget(),
                ConversationStatus::Open,
                VisitorSecret::from_bytes([7; 32]),
                UniqueId::from_bytes([7; 16]),
                Timestamp::EPOCH,
            )
        }
    }

    #[test]
    fn a_conversation_keeps_the_later_expiry_and_none_is_the_latest() {
        let day = 24 * 60 * 60;
        let one_day = Retention::parse("1").unwrap();
        let for_ever = Retention::default();
        let now = Timestamp::EPOCH;
        for (expires_at, retention, lifetime, after) in [
            (None, for_ever, Lifetime::Renewed, None),
            (Some(day), for_ever, Lifetime::Renewed, None),
            (None, one_day, Lifetime::Kept, None),
            (Some(day - 1), one_day, Lifetime::Renewed, Some(day)),
            (Some(day), one_day, Lifetime::Renewed, Some(day)),
            (Some(day + 1), one_day, Lifetime::Kept, Some(day + 1)),
        ] {
            let existing = conversation(expires_at, None);
            assert_eq!(Lifetime::of(&existing, retention, now), lifetime);
            assert_eq!(existing.expiry_after_write(retention, now), after);
        }
    }

    #[test]
    fn links_that_end_before_the_conversation_are_noticed() {
        let day = 24 * 60 * 60;
        let one_day = Retention::parse("1").unwrap();
        for (expires_at, visitors_until, outlives) in [
            (None, None, false),
            (None, Some(i64::MAX), true),
            (Some(1), Some(day - 1), true),
            (Some(1), Some(day), false),
            (Some(day * 2), Some(day), true),
            (Some(day * 2), None, false),
        ] {
            let existing = conversation(expires_at, visitors_until);
            let found = existing.outlives_its_links(one_day, Timestamp::EPOCH);
            assert_eq!(found, outlives, "{expires_at:?} {visitors_until:?}");
        }
    }
}
