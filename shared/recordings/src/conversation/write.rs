use domain::{Channel, ConversationStatus};
use dynamodb::{
    ABSENT_OR_EXPIRED, Table, TransactOutcome, WriteOutcome, number, put_with_ttl, read_item,
    transact_all, transact_item, update_if,
};
use errors::Fault;
use store::{
    ConversationItem, StoredConversation, WithOutbox, add_visitor_link, link_expiry,
    put_visitor_conversation, renew_visitor_links,
};

use crate::conversation::leftovers::{has_leftovers, remove_leftovers};
use crate::conversation::merge::Merge;
use crate::conversation::recording::ConversationRecording;

/// The maximum number of retries if another recording of the same conversation interferes.
const RETRIES: u32 = 6;

/// The outcome of recording a conversation.
#[derive(Debug)]
pub enum ConversationOutcome {
    /// The conversation is new.
    New(ConversationItem),
    /// The conversation existed already and is up to date now.
    Known {
        /// The conversation as it is stored now.
        item: ConversationItem,
        /// Whether it was already recorded as of a later time.
        is_outdated: bool,
    },
    /// Nothing was recorded, because the conversation does not exist and the recording has no channel.
    NeedsChannel,
    /// Nothing was recorded, because the conversation was erased.
    Erased,
}

/// The outcome of a merge.
enum Merged {
    /// The merge was written. Contains the current conversation.
    Done(Box<ConversationItem>),
    /// The conversation does not meet the condition of the merge.
    Refused(StoredConversation),
}

/// Records a conversation.
///
/// An existing conversation takes one round trip. It takes two if the recording opens a resolved
/// conversation again, repeats that it is resolved or is outdated, and a third if a new address must be
/// linked first. A new conversation takes two.
///
/// # Errors
/// If DynamoDB fails, or if other recordings of the conversation interfere with every attempt.
pub async fn record_conversation(
    table: &Table,
    recording: &ConversationRecording,
) -> Result<ConversationOutcome, Fault> {
    // Only a recording with a channel can be the first of its conversation.
    let (mut merged, leftovers) = tokio::join!(merge(table, recording, None), async {
        match recording.channel {
            Some(_) => Some(has_leftovers(table, recording.conversation_ref()).await),
            None => None,
        }
    });
    let mut may_have_leftovers = leftovers.transpose();
    for _ in 0..=RETRIES {
        let stored = match merged? {
            Merged::Done(item) if recording.made(&item) => {
                return Ok(ConversationOutcome::New(*item));
            }
            Merged::Done(item) => {
                return Ok(ConversationOutcome::Known {
                    is_outdated: recording.is_outdated(&item),
                    item: *item,
                });
            }
            Merged::Refused(StoredConversation::Erased(_)) => {
                return Ok(ConversationOutcome::Erased);
            }
            Merged::Refused(stored) => stored,
        };
        if recording.status == Some(ConversationStatus::Resolved)
            && matches!(&stored, StoredConversation::Recorded(it) if it.has_expired(recording.now))
        {
            delete_expired(table, recording).await?;
        }
        let existing = stored.into_existing(recording.now);
        if let Some(existing) = &existing {
            link_visitor(table, recording, existing).await?;
        } else if let Some(channel) = &recording.channel {
            let is_clean = match may_have_leftovers? {
                Some(false) => true,
                _ => remove_leftovers(table, recording.conversation_ref()).await?,
            };
            may_have_leftovers = Ok(None);
            if is_clean && let Some(new) = put_new(table, recording, channel).await? {
                return Ok(ConversationOutcome::New(new));
            }
        } else {
            return Ok(ConversationOutcome::NeedsChannel);
        }
        merged = merge(table, recording, existing.as_ref()).await;
    }
    Err(Fault::contended(
        "other writes kept changing a conversation",
    ))
}

