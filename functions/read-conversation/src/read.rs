use domain::{ClockHour, VisitorAskInterval};
use dynamodb::{Batch, Table};
use errors::Fault;
use store::rating_request_creation::{Cooldowns, read_visitor_cooldown, visitor_with_cooldown};
use store::{
    ConversationItem, ConversationRef, QuotaItem, SenderItem, StoredConversation, Verification, key,
};

use crate::page_builder::ThreadPage;
use crate::reading::Reading;
use crate::thread::read_thread;
use crate::transcripts::{NewestTranscripts, read_transcripts};

/// Everything that the response contains.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) conversation: Option<ConversationItem>,
    pub(crate) thread: ThreadPage,
    pub(crate) transcripts: NewestTranscripts,
    pub(crate) cooldowns: Cooldowns,
    pub(crate) quota: QuotaItem,
    pub(crate) senders: Vec<SenderItem>,
}

/// Reads all parts concurrently, with strongly consistent reads except for the senders. Only
/// the cooldown of a visitor is read after the conversation, which identifies the visitor.
pub(crate) async fn read_parts(
    table: &Table,
    visitor_interval: VisitorAskInterval,
    reading: &Reading,
) -> Result<Parts, Fault> {
    let ((conversation, cooldowns, quota), thread, transcripts, senders) = tokio::try_join!(
        read_items(table, visitor_interval, reading),
        read_thread(table, reading),
        read_transcripts(table, reading),
        read_senders(table, reading),
    )?;
    Ok(Parts {
        conversation,
        thread,
        transcripts,
        cooldowns,
        quota,
        senders,
    })
}

/// Reads the verified senders of the organisation.
async fn read_senders(table: &Table, reading: &Reading) -> Result<Vec<SenderItem>, Fault> {
    let partition = key::organisation_partition(&reading.organisation);
    let query = table
        .query(partition, key::SENDERS)
        // All inboxes of the organisation read this one partition, and it supports twice as
        // many eventually consistent reads. A sender that was verified moments ago may be
        // missing. Sending a transcript checks the sender again.
        .consistent_read(false);
    let mut pages = table.pages::<SenderItem>(query);
    let mut senders = Vec::new();
    while let Some(page) = pages.next().await? {
        let verified = page
            .into_iter()
            .filter(|sender| sender.verification == Verification::Verified);
        senders.extend(verified);
    }
    Ok(senders)
}

/// Reads the parts that are one item each: the conversation, the cooldowns that may prevent a
/// rating request, and the used slots of its transcripts.
async fn read_items(
    table: &Table,
    visitor_interval: VisitorAskInterval,
    reading: &Reading,
) -> Result<(Option<ConversationItem>, Cooldowns, QuotaItem), Fault> {
    let Reading {
        organisation,
        conversation,
        agent,
        now,
        ..
    } = reading;
    let at = ConversationRef::new(organisation, conversation, *now);
    let cooldown = key::agent_cooldown(organisation, conversation, agent);
    let quota = key::conversation_quota(organisation, conversation, ClockHour::of(*now));
    let keys = [at.key(), cooldown.clone(), quota.clone()];
    let mut items = Batch::read(table, keys).await?;
    let existing = StoredConversation::take_from(&mut items, &at.key())?.into_existing(at.now);
    let visitor = existing
        .as_ref()
        .and_then(|existing| visitor_with_cooldown(visitor_interval, existing));
    let cooldowns = Cooldowns {
        agent: items.take(&cooldown)?,
        visitor: read_visitor_cooldown(table, organisation, visitor).await?,
    };
    let quota = items.take(&quota)?.unwrap_or_default();
    Ok((existing, cooldowns, quota))
}
