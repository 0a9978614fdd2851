//! Several items, read in one call. Of calls side by side each needs a connection of its own, which a
//! process that starts has yet to open.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::KeysAndAttributes;
use aws_sdk_dynamodb::types::builders::KeysAndAttributesBuilder;
use serde::de::DeserializeOwned;

use super::store::{Item, read_item};
use super::{ConversationAt, ConversationItem, Key, StoredConversation, Table};
use crate::aws::AwsFailure;
use crate::fault::Fault;

/// How many items DynamoDB gives at once.
pub const KEYS_IN_BATCH: usize = 100;

/// How often DynamoDB is asked for what it left out.
const RETRIES: u32 = 7;

/// Items that were read together.
#[derive(Debug)]
pub struct Batch(HashMap<Key, Item>);

impl Table {
    /// Reads the items under `keys`, all different and at most [`KEYS_IN_BATCH`], each as it stands
    /// now (a strongly consistent read). A write may come between two of them.
    ///
    /// # Errors
    /// Where DynamoDB fails, or keeps leaving items out.
    pub async fn get_batch(&self, keys: impl IntoIterator<Item = Key>) -> Result<Batch, Fault> {
        let items = self.read_batch(keys, KeysAndAttributes::builder()).await?;
        let keyed = items
            .into_iter()
            .map(|item| Ok((Key::of_item(&item)?, item)));
        keyed.collect::<Result<_, _>>().map(Batch)
    }

    /// The same items with those attributes that `wanted` names, in any order.
    ///
    /// # Errors
    /// Where DynamoDB fails, or keeps leaving items out.
    pub async fn read_batch(
        &self,
        keys: impl IntoIterator<Item = Key>,
        wanted: KeysAndAttributesBuilder,
    ) -> Result<Vec<Item>, Fault> {
        let keys = keys.into_iter().map(Key::into_item);
        let mut wanted = wanted
            .set_keys(Some(keys.collect()))
            .consistent_read(true)
            .build()
            .map_err(|_| Fault::internal("a batch of keys is incomplete"))?;
        let mut items = Vec::new();
        for retry in 0..=RETRIES {
            let read = self
                .client()
                .batch_get_item()
                .request_items(self.name(), wanted)
                .send()
                .await
                .map_err(|error| {
                    Fault::storage(AwsFailure::new("dynamodb:BatchGetItem", &error))
                })?;
            let given = read.responses.unwrap_or_default();
            items.extend(given.into_values().flatten());
            let mut left_out = read.unprocessed_keys.unwrap_or_default();
            wanted = match left_out.remove(self.name()) {
                Some(left_out) if !left_out.keys().is_empty() => left_out,
                _ => return Ok(items),
            };
            tokio::time::sleep(pause(retry)).await;
        }
        Err(Fault::contended("the table kept leaving items out"))
    }
}

impl Batch {
    /// Takes the item under `key`; `None` where there is none.
    ///
    /// # Errors
    /// Where the item does not read as a `T`.
    pub fn take<T: DeserializeOwned>(&mut self, key: &Key) -> Result<Option<T>, Fault> {
        self.0.remove(key).map(read_item).transpose()
    }

    /// Takes the conversation, where it is neither erased nor expired.
    ///
    /// # Errors
    /// Where what stands there is no conversation.
    pub fn take_conversation(
        &mut self,
        at: ConversationAt<'_>,
    ) -> Result<Option<ConversationItem>, Fault> {
        let stored = StoredConversation::read(self.0.remove(&at.key()))?;
        Ok(stored.standing(at.now))
    }
}

/// 20, 40, … up to 640 milliseconds: a partition gives only so much in a second.
fn pause(retry: u32) -> Duration {
    Duration::from_millis(20 << retry.min(5))
}
