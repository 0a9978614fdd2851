use domain::{MessageId, Timestamp};
use serde::{Deserialize, Serialize};

/// A message that this project posts into a conversation on its platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformPostItem {
    /// The id of the message on the platform; `None` until it is known to be posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// The value that the visitor had chosen when the message was last read, if it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// When the message with [`Self::answer`] was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_read_at: Option<Timestamp>,
    /// When the latest attempt to post it began.
    pub started_at: Timestamp,
}
