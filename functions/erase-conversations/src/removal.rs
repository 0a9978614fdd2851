use aws_sdk_dynamodb::types::{DeleteRequest, WriteRequest};
use dynamodb::{Item, Key, Table, WriteOutcome, read_item, update_if, write_batch, write_item};
use errors::Fault;
use futures_util::{StreamExt, TryStreamExt, stream};
use store::RatingRequestItem;

/// How many writes DynamoDB takes in one batch.
const WRITES_IN_A_BATCH: usize = 25;

/// How many batches, and how many writes of other kinds, are on their way at a time.
const WRITES_AT_ONCE: usize = 4;

/// What is done to one item.
#[derive(Debug)]
pub(crate) enum Removal {
    /// It goes.
    Delete(Key),
    /// It stays without what is personal.
    Strip(Stripping),
}

/// What takes all that is personal from a rating request.
///
/// It names the attributes that go and those that change, and leaves all others as they are by
/// then: whoever counts the request may write down meanwhile that it is counted.
#[derive(Debug)]
pub(crate) struct Stripping {
    key: Key,
    changed: Item,
    gone: Vec<String>,
}

impl Stripping {
    /// What must be done to a rating request as it was read; `None` where nothing is left to do.
    pub(crate) fn of(key: Key, item: Item) -> Result<Option<Self>, Fault> {
        let request: RatingRequestItem = read_item(item.clone())?;
        let stripped = write_item(key.clone(), &request.anonymous())?;
        let gone: Vec<_> = item
            .keys()
            .filter(|name| !stripped.contains_key(*name))
            .cloned()
            .collect();
        let changed: Item = stripped
            .into_iter()
            .filter(|(name, value)| item.get(name) != Some(value))
            .collect();
        let is_done = gone.is_empty() && changed.is_empty();
        Ok((!is_done).then_some(Self { key, changed, gone }))
    }
}

/// Does all of `removals`, in no order.
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
        .chunks(WRITES_IN_A_BATCH)
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

async fn strip(table: &Table, stripping: Stripping) -> Result<(), Fault> {
    let mut set = Vec::new();
    let mut remove = Vec::new();
    let mut update = table
        .update(stripping.key)
        // One that has expired may be deleted at any moment, and must not come back.
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
    let clause = |keyword: &str, parts: &[String]| match parts {
        [] => String::new(),
        parts => format!("{keyword} {} ", parts.join(", ")),
    };
    let expression = clause("SET", &set) + &clause("REMOVE", &remove);
    match update_if(table, update.update_expression(expression.trim_end())).await? {
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
