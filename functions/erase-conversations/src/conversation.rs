use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use domain::{EmailAddress, Timestamp, VisitorHash};
use dynamodb::{Item, Key, Table, WriteOutcome, put_if, read_item, string, update_if, write_item};
use errors::Fault;
use store::{
    ConversationItem, ConversationRef, StoredConversation, Tombstone, TranscriptItem, key,
};

use crate::progress::Progress;
use crate::removal::{Anonymization, Removal, remove};
use crate::visitor_links::{end_cooldowns, unlink_visitors};

/// The maximum number of retries if the conversation names another visitor by the time it is
/// closed.
const RETRIES: u32 = 5;

/// The outcome of erasing a conversation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Erased {
    /// Everything that must be removed is removed.
    Whole,
    /// There are more items to remove, but this request has reached its limit.
    Partly,
    /// Everything is removed except transcripts whose email may still be in flight to SES.
    InFlight,
    /// Neither the conversation nor any leftover of it exists.
    Absent,
    /// The conversation now names another visitor and is kept.
    NotOfVisitor,
}

/// Erases a conversation, expired or not, within the limits of `progress`. If `of` is given, erases
/// only a conversation that names this visitor.
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
        "other writes kept changing the visitor of a conversation",
    ))
}

/// Closes the conversation for every write. If `email` is given, the conversation must still name
/// it. Returns the item that exists afterwards.
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

/// Returns whether the partition of a conversation that no longer exists contains any items.
/// Earlier versions did not guarantee that a conversation expires last, so their items can outlive
/// it.
async fn has_leftovers(table: &Table, at: ConversationRef<'_>) -> Result<bool, Fault> {
    let partition = key::conversation_partition(at.organisation, at.conversation);
    let query = query_partition(table, partition).limit(1);
    Ok(!table.read_item_page(query).await?.items.is_empty())
}

/// Puts a tombstone for a conversation that no longer exists. `visitor` may still be linked to that
/// conversation. Returns the item that exists afterwards.
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

/// Queries all items of a partition.
pub(crate) fn query_partition(table: &Table, partition: String) -> QueryFluentBuilder {
    table.query(partition, "")
}

/// Reduces a closed conversation to its tombstone. No other write can change the item now.
async fn empty(
    table: &Table,
    at: ConversationRef<'_>,
    tombstone: &Tombstone,
    existing: Item,
) -> Result<(), Fault> {
    let item = write_item(at.key(), tombstone)?;
    if item == existing {
        return Ok(());
    }
    let put = table
        .put_attributes(item)
        // Another erasure may have written the tombstone already and be further along.
        .condition_expression("attribute_exists(visitor_secret)");
    match put_if(table, put).await? {
        WriteOutcome::Written(_) | WriteOutcome::Refused(_) => Ok(()),
    }
}

/// Removes everything that belongs to an erased conversation. Removes the links from visitors last:
/// if a visitor's erasure stops before that, its next request finds the conversation again.
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
        let query = query_partition(table, partition.clone())
            .limit(progress.page())
            .set_exclusive_start_key(start);
        let page = table.read_item_page(query).await?;
        let mut removals = Vec::new();
        for item in page.items {
            match removal_of(item, at.now)? {
                Fate::Removed(removal) => removals.push(removal),
                Fate::InFlight => is_in_flight = true,
                Fate::Kept => {}
            }
        }
        let removed = removals.len();
        remove(table, removals).await?;
        progress.add(removed);
        start = page.next;
        if start.is_none() {
            break;
        }
    }
    if is_in_flight {
        return Ok(Erased::InFlight);
    }
    end_cooldowns(table, at, &tombstone.visitors).await?;
    unlink_visitors(table, at, &tombstone.visitors, progress).await?;
    Ok(Erased::Whole)
}

fn names(conversation: &ConversationItem, visitor: &VisitorHash) -> bool {
    let email = conversation.visitor_email.as_ref();
    email.is_some_and(|email| VisitorHash::of(email) == *visitor)
}

/// How the erasure treats an item of a conversation.
enum Fate {
    Removed(Removal),
    /// The item stays until its email has reached SES or can no longer reach it.
    InFlight,
    Kept,
}

fn removal_of(item: Item, now: Timestamp) -> Result<Fate, Fault> {
    let key = Key::of_item(&item)?;
    if key::is_conversation(&key) {
        return Ok(Fate::Kept);
    }
    if key.sk.starts_with(key::RATING_REQUESTS) {
        let stripping = Anonymization::of(key, item)?.map(Removal::Strip);
        return Ok(stripping.map_or(Fate::Kept, Fate::Removed));
    }
    if key.sk.starts_with(key::TRANSCRIPTS) && read_item::<TranscriptItem>(item)?.is_in_flight(now)
    {
        return Ok(Fate::InFlight);
    }
    Ok(Fate::Removed(Removal::Delete(key)))
}
