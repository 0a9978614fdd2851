use domain::Timestamp;
use serde::{Deserialize, Serialize};

/// A message that this project posts into a conversation on its platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformPostItem {
    /// The id of the message on the platform; `None` until it is known to be posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<u64>,
    /// When the latest attempt to post it began.
    pub started_at: Timestamp,
}
