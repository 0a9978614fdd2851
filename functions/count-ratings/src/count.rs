use domain::CountsDelta;
use dynamodb::{
    Key, Table, TransactOutcome, TransactWriteItem, attribute, number, transact_all, transact_item,
};
use errors::Fault;
use lambda::events::EventOutcome;
use store::{ConversationDetails, PendingCountsItem, RatingRequestItem, key};

use crate::listed::ListedOrganisations;
use crate::note_counted::note_counted;
use crate::subsets::changes_of_subsets;

/// The maximum number of retries if the rating request is answered or counted between its read and
/// the write of its counts.
const RETRIES: u32 = 5;

/// Adds to the pending counts what they do not include yet of the rating request under `key`.
pub(crate) async fn count(
    table: &Table,
    listed: &ListedOrganisations,
    key: Key,
) -> Result<EventOutcome, Fault> {
    for _ in 0..=RETRIES {
        // An expired request counts until DynamoDB deletes it.
        let Some(request) = table.get::<RatingRequestItem>(key.clone()).await? else {
            return Ok(EventOutcome::dropped("no_such_request"));
        };
        let wanted = request.to_count();
        let change = wanted.delta_since(request.counted);
        let subsets = changes_of_subsets(&request);
        if change.is_zero() && subsets.is_empty() {
            return Ok(EventOutcome::unchanged("counted_before"));
        }
        let ((), details) = tokio::try_join!(
            listed.list(table, &request.organisation),
            details_to_copy(table, &request),
        )?;
        let mut items = vec![note_counted(table, key.clone(), &request, details)?];
        if !change.is_zero() {
            items.push(add(table, &request, change)?);
        }
        for subset in subsets {
            let shard = request.rating_request_id.shard_of(key::PENDING_SHARDS);
            let key = subset.pending_key(&request.organisation, shard)?;
            items.push(subset.add_to(table, key)?);
        }
        match transact_all(table, &items).await? {
            TransactOutcome::Committed => return Ok(EventOutcome::applied("counted")),
            TransactOutcome::Refused(_) => {}
            TransactOutcome::Unknown(fault) => return Err(fault),
        }
    }
    Err(Fault::contended(
        "other writes kept changing a rating request",
    ))
}

/// Reads the details of the conversation if the request has none yet. Returns `None` if it has, or if
/// the conversation was erased.
async fn details_to_copy(
    table: &Table,
    request: &RatingRequestItem,
) -> Result<Option<ConversationDetails>, Fault> {
    let Some(conversation) = &request.conversation_id else {
        return Ok(None);
    };
    if request.details.is_some() {
        return Ok(None);
    }
    let details = ConversationDetails::read(table, &request.organisation, conversation);
    details.await.map(Some)
}

/// Adds `change` to the pending counts of the request's day, channel and agent, in the request's
/// own shard.
fn add(
    table: &Table,
    request: &RatingRequestItem,
    change: CountsDelta,
) -> Result<TransactWriteItem, Fault> {
    let key = key::pending_counts(
        &request.organisation,
        request.rating_request_id.shard_of(key::PENDING_SHARDS),
        request.report_day,
        &request.channel,
        &request.agent.id,
    );
    let added: Vec<_> = PendingCountsItem::AMOUNTS
        .iter()
        .map(|(attribute, value)| format!("{attribute} {value}"))
        .collect();
    let mut update = table
        .update(key)
        .update_expression(format!(
            "SET #day = :day, #channel = :channel, #agent = :agent ADD {}",
            added.join(", ")
        ))
        .expression_attribute_names("#day", "day")
        .expression_attribute_names("#channel", "channel")
        .expression_attribute_names("#agent", "agent")
        .expression_attribute_values(":day", attribute(&request.report_day)?)
        .expression_attribute_values(":channel", attribute(&request.channel)?)
        .expression_attribute_values(":agent", attribute(&request.agent)?);
    for (placeholder, amount) in PendingCountsItem::amounts(change) {
        update = update.expression_attribute_values(placeholder, number(amount));
    }
    transact_item(update)
}