/// Merges the recording into the existing item.
async fn merge(
    table: &Table,
    recording: &ConversationRecording,
    existing: Option<&ConversationItem>,
) -> Result<Merged, Fault> {
    let merge = Merge::of(recording, existing, table.retention())?;
    let condition = merge.condition();
    let names_status = merge.update().contains("#status") || condition.contains("#status");
    let mut update = table
        .update(recording.conversation_ref().key())
        .update_expression(merge.update())
        .set_expression_attribute_values(Some(merge.values))
        .condition_expression(condition);
    if names_status {
        update = update.expression_attribute_names("#status", "status");
    }
    match update_if(table, update).await? {
        WriteOutcome::Written(item) => read_item(item).map(|item| Merged::Done(Box::new(item))),
        WriteOutcome::Refused(existing) => StoredConversation::read(existing).map(Merged::Refused),
    }
}

/// Ensures that the visitor of the recording is linked to the conversation, and that no link
/// expires before the conversation.
async fn link_visitor(
    table: &Table,
    recording: &ConversationRecording,
    existing: &ConversationItem,
) -> Result<(), Fault> {
    let at = recording.conversation_ref();
    if existing.outlives_visitor_links(table.retention(), at.now) {
        renew_visitor_links(table, at, existing).await?;
    }
    let is_filled_in = recording.is_outdated(existing) && existing.visitor_email.is_some();
    match recording.visitor_hash() {
        Some(visitor) if !is_filled_in && !existing.visitors.contains(&visitor) => {
            add_visitor_link(table, at, existing, &visitor).await
        }
        _ => Ok(()),
    }
}

/// Deletes the expired conversation. If a resolved conversation replaced it, the pipe would not see that
/// the status changed.
async fn delete_expired(table: &Table, recording: &ConversationRecording) -> Result<(), Fault> {
    let at = recording.conversation_ref();
    let delete = table
        .delete(at.key())
        .condition_expression("expires_at <= :now")
        .expression_attribute_values(":now", number(at.now.epoch_seconds()));
    // If the condition is not met, another recording replaced or deleted the item.
    transact_all(table, &[transact_item(delete)?])
        .await?
        .ignore_refusal()
}

/// Puts a new conversation, or replaces an expired one, together with the visitor's link to it.
/// Returns `None` if another recording did so in the meantime.
async fn put_new(
    table: &Table,
    recording: &ConversationRecording,
    channel: &Channel,
) -> Result<Option<ConversationItem>, Fault> {
    let at = recording.conversation_ref();
    let visitor = recording.visitor_hash();
    let links_until = link_expiry(table.retention().expires_at(at.now));
    let sent = &recording.visitor;
    let is_resolved = recording.status == Some(ConversationStatus::Resolved);
    let begins_round = is_resolved && recording.begins_first_round;
    let item = ConversationItem {
        visitor_name: sent.name.clone(),
        visitor_email: sent.email.clone(),
        visitor_time_zone: sent.time_zone.clone(),
        visitor_language: sent.language.clone(),
        assignee: recording.assignee.clone(),
        inbox: recording.inbox.clone(),
        team: recording.team.clone(),
        labels: recording.labels.clone(),
        resolved_by: recording.resolved_by,
        round: begins_round.then(|| recording.round()),
        resolved_at: begins_round.then_some(at.now),
        as_of: recording.as_of,
        visitors_until: visitor.as_ref().and(links_until),
        visitors: visitor.iter().cloned().collect(),
        ..ConversationItem::new(
            channel.clone(),
            recording.status.unwrap_or_default(),
            recording.new_secret.clone(),
            recording.id,
            at.now,
        )
    };
    let put = if begins_round {
        let event = recording.resolved_event();
        let published = WithOutbox::on_put(&item, recording.event_subject(), event);
        put_with_ttl(table, at.key(), &published, at.now)?
    } else {
        put_with_ttl(table, at.key(), &item, at.now)?
    };
    let put = transact_item(
        put.condition_expression(ABSENT_OR_EXPIRED)
            .expression_attribute_values(":now", number(at.now.epoch_seconds())),
    )?;
    let mut items = vec![put];
    if let Some(visitor) = &visitor {
        let link = put_visitor_conversation(table, at, visitor, links_until)?;
        items.push(link);
    }
    match transact_all(table, &items).await? {
        TransactOutcome::Committed => Ok(Some(item)),
        TransactOutcome::Refused(_) => Ok(None),
        TransactOutcome::Unknown(fault) => Err(fault),
    }
}
