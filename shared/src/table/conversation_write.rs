//! Writes in a conversation: none comes after its erasure, and each renews its life.

use aws_sdk_dynamodb::types::builders::UpdateBuilder;

use super::store::number;
use super::{
    ConversationItem, Key, Leg, StoredConversation, Table, TransactWriteItem, Transacted,
    WriteToken,
};
use crate::domain::{ConversationId, OrganisationId, Retention, Timestamp};
use crate::fault::Fault;

/// A conversation at the time of a request.
#[derive(Clone, Copy, Debug)]
pub struct ConversationAt<'a> {
    /// The tenant.
    pub organisation: &'a OrganisationId,
    /// Which conversation it is.
    pub conversation: &'a ConversationId,
    /// When the request came.
    pub now: Timestamp,
}

impl<'a> ConversationAt<'a> {
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
        Key::conversation(self.organisation, self.conversation)
    }
}

impl ConversationItem {
    /// The condition that a conversation stands at `:now`, in epoch seconds: it is neither erased,
    /// for then it has no channel, nor expired.
    pub const STANDS: &str = "attribute_exists(channel) \
        AND (attribute_not_exists(expires_at) OR expires_at > :now)";

    /// The condition that what leads from its visitors to it will live as long as it does itself
    /// after a write.
    fn visitors_keep_up(retention: Retention) -> &'static str {
        if retention.is_for_ever() {
            "attribute_not_exists(visitors_until)"
        } else {
            "(attribute_not_exists(visitors) OR visitors_until >= :expires_at)"
        }
    }

    /// Whether that condition does not hold for a write at `now`.
    fn visitors_fall_behind(&self, retention: Retention, now: Timestamp) -> bool {
        match retention.expires_at(now) {
            None => self.visitors_until.is_some(),
            Some(expires_at) => {
                !self.visitors.is_empty() && self.visitors_until.is_none_or(|it| it < expires_at)
            }
        }
    }

    /// The condition of every write in a conversation, with the placeholder `:now` and, unless the
    /// retention is for ever, `:expires_at`.
    pub fn may_be_written(retention: Retention) -> String {
        format!("{} AND {}", Self::STANDS, Self::visitors_keep_up(retention))
    }
}

impl Table {
    /// Reads the conversation, where it is neither erased nor expired.
    ///
    /// # Errors
    /// Where DynamoDB fails, or what stands there is no conversation.
    pub async fn get_conversation(
        &self,
        at: ConversationAt<'_>,
    ) -> Result<Option<ConversationItem>, Fault> {
        let stored = StoredConversation::read(self.get_item(at.key()).await?)?;
        Ok(stored.standing(at.now))
    }

    /// An update of the conversation with `assignments` and under `condition`, either of which may
    /// be empty, that takes place only where it is neither erased nor expired. It renews the
    /// conversation's life.
    ///
    /// It is a leg of every write in a conversation, so that none comes after an erasure or outlives
    /// the conversation. [`Self::transact_in`] takes it.
    pub fn update_conversation(
        &self,
        at: ConversationAt<'_>,
        assignments: &str,
        condition: &str,
    ) -> UpdateBuilder {
        let and = if condition.is_empty() { "" } else { " AND " };
        let stands = ConversationItem::may_be_written(self.retention());
        self.renew(self.update(at.key()), assignments, at.now)
            .condition_expression(format!("{stands}{and}{condition}"))
            .expression_attribute_values(":now", number(at.now.epoch_seconds()))
    }

    /// Writes all of `legs` or nothing. One of them is made by [`Self::update_conversation`].
    ///
    /// # Errors
    /// Where DynamoDB fails.
    pub async fn transact_in<const N: usize>(
        &self,
        at: ConversationAt<'_>,
        legs: [TransactWriteItem; N],
    ) -> Result<Transacted<[Leg; N]>, Fault> {
        self.transact_all_in(at, &legs).await?.into_array()
    }

    /// The same for as many legs as there are, at most 100.
    ///
    /// # Errors
    /// Where DynamoDB fails.
    pub async fn transact_all_in(
        &self,
        at: ConversationAt<'_>,
        legs: &[TransactWriteItem],
    ) -> Result<Transacted<Vec<Leg>>, Fault> {
        let outcome = self.transact_all(WriteToken::random(), legs).await?;
        let Some(conversation) = self.behind_visitors(&outcome, at)? else {
            return Ok(outcome);
        };
        self.renew_visitors(at, &conversation).await?;
        let outcome = self.transact_all(WriteToken::random(), legs).await?;
        match self.behind_visitors(&outcome, at)? {
            None => Ok(outcome),
            Some(_) => Err(Fault::contended("a conversation's visitors kept changing")),
        }
    }

    /// The conversation that a refused transaction met whose visitors fall behind.
    fn behind_visitors(
        &self,
        outcome: &Transacted<Vec<Leg>>,
        at: ConversationAt<'_>,
    ) -> Result<Option<ConversationItem>, Fault> {
        let Transacted::Refused(legs) = outcome else {
            return Ok(None);
        };
        let sk = at.key().sk;
        let conversation = legs.iter().find_map(|leg| match leg {
            Leg::Refused(Some(item)) => {
                let is_it = item.get("sk").and_then(|it| it.as_s().ok()) == Some(&sk);
                is_it.then(|| item.clone())
            }
            _ => None,
        });
        let stands = StoredConversation::read(conversation)?.standing(at.now);
        Ok(stands.filter(|it| it.visitors_fall_behind(self.retention(), at.now)))
    }
}
