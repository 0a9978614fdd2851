use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::{DeleteRequest, PutRequest, WriteRequest};
use futures_util::{StreamExt, TryStreamExt, stream};
use shared::aws::AwsFailure;
use shared::fault::Fault;
use shared::table::{Item, Key};

use crate::EraseConversations;

/// How many writes DynamoDB takes in one batch.
const WRITES_IN_A_BATCH: usize = 25;

/// How many batches are on their way at a time.
const BATCHES_AT_ONCE: usize = 4;

/// How often DynamoDB is asked for what it left undone.
const RETRIES: u32 = 7;

/// What is done to one item.
#[derive(Debug)]
pub(crate) enum Removal {
    /// It goes.
    Delete(Key),
    /// This takes its place.
    Replace(Item),
}

impl EraseConversations {
    /// Does all of `removals`, in no order.
    pub(crate) async fn remove(&self, removals: Vec<Removal>) -> Result<(), Fault> {
        let writes = removals
            .into_iter()
            .map(Removal::into_write)
            .collect::<Result<Vec<_>, _>>()?;
        let batches: Vec<_> = writes
            .chunks(WRITES_IN_A_BATCH)
            .map(|batch| self.write_batch(batch.to_vec()))
            .collect();
        stream::iter(batches)
            .buffer_unordered(BATCHES_AT_ONCE)
            .try_collect()
            .await
    }

    /// Writes a batch to its end: DynamoDB may leave some of it undone, and is asked again.
    async fn write_batch(&self, mut writes: Vec<WriteRequest>) -> Result<(), Fault> {
        for retry in 0..=RETRIES {
            let written = self
                .table
                .client()
                .batch_write_item()
                .request_items(self.table.name(), writes)
                .send()
                .await
                .map_err(|error| {
                    Fault::storage(AwsFailure::new("dynamodb:BatchWriteItem", &error))
                })?;
            let mut undone: HashMap<_, _> = written.unprocessed_items.unwrap_or_default();
            writes = match undone.remove(self.table.name()) {
                Some(undone) if !undone.is_empty() => undone,
                _ => return Ok(()),
            };
            tokio::time::sleep(pause(retry)).await;
        }
        Err(Fault::contended("the table kept leaving writes undone"))
    }
}

impl Removal {
    fn into_write(self) -> Result<WriteRequest, Fault> {
        let write = WriteRequest::builder();
        let write = match self {
            Self::Delete(key) => DeleteRequest::builder()
                .set_key(Some(key.into_item()))
                .build()
                .map(|delete| write.delete_request(delete)),
            Self::Replace(item) => PutRequest::builder()
                .set_item(Some(item))
                .build()
                .map(|put| write.put_request(put)),
        };
        write
            .map(|write| write.build())
            .map_err(|_| Fault::internal("a write of a batch is incomplete"))
    }
}

/// 20, 40, … up to 640 milliseconds: the partition takes only so much in a second.
fn pause(retry: u32) -> Duration {
    Duration::from_millis(20 << retry.min(5))
}
