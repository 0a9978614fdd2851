use domain::{Group, Labels};
use serde::{Deserialize, Serialize};

use crate::conversation::ConversationItem;

/// The details of a conversation that its rating requests keep.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationDetails {
    /// The inbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbox: Option<Group>,
    /// The team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<Group>,
    /// The labels, if there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<Labels>,
}

impl ConversationDetails {
    /// The details of `conversation` as it is.
    pub fn of(conversation: &ConversationItem) -> Self {
        let labels = conversation.labels.value();
        Self {
            inbox: conversation.inbox.value().cloned(),
            team: conversation.team.value().cloned(),
            labels: labels.filter(|labels| !labels.is_empty()).cloned(),
        }
    }
}
