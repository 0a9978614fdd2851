use std::collections::BTreeSet;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{EmailAddress, Timestamp, VisitorHash};
use dynamodb::{
    Item, Key, Table, TransactOutcome, WriteOutcome, delete_if, put_if, read_item, string,
    transact_all, transact_item, update_if, write_item,
};
use errors::{AwsFailure, Fault};
use store::{
    ConversationItem, ConversationRef, CooldownItem, StoredConversation, Tombstone, TranscriptItem,
    key,
};

use crate::progress::Progress;
use crate::removal::{Removal, Stripping, remove};

/// How often it is tried again to close a conversation that came to name another visitor.
const RETRIES: u32 = 5;

/// How many visitors one transaction forgets: DynamoDB's 100 actions less the tombstone's own.
const VISITORS_AT_ONCE: usize = 99;

/// What became of a conversation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Erased {
    /// All that goes is gone.
    Whole,
    /// There is more to remove, and no time for it in this call.
    Partly,
    /// All is gone but transcripts whose mail may still be on its way to SES.
    InFlight,
    /// There is no conversation, and nothing is left of one.
    Absent,
    /// It names another visitor now and is kept.
    NotOfVisitor,
}

/// Erases a conversation, expired or not, as far as `progress` lets it: where `of` is given,
/// only one that names this visitor.
pub(crate) async fn erase_conversation(
    table: &Table,
    at: ConversationRef<'_>,
    of: Option<&VisitorHash>,
    progress: &mut Progress,
) -> Result<Erased, Fault> {
    let mut item = table.get_item(at.key()).await?;
    for _ in 0..=RETRIES {
        item = match StoredConversation::read(item.clone())? {
            StoredConversation::Absent if has_leftovers(table, at).await? => {
                put_tombstone(table, at, of, progress).await?
            }
            StoredConversation::Absent => return Ok(Erased::Absent),
            StoredConversation::Erased(tombstone) => {
                empty(table, at, &tombstone, item.unwrap_or_default()).await?;
                return sweep(table, at, &tombstone, progress).await;
            }
            StoredConversation::Recorded(conversation) => {
                if of.is_some_and(|visitor| !names(&conversation, visitor)) {
                    return Ok(Erased::NotOfVisitor);
                }
                let email = of.and(conversation.visitor_email.as_ref());
                close(table, at, email, progress).await?
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
    table: &Table,
    at: ConversationRef<'_>,
    email: Option<&EmailAddress>,
    progress: &mut Progress,
) -> Result<Option<Item>, Fault> {
    let close = table
        .update(at.key())
        .update_expression("SET erased_at = :now REMOVE channel, expires_at")
        .expression_attribute_values(":now", string(at.now));
    let close = match email {
        None => close.condition_expression("attribute_exists(channel)"),
        Some(email) => close
            .condition_expression("attribute_exists(channel) AND visitor_email = :email")
            .expression_attribute_values(":email", string(email)),
    };
    Ok(match update_if(table, close).await? {
        WriteOutcome::Written(closed) => {
            progress.add(1);
            Some(closed)
        }
        WriteOutcome::Refused(existing) => existing,
    })
}

/// Whether the partition of a conversation that no longer exists holds anything: the data of
/// versions that did not guarantee that a conversation expires last.
async fn has_leftovers(table: &Table, at: ConversationRef<'_>) -> Result<bool, Fault> {
    let partition = key::conversation_partition(at.organisation, at.conversation);
    let page = query_partition(table, partition).limit(1).send().await;
    let page = page.map_err(|error| Fault::storage(AwsFailure::new("dynamodb:Query", &error)))?;
    Ok(!page.items().is_empty())
}

/// Puts a tombstone for a conversation that no longer exists, to which `visitor` may still be
/// linked. Returns what exists then.
async fn put_tombstone(
    table: &Table,
    at: ConversationRef<'_>,
    visitor: Option<&VisitorHash>,
    progress: &mut Progress,
) -> Result<Option<Item>, Fault> {
    let tombstone = Tombstone {
        erased_at: at.now,
        visitors: visitor.into_iter().cloned().collect(),
    };
    let put = table
        .put(at.key(), &tombstone)?
        .condition_expression("attribute_not_exists(pk)");
    Ok(match put_if(table, put).await? {
        WriteOutcome::Written(tombstone) => {
            progress.add(1);
            Some(tombstone)
        }
        WriteOutcome::Refused(existing) => existing,
    })
}

/// A query for all items of a partition.
pub(crate) fn query_partition(table: &Table, partition: String) -> QueryFluentBuilder {
    table.query(partition, "")
}

/// Leaves nothing of a closed conversation but its tombstone. No other write changes it now.
async fn empty(
    table: &Table,
    at: ConversationRef<'_>,
    tombstone: &Tombstone,
    stands: Item,
) -> Result<(), Fault> {
    let item = write_item(at.key(), tombstone)?;
    if item == stands {
        return Ok(());
    }
    let put = table
        .put_attributes(item)
        // If another erasure came first, it may be further.
        .condition_expression("attribute_exists(visitor_secret)");
    match put_if(table, put).await? {
        WriteOutcome::Written(_) | WriteOutcome::Refused(_) => Ok(()),
    }
}

/// Removes what belongs to an erased conversation. What leads to it goes last, so that a
/// visitor's erasure that ends before that finds it again.
async fn sweep(
    table: &Table,
    at: ConversationRef<'_>,
    tombstone: &Tombstone,
    progress: &mut Progress,
) -> Result<Erased, Fault> {
    let partition = key::conversation_partition(at.organisation, at.conversation);
    let mut start = None;
    let mut is_in_flight = false;
    loop {
        if !progress.may_go_on() {
            return Ok(Erased::Partly);
        }
        let page = query_partition(table, partition.clone())
            .limit(progress.page())
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(|error| Fault::storage(AwsFailure::new("dynamodb:Query", &error)))?;
        let mut removals = Vec::new();
        for item in page.items.unwrap_or_default() {
            match removal_of(item, at.now)? {
                Fate::Removed(removal) => removals.push(removal),
                Fate::InFlight => is_in_flight = true,
                Fate::Kept => {}
            }
        }
        let removed = removals.len();
        remove(table, removals).await?;
        progress.add(removed);
        start = page.last_evaluated_key;
        if start.is_none() {
            break;
        }
    }
    if is_in_flight {
        return Ok(Erased::InFlight);
    }
    end_cooldowns(table, at, &tombstone.visitors).await?;
    forget_visitors(table, at, &tombstone.visitors, progress).await?;
    Ok(Erased::Whole)
}

/// Deletes the gates of visitors that were closed by a request of the erased conversation: they
/// hold a hash of the address.
async fn end_cooldowns(
    table: &Table,
    at: ConversationRef<'_>,
    visitors: &BTreeSet<VisitorHash>,
) -> Result<(), Fault> {
    for visitor in visitors {
        let key = key::visitor_cooldown(at.organisation, visitor);
        let Some(gate) = table.get::<CooldownItem>(key.clone()).await? else {
            continue;
        };
        let is_of_conversation = match &gate.conversation_id {
            Some(conversation) => conversation == at.conversation,
            // A gate of a former version names its request alone.
            None => {
                let request =
                    key::rating_request(at.organisation, at.conversation, &gate.request_id);
                table.get_item(request).await?.is_some()
            }
        };
        if is_of_conversation {
            delete_cooldown(table, key, &gate).await?;
        }
    }
    Ok(())
}

/// Deletes a cooldown, unless another request has started it again.
async fn delete_cooldown(table: &Table, key: Key, cooldown: &CooldownItem) -> Result<(), Fault> {
    let delete = table
        .delete(key)
        .condition_expression("request_id = :request_id")
        .expression_attribute_values(":request_id", string(&cooldown.request_id));
    delete_if(table, delete).await.map(|_| ())
}

/// Removes what leads from visitors to the erased conversation, and the tombstone's memory of
/// it in the same transaction.
async fn forget_visitors(
    table: &Table,
    at: ConversationRef<'_>,
    visitors: &BTreeSet<VisitorHash>,
    progress: &mut Progress,
) -> Result<(), Fault> {
    let visitors: Vec<_> = visitors.iter().collect();
    for chunk in visitors.chunks(VISITORS_AT_ONCE) {
        let forgotten = chunk.iter().map(ToString::to_string).collect();
        let mut legs = vec![transact_item(
            table
                .update(at.key())
                .update_expression("DELETE visitors :forgotten")
                .condition_expression("attribute_exists(erased_at)")
                .expression_attribute_values(":forgotten", AttributeValue::Ss(forgotten)),
        )?];
        for visitor in chunk {
            let key = key::visitor_conversation(at.organisation, visitor, at.conversation);
            legs.push(transact_item(table.delete(key))?);
        }
        match transact_all(table, &legs).await? {
            TransactOutcome::Committed => progress.add(chunk.len()),
            TransactOutcome::Refused(_) => {
                return Err(Fault::internal("an erased conversation lost its tombstone"));
            }
            TransactOutcome::Unknown(fault) => return Err(fault),
        }
    }
    Ok(())
}

fn names(conversation: &ConversationItem, visitor: &VisitorHash) -> bool {
    let email = conversation.visitor_email.as_ref();
    email.is_some_and(|email| VisitorHash::of(email) == *visitor)
}

/// What happens to an item of an erased conversation.
enum Fate {
    Removed(Removal),
    /// It stays until its mail has reached SES or can no longer do so.
    InFlight,
    Kept,
}

fn removal_of(item: Item, now: Timestamp) -> Result<Fate, Fault> {
    let key = Key::of_item(&item)?;
    if key::is_conversation(&key) {
        return Ok(Fate::Kept);
    }
    if key.sk.starts_with(key::RATING_REQUESTS) {
        let stripping = Stripping::of(key, item)?.map(Removal::Strip);
        return Ok(stripping.map_or(Fate::Kept, Fate::Removed));
    }
    if key.sk.starts_with(key::TRANSCRIPTS) && read_item::<TranscriptItem>(item)?.is_in_flight(now)
    {
        return Ok(Fate::InFlight);
    }
    Ok(Fate::Removed(Removal::Delete(key)))
}
