//! What remains of an erased conversation in the partitions of its visitors.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::VisitorHash;
use dynamodb::{Key, Table, TransactOutcome, delete_if, string, transact_all, transact_item};
use errors::Fault;
use store::{ConversationRef, CooldownItem, key};

use crate::progress::Progress;

/// The maximum number of visitors that one transaction unlinks: DynamoDB's 100 actions minus the
/// tombstone's own.
const VISITORS_AT_ONCE: usize = 99;

/// Deletes the visitor cooldowns that a request of the erased conversation started, because they
/// contain a hash of the address.
pub(crate) async fn end_cooldowns(
    table: &Table,
    at: ConversationRef<'_>,
    visitors: &BTreeSet<VisitorHash>,
) -> Result<(), Fault> {
    for visitor in visitors {
        let key = key::visitor_cooldown(at.organisation, visitor);
        let Some(cooldown) = table.get::<CooldownItem>(key.clone()).await? else {
            continue;
        };
        let is_of_conversation = match &cooldown.conversation_id {
            Some(conversation) => conversation == at.conversation,
            // An item that an earlier version wrote contains only the ID of its rating request.
            None => {
                let request = key::rating_request(
                    at.organisation,
                    at.conversation,
                    &cooldown.rating_request_id,
                );
                table.get_item(request).await?.is_some()
            }
        };
        if is_of_conversation {
            delete_cooldown(table, key, &cooldown).await?;
        }
    }
    Ok(())
}

/// Deletes a cooldown, unless another request has restarted it.
async fn delete_cooldown(table: &Table, key: Key, cooldown: &CooldownItem) -> Result<(), Fault> {
    let delete = table
        .delete(key)
        .condition_expression("request_id = :request_id")
        .expression_attribute_values(":request_id", string(&cooldown.rating_request_id));
    delete_if(table, delete).await.map(|_| ())
}

/// Removes the links from visitors to the erased conversation. The same transaction removes these
/// visitors from the tombstone.
pub(crate) async fn unlink_visitors(
    table: &Table,
    at: ConversationRef<'_>,
    visitors: &BTreeSet<VisitorHash>,
    progress: &mut Progress,
) -> Result<(), Fault> {
    let visitors: Vec<_> = visitors.iter().collect();
    for chunk in visitors.chunks(VISITORS_AT_ONCE) {
        let hashes = chunk.iter().map(ToString::to_string).collect();
        let mut items = vec![transact_item(
            table
                .update(at.key())
                .update_expression("DELETE visitors :forgotten")
                .condition_expression("attribute_exists(erased_at)")
                .expression_attribute_values(":forgotten", AttributeValue::Ss(hashes)),
        )?];
        for visitor in chunk {
            let key = key::visitor_conversation(at.organisation, visitor, at.conversation);
            items.push(transact_item(table.delete(key))?);
        }
        match transact_all(table, &items).await? {
            TransactOutcome::Committed => progress.add(chunk.len()),
            TransactOutcome::Refused(_) => {
                return Err(Fault::internal(
                    "the tombstone of an erased conversation was removed",
                ));
            }
            TransactOutcome::Unknown(fault) => return Err(fault),
        }
    }
    Ok(())
}
