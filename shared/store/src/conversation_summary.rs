use domain::{
    Agent, Channel, ConversationId, ConversationStatus, Group, Labels, ResolvedBy, Timestamp,
    Visitor,
};
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
    #[serde(skip_serializing_if = "Option::is_none")]
    inbox: Option<Group>,
    #[serde(skip_serializing_if = "Option::is_none")]
    team: Option<Group>,
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<Labels>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved_by: Option<ResolvedBy>,
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
            assignee: item.assignee.value().cloned(),
            inbox: item.inbox.value().cloned(),
            team: item.team.value().cloned(),
            labels: item
                .labels
                .value()
                .filter(|labels| !labels.is_empty())
                .cloned(),
            resolved_by: item
                .resolved_by
                .filter(|_| item.status == ConversationStatus::Resolved),
            recorded_at: item.recorded_at,
            updated_at: item.updated_at,
        }
    }
}
