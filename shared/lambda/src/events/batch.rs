use std::collections::HashSet;

use serde::Serialize;
use serde_json::Value;

/// The primary key of an item that was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ItemKey {
    /// The partition key.
    pub pk: String,
    /// The sort key.
    pub sk: String,
}

/// An item that was written, according to a batch.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WrittenItem {
    pub(super) key: ItemKey,
    /// The sequence number of the first record of the item.
    pub(super) first: String,
}

/// The items of a batch's records, in the order of their first records; `None` if the batch
/// contains anything else.
pub(super) fn written_items(event: &Value) -> Option<Vec<WrittenItem>> {
    let records = event.get("Records")?.as_array()?;
    let mut seen = HashSet::new();
    let mut written = Vec::new();
    for record in records {
        let text = |pointer| record.pointer(pointer).and_then(Value::as_str);
        let pk = text("/dynamodb/Keys/pk/S")?;
        let sk = text("/dynamodb/Keys/sk/S")?;
        let number = text("/dynamodb/SequenceNumber").filter(|number| !number.is_empty())?;
        if seen.insert((pk, sk)) {
            written.push(WrittenItem {
                key: ItemKey {
                    pk: pk.to_owned(),
                    sk: sk.to_owned(),
                },
                first: number.to_owned(),
            });
        }
    }
    Some(written)
}

/// The response to Lambda for a batch.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchResponse {
    /// The record from which Lambda retries; empty if all items were processed.
    batch_item_failures: Vec<BatchItemFailure>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct BatchItemFailure {
    /// The record's sequence number.
    item_identifier: String,
}

impl BatchResponse {
    /// Lambda retries the batch from the record with this sequence number, if there is one.
    pub(super) fn retry_from(sequence_number: Option<&str>) -> Self {
        let failures = sequence_number.map(|number| BatchItemFailure {
            item_identifier: number.to_owned(),
        });
        Self {
            batch_item_failures: Vec::from_iter(failures),
        }
    }
}
