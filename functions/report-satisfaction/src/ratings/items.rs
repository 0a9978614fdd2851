use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::KeysAndAttributes;
use serde::Deserialize;
use shared::aws::AwsFailure;
use shared::domain::{Agent, Channel, ConversationId, RatingRequestId, Timestamp};
use shared::fault::Fault;
use shared::table::{Answer, read_item};

use super::index::Entry;
use crate::ReportSatisfaction;

/// How many items DynamoDB gives at once.
pub(super) const KEYS_AT_ONCE: usize = 100;

/// How many such batches are on their way at a time. A request with a long history has some 170 KB,
/// and a batch at most 16 MB.
pub(super) const BATCHES_AT_ONCE: usize = 3;

/// How often DynamoDB is asked for what it left out.
const RETRIES: u32 = 7;

/// The attributes that are read, and no others: the role has no right to them. `agent` is a word
/// that DynamoDB reserves.
const ATTRIBUTES: &str =
    "request_id, conversation_id, #agent, channel, requested_at, answer, expires_at";

/// What a rating request tells of its rating.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct RatedRequest {
    pub(super) request_id: RatingRequestId,
    /// `None` once the conversation is erased.
    pub(super) conversation_id: Option<ConversationId>,
    pub(super) agent: Agent,
    pub(super) channel: Channel,
    pub(super) requested_at: Timestamp,
    pub(super) answer: Option<Answer>,
    pub(super) expires_at: Option<i64>,
}

impl ReportSatisfaction {
    /// Reads the requests that `entries` stand for, as they are now, at most [`KEYS_AT_ONCE`]. Those
    /// that are gone are left out.
    pub(super) async fn read_requests(
        &self,
        entries: &[Entry],
    ) -> Result<HashMap<RatingRequestId, RatedRequest>, Fault> {
        let keys = entries.iter().map(|entry| entry.key.clone().into_item());
        let mut wanted = KeysAndAttributes::builder()
            .set_keys(Some(keys.collect()))
            .projection_expression(ATTRIBUTES)
            .expression_attribute_names("#agent", "agent")
            .consistent_read(true)
            .build()
            .map_err(|_| Fault::internal("a batch of keys is incomplete"))?;
        let mut requests = HashMap::new();
        for retry in 0..=RETRIES {
            let read = self
                .table
                .client()
                .batch_get_item()
                .request_items(self.table.name(), wanted)
                .send()
                .await
                .map_err(|error| {
                    Fault::storage(AwsFailure::new("dynamodb:BatchGetItem", &error))
                })?;
            let items = read.responses.unwrap_or_default();
            for item in items.into_values().flatten() {
                let request: RatedRequest = read_item(item)?;
                requests.insert(request.request_id.clone(), request);
            }
            let mut left_out = read.unprocessed_keys.unwrap_or_default();
            wanted = match left_out.remove(self.table.name()) {
                Some(left_out) if !left_out.keys().is_empty() => left_out,
                _ => return Ok(requests),
            };
            tokio::time::sleep(pause(retry)).await;
        }
        Err(Fault::contended("the table kept leaving items out"))
    }
}

/// 20, 40, … up to 640 milliseconds: a partition gives only so much in a second.
fn pause(retry: u32) -> Duration {
    Duration::from_millis(20 << retry.min(5))
}
