use domain::{Agent, Channel, ConversationId, ConversationStatus, Timestamp, Visitor};
use serde::Serialize;

use crate::conversation::ConversationItem;

/// A conversation in a response body. It does not include the visitor's secret.
#[derive(Clone, Debug, Serialize)]
pub struct ConversationSummary {
    id: ConversationId,
    channel: Channel,
    status: ConversationStatus,
    visitor: Visitor,
    #[serde(skip_serializing_if = "Option::is_none")]
    assignee: Option<Agent>,
    recorded_at: Timestamp,
    updated_at: Timestamp,
}

impl ConversationSummary {
    /// The summary of `item`, the conversation with this `id`.
    pub fn new(id: ConversationId, item: &ConversationItem) -> Self {
        Self {
            id,
            channel: item.channel.clone(),
            status: item.status,
            visitor: item.visitor(),
            assignee: item.assignee.agent().cloned(),
            recorded_at: item.recorded_at,
            updated_at: item.updated_at,
        }
    }
}
