use domain::{ConversationId, OrganisationId, Timestamp, VisitorHash};
use dynamodb::{Key, Table, TransactOutcome, read_item, transact, transact_item};
use errors::Fault;
use store::{ConversationRef, VisitorConversationItem, key};

use crate::conversation::{Erased, erase_conversation, query_partition};
use crate::progress::Progress;
use crate::removal::{Removal, remove};

/// The outcome of erasing a visitor's conversations.
#[derive(Debug, Default)]
pub(crate) struct ErasedVisitor {
    /// Whether everything that must be removed is removed.
    pub(crate) is_done: bool,
    /// The conversations that once named the visitor and now name another. They are kept, because
    /// only the platform can decide whose they are.
    pub(crate) kept: Vec<ConversationId>,
}

/// Erases all conversations that name a visitor, and all other data about the visitor, within the
/// limits of `progress`.
pub(crate) async fn erase_visitor(
    table: &Table,
    organisation: &OrganisationId,
    visitor: &VisitorHash,
    now: Timestamp,
    progress: &mut Progress,
) -> Result<ErasedVisitor, Fault> {
    let mut erased = ErasedVisitor::default();
    let mut is_in_flight = false;
    let mut links = Vec::new();
    let mut start = None;
    loop {
        let query = query_partition(table, key::visitor_partition(organisation, visitor))
            .set_exclusive_start_key(start);
        let page = table.read_item_page(query).await?;
        let mut others = Vec::new();
        for item in page.items {
            let key = Key::of_item(&item)?;
            if !key.sk.starts_with(key::VISITOR_CONVERSATIONS) {
                others.push(Removal::Delete(key));
                continue;
            }
            let VisitorConversationItem {
                conversation_id, ..
            } = read_item(item)?;
            let at = ConversationRef::new(organisation, &conversation_id, now);
            match erase_conversation(table, at, Some(visitor), progress).await? {
                // A tombstone does not list every visitor who was linked to the conversation.
                Erased::Whole => links.push(Removal::Delete(key)),
                Erased::InFlight => is_in_flight = true,
                Erased::Absent if unlink_absent(table, at, key, progress).await? => {}
                Erased::Absent | Erased::Partly => return Ok(erased),
                Erased::NotOfVisitor => erased.kept.push(conversation_id),
            }
        }
        let removed = others.len();
        remove(table, others).await?;
        progress.add(removed);
        start = page.next;
        if start.is_none() {
            break;
        }
    }
    if !is_in_flight {
        // A rating request that was created during the read of the partition may have started the
        // cooldown since. The visitor's conversations are closed now, so no request can start it
        // again.
        links.push(Removal::Delete(key::visitor_cooldown(
            organisation,
            visitor,
        )));
        remove(table, links).await?;
        erased.is_done = true;
    }
    Ok(erased)
}

/// Removes the link to a conversation that has expired and no longer exists. Returns false if the
/// conversation was recorded again in the meantime.
async fn unlink_absent(
    table: &Table,
    at: ConversationRef<'_>,
    link: Key,
    progress: &mut Progress,
) -> Result<bool, Fault> {
    let is_absent = transact_item(
        table
            .check(at.key())
            .condition_expression("attribute_not_exists(pk)"),
    )?;
    let unlink = transact_item(table.delete(link))?;
    match transact(table, [is_absent, unlink]).await? {
        TransactOutcome::Committed => {
            progress.add(1);
            Ok(true)
        }
        TransactOutcome::Refused(_) => Ok(false),
        TransactOutcome::Unknown(fault) => Err(fault),
    }
}
