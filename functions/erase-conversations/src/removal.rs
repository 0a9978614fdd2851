use aws_sdk_dynamodb::types::{DeleteRequest, WriteRequest};
use dynamodb::{
    Item, Key, MAX_WRITES_IN_BATCH, Table, WriteOutcome, read_item, update_expression, update_if,
    write_batch, write_item,
};
use errors::Fault;
use futures_util::{StreamExt, TryStreamExt, stream};
use store::RatingRequestItem;

/// The maximum number of batches in flight at a time, and of other writes in flight at a time.
const WRITES_AT_ONCE: usize = 4;

/// How one item is removed.
#[derive(Debug)]
pub(crate) enum Removal {
    /// Deletes the item.
    Delete(Key),
    /// Keeps the item without its personal data.
    Strip(Anonymization),
}

/// An update that removes all personal data from a rating request.
///
/// The update names only the attributes that it removes or changes, and leaves all others as they
/// are. Another function may record on the request at the same time that it is counted.
#[derive(Debug)]
pub(crate) struct Anonymization {
    key: Key,
    changed: Item,
    gone: Vec<String>,
}

impl Anonymization {
    /// Returns the update that a rating request needs, based on the item that was read. Returns
    /// `None` if it needs none.
    pub(crate) fn of(key: Key, item: Item) -> Result<Option<Self>, Fault> {
        let request: RatingRequestItem = read_item(item.clone())?;
        let stripped = write_item(key.clone(), &request.anonymous())?;
        let mut gone: Vec<_> = item
            .keys()
            .filter(|name| !stripped.contains_key(*name))
            .cloned()
            .collect();
        let changed: Item = stripped
            .into_iter()
            .filter(|(name, value)| item.get(name) != Some(value))
            .collect();
        let is_done = gone.is_empty() && changed.is_empty();
        // `count-ratings` copies them from the conversation, maybe after this read.
        if !item.contains_key("details") {
            gone.push("details".to_owned());
        }
        Ok((!is_done).then_some(Self { key, changed, gone }))
    }
}

/// Executes all of `removals`, in no particular order.
pub(crate) async fn remove(table: &Table, removals: Vec<Removal>) -> Result<(), Fault> {
    let mut deletions = Vec::new();
    let mut strippings = Vec::new();
    for removal in removals {
        match removal {
            Removal::Delete(key) => deletions.push(deletion(key)?),
            Removal::Strip(stripping) => strippings.push(strip(table, stripping)),
        }
    }
    let batches: Vec<_> = deletions
        .chunks(MAX_WRITES_IN_BATCH)
        .map(|batch| write_batch(table, batch.to_vec()))
        .collect();
    tokio::try_join!(
        stream::iter(batches)
            .buffer_unordered(WRITES_AT_ONCE)
            .try_collect::<()>(),
        stream::iter(strippings)
            .buffer_unordered(WRITES_AT_ONCE)
            .try_collect::<()>(),
    )?;
    Ok(())
}

async fn strip(table: &Table, stripping: Anonymization) -> Result<(), Fault> {
    let mut set = Vec::new();
    let mut remove = Vec::new();
    let mut update = table
        .update(stripping.key)
        // DynamoDB may delete an expired request at any time. This update must not recreate it.
        .condition_expression("attribute_exists(pk)");
    for (place, (name, value)) in stripping.changed.into_iter().enumerate() {
        set.push(format!("#changed{place} = :changed{place}"));
        update = update
            .expression_attribute_names(format!("#changed{place}"), name)
            .expression_attribute_values(format!(":changed{place}"), value);
    }
    for (place, name) in stripping.gone.into_iter().enumerate() {
        remove.push(format!("#gone{place}"));
        update = update.expression_attribute_names(format!("#gone{place}"), name);
    }
    let update = update.update_expression(update_expression(&set, &remove));
    match update_if(table, update).await? {
        WriteOutcome::Written(_) | WriteOutcome::Refused(_) => Ok(()),
    }
}

fn deletion(key: Key) -> Result<WriteRequest, Fault> {
    let delete = DeleteRequest::builder()
        .set_key(Some(key.into_item()))
        .build()
        .map_err(|_| Fault::internal("a write of a batch is incomplete"))?;
    Ok(WriteRequest::builder().delete_request(delete).build())
}
