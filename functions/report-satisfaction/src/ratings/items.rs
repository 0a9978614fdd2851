use std::collections::HashMap;

use aws_sdk_dynamodb::types::KeysAndAttributes;
use domain::{Agent, AskedBy, Channel, ConversationId, RatingRequestId, Timestamp};
use dynamodb::{Table, read_batch, read_item};
use errors::Fault;
use serde::Deserialize;
use store::{AnswerReasons, ConversationDetails, RatingAnswer};

use crate::ratings::index::Entry;

/// The maximum number of batches in flight at a time. A rating request with a long history has
/// about 170 KB, and a batch has at most 16 MB.
pub(super) const BATCHES_AT_ONCE: usize = 3;

/// The attributes to read. The function's IAM role may read no others. `agent` is a reserved word
/// in DynamoDB.
const ATTRIBUTES: &str = "request_id, conversation_id, #agent, channel, requested_at, answer, answer_reasons, asked_by, details, expires_at";

/// The attributes of a rating request that a listing needs.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct RatedRequest {
    #[serde(rename = "request_id")]
    pub(super) rating_request_id: RatingRequestId,
    /// `None` once the conversation is erased.
    pub(super) conversation_id: Option<ConversationId>,
    pub(super) agent: Agent,
    pub(super) channel: Channel,
    pub(super) requested_at: Timestamp,
    #[serde(default)]
    pub(super) asked_by: AskedBy,
    /// `None` if the request is not counted yet, or once the conversation is erased.
    pub(super) details: Option<ConversationDetails>,
    pub(super) answer: Option<RatingAnswer>,
    pub(super) answer_reasons: Option<AnswerReasons>,
    pub(super) expires_at: Option<i64>,
}

/// Reads the current rating requests of `entries`, at most
/// [`MAX_KEYS_IN_BATCH`](dynamodb::MAX_KEYS_IN_BATCH). Leaves out requests that no longer exist.
pub(super) async fn read_requests(
    table: &Table,
    entries: &[Entry],
) -> Result<HashMap<RatingRequestId, RatedRequest>, Fault> {
    let keys = entries.iter().map(|entry| entry.key.clone());
    let wanted = KeysAndAttributes::builder()
        .projection_expression(ATTRIBUTES)
        .expression_attribute_names("#agent", "agent");
    let items = read_batch(table, keys, wanted).await?;
    let requests = items.into_iter().map(|item| {
        let request: RatedRequest = read_item(item)?;
        Ok((request.rating_request_id.clone(), request))
    });
    requests.collect()
}
