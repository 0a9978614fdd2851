//! Reads and writes of several items in one call. Concurrent single calls would each open a
//! connection, which makes a cold start slower.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::builders::KeysAndAttributesBuilder;
use aws_sdk_dynamodb::types::{KeysAndAttributes, WriteRequest};
use domain::Timestamp;
use errors::{AwsFailure, Fault};
use serde::de::DeserializeOwned;

use crate::item::{Item, read_item};
use crate::key::Key;
use crate::table::Table;
use crate::ttl::has_expired;

/// How many items one batch can read: DynamoDB's limit.
pub const MAX_KEYS_IN_BATCH: usize = 100;

/// How many items one batch can write: DynamoDB's limit.
pub const MAX_WRITES_IN_BATCH: usize = 25;

/// How often the unprocessed items of a batch are retried.
const RETRIES: u32 = 7;

/// The items that one batch returned, by key.
#[derive(Debug)]
pub struct Batch(HashMap<Key, Item>);

impl Batch {
    /// Reads the current items under `keys` (strongly consistent reads). The keys must differ and
    /// be at most [`MAX_KEYS_IN_BATCH`]. A write may happen between two of the reads.
    ///
    /// # Errors
    /// If DynamoDB fails, or leaves keys unprocessed in every retry.
    pub async fn read(table: &Table, keys: impl IntoIterator<Item = Key>) -> Result<Self, Fault> {
        let items = read_batch(table, keys, KeysAndAttributes::builder()).await?;
        let keyed = items
            .into_iter()
            .map(|item| Ok((Key::of_item(&item)?, item)));
        keyed.collect::<Result<_, _>>().map(Self)
    }

    /// Removes and returns the item under `key` without deserializing it; `None` if it does not
    /// exist.
    pub fn take_item(&mut self, key: &Key) -> Option<Item> {
        self.0.remove(key)
    }

    /// Removes and returns the item under `key`; `None` if it does not exist.
    ///
    /// # Errors
    /// If the item is not a `T`.
    pub fn take<T: DeserializeOwned>(&mut self, key: &Key) -> Result<Option<T>, Fault> {
        self.take_item(key).map(read_item).transpose()
    }

    /// Removes and returns the item under `key`. An item that has expired by `now` is treated as absent.
    ///
    /// # Errors
    /// If the item is not a `T`.
    pub fn take_unexpired<T: DeserializeOwned>(
        &mut self,
        key: &Key,
        now: Timestamp,
    ) -> Result<Option<T>, Fault> {
        let item = self.take_item(key).filter(|item| !has_expired(item, now));
        item.map(read_item).transpose()
    }
}

/// Reads the items under `keys`, as [`Batch::read`] does. The items have only the attributes that
/// `request` names, and are in any order.
///
/// # Errors
/// If DynamoDB fails, or leaves keys unprocessed in every retry.
pub async fn read_batch(
    table: &Table,
    keys: impl IntoIterator<Item = Key>,
    request: KeysAndAttributesBuilder,
) -> Result<Vec<Item>, Fault> {
    let keys = keys.into_iter().map(Key::into_item);
    let mut remaining = request
        .set_keys(Some(keys.collect()))
        .consistent_read(true)
        .build()
        .map_err(|_| Fault::internal("a batch of keys is incomplete"))?;
    let mut items = Vec::new();
    for retry in 0..=RETRIES {
        let read = table
            .client()
            .batch_get_item()
            .request_items(table.name(), remaining)
            .send()
            .await
            .map_err(|error| Fault::storage(AwsFailure::new("dynamodb:BatchGetItem", &error)))?;
        let responses = read.responses.unwrap_or_default();
        items.extend(responses.into_values().flatten());
        let mut unprocessed = read.unprocessed_keys.unwrap_or_default();
        remaining = match unprocessed.remove(table.name()) {
            Some(unprocessed) if !unprocessed.keys().is_empty() => unprocessed,
            _ => return Ok(items),
        };
        tokio::time::sleep(retry_delay(retry)).await;
    }
    Err(Fault::contended(
        "DynamoDB left keys unprocessed in every retry",
    ))
}

/// Sends all of `writes`, at most [`MAX_WRITES_IN_BATCH`]. They are not one transaction: if an
/// error is returned, some of them may have been made.
///
/// # Errors
/// If DynamoDB fails, or leaves writes unprocessed in every retry.
pub async fn write_batch(table: &Table, mut writes: Vec<WriteRequest>) -> Result<(), Fault> {
    for retry in 0..=RETRIES {
        let written = table
            .client()
            .batch_write_item()
            .request_items(table.name(), writes)
            .send()
            .await
            .map_err(|error| Fault::storage(AwsFailure::new("dynamodb:BatchWriteItem", &error)))?;
        let mut unprocessed = written.unprocessed_items.unwrap_or_default();
        writes = match unprocessed.remove(table.name()) {
            Some(unprocessed) if !unprocessed.is_empty() => unprocessed,
            _ => return Ok(()),
        };
        tokio::time::sleep(retry_delay(retry)).await;
    }
    Err(Fault::contended(
        "DynamoDB left writes unprocessed in every retry",
    ))
}

/// The delay before a retry: 20, 40, … up to 640 milliseconds. It grows to more than half a
/// second because DynamoDB limits a partition's throughput per second.
fn retry_delay(retry: u32) -> Duration {
    Duration::from_millis(20 << retry.min(5))
}
