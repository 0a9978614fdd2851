use std::collections::BTreeSet;

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use shared::aws::AwsFailure;
use shared::domain::{EmailAddress, VisitorHash};
use shared::fault::Fault;
use shared::table::{
    ConversationAt, ConversationItem, Item, Key, StoredConversation, Tombstone, Transacted,
    WriteToken, leg, string, write_item,
};

use crate::EraseConversations;
use crate::progress::Progress;
use crate::removal::{Removal, Stripping};

/// How often it is tried again to close a conversation that came to name another visitor.
const RETRIES: u32 = 5;

/// How many visitors one transaction forgets: DynamoDB's 100 actions less the tombstone's own.
const VISITORS_AT_ONCE: usize = 99;

/// What became of a conversation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Erased {
    /// All that goes is gone.
    Whole,
    /// There is more to remove.
    Partly,
    /// There is none.
    Absent,
    /// It names another visitor by now, and stands.
    NotOfVisitor,
}

impl EraseConversations {
    /// Erases a conversation, expired or not, as far as `progress` lets it: where `of` is given,
    /// only one that names this visitor.
    pub(crate) async fn erase_conversation(
        &self,
        at: ConversationAt<'_>,
        of: Option<&VisitorHash>,
        progress: &mut Progress,
    ) -> Result<Erased, Fault> {
        let mut item = self.table.get_item(at.key()).await?;
        for _ in 0..=RETRIES {
            item = match StoredConversation::read(item.clone())? {
                StoredConversation::Absent => return Ok(Erased::Absent),
                StoredConversation::Erased(tombstone) => {
                    self.empty(at, &tombstone, item.unwrap_or_default()).await?;
                    return self.sweep(at, &tombstone, progress).await;
                }
                StoredConversation::Recorded(conversation) => {
                    if of.is_some_and(|visitor| !names(&conversation, visitor)) {
                        return Ok(Erased::NotOfVisitor);
                    }
                    let email = of.and(conversation.visitor_email.as_ref());
                    self.close(at, email, progress).await?
                }
            };
        }
        Err(Fault::contended(
            "a conversation kept naming other visitors",
        ))
    }

    /// Closes the conversation for every write, where it still names `email`. Returns what stands
    /// then.
    async fn close(
        &self,
        at: ConversationAt<'_>,
        email: Option<&EmailAddress>,
        progress: &mut Progress,
    ) -> Result<Option<Item>, Fault> {
        let close = self
            .table
            .client()
            .update_item()
            .table_name(self.table.name())
            .set_key(Some(at.key().into_item()))
            .update_expression("SET erased_at = :now REMOVE channel, expires_at")
            .expression_attribute_values(":now", string(at.now))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let close = match email {
            None => close.condition_expression("attribute_exists(channel)"),
            Some(email) => close
                .condition_expression("attribute_exists(channel) AND visitor_email = :email")
                .expression_attribute_values(":email", string(email)),
        };
        match close.send().await {
            Ok(closed) => {
                progress.add(1);
                Ok(closed.attributes)
            }
            Err(error) => {
                let failure = AwsFailure::new("dynamodb:UpdateItem", &error);
                match error.into_service_error() {
                    UpdateItemError::ConditionalCheckFailedException(refused) => Ok(refused.item),
                    _ => Err(Fault::storage(failure)),
                }
            }
        }
    }

    /// Leaves nothing of a closed conversation but its tombstone. No other write changes it now.
    async fn empty(
        &self,
        at: ConversationAt<'_>,
        tombstone: &Tombstone,
        stands: Item,
    ) -> Result<(), Fault> {
        let item = write_item(at.key(), tombstone)?;
        if item == stands {
            return Ok(());
        }
        let emptied = self
            .table
            .client()
            .put_item()
            .table_name(self.table.name())
            .set_item(Some(item))
            // Where another erasure came first, it may have come further.
            .condition_expression("attribute_exists(visitor_secret)")
            .send()
            .await;
        match emptied {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(_)) => Ok(()),
                _ => Err(Fault::storage(AwsFailure::new("dynamodb:PutItem", &error))),
            },
        }
    }

    /// Removes what belongs to an erased conversation. What leads to it goes last, so that a
    /// visitor's erasure that ends before that finds it again.
    async fn sweep(
        &self,
        at: ConversationAt<'_>,
        tombstone: &Tombstone,
        progress: &mut Progress,
    ) -> Result<Erased, Fault> {
        let partition = Key::conversation_partition(at.organisation, at.conversation);
        let mut start = None;
        loop {
            if !progress.may_go_on() {
                return Ok(Erased::Partly);
            }
            let page = self
                .table
                .client()
                .query()
                .table_name(self.table.name())
                .consistent_read(true)
                .key_condition_expression("pk = :pk")
                .expression_attribute_values(":pk", string(&partition))
                .limit(progress.page())
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| Fault::storage(AwsFailure::new("dynamodb:Query", &error)))?;
            let mut removals = Vec::new();
            for item in page.items.unwrap_or_default() {
                removals.extend(removal_of(item)?);
            }
            let removed = removals.len();
            self.remove(removals).await?;
            progress.add(removed);
            start = page.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        self.forget_visitors(at, &tombstone.visitors, progress)
            .await?;
        Ok(Erased::Whole)
    }

    /// Removes what leads from visitors to the erased conversation, and the tombstone's memory of
    /// it in the same transaction.
    async fn forget_visitors(
        &self,
        at: ConversationAt<'_>,
        visitors: &BTreeSet<VisitorHash>,
        progress: &mut Progress,
    ) -> Result<(), Fault> {
        let visitors: Vec<_> = visitors.iter().collect();
        for chunk in visitors.chunks(VISITORS_AT_ONCE) {
            let forgotten = chunk.iter().map(ToString::to_string).collect();
            let mut legs = vec![leg(self
                .table
                .update(at.key())
                .update_expression("DELETE visitors :forgotten")
                .condition_expression("attribute_exists(erased_at)")
                .expression_attribute_values(":forgotten", AttributeValue::Ss(forgotten)))?];
            for visitor in chunk {
                let key = Key::visitor_conversation(at.organisation, visitor, at.conversation);
                legs.push(leg(self.table.delete(key))?);
            }
            match self.table.transact_all(WriteToken::random(), &legs).await? {
                Transacted::Committed => progress.add(chunk.len()),
                Transacted::Refused(_) => {
                    return Err(Fault::internal("an erased conversation lost its tombstone"));
                }
                Transacted::Unsettled(fault) => return Err(fault),
            }
        }
        Ok(())
    }
}

fn names(conversation: &ConversationItem, visitor: &VisitorHash) -> bool {
    let email = conversation.visitor_email.as_ref();
    email.is_some_and(|email| VisitorHash::of(email) == *visitor)
}

/// What happens to an item of an erased conversation; `None` where it stays as it is.
fn removal_of(item: Item) -> Result<Option<Removal>, Fault> {
    let key = Key::of_item(&item)?;
    if key.is_conversation() {
        return Ok(None);
    }
    if !key.sk.starts_with(Key::RATING_REQUESTS) {
        return Ok(Some(Removal::Delete(key)));
    }
    Ok(Stripping::of(key, item)?.map(Removal::Strip))
}
