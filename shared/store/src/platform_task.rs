use domain::{Agent, ConnectionId, Platform};
use serde::{Deserialize, Serialize};

/// What must be done on a chat platform because of an event. The put of the item publishes
/// `platform.task_created`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformTaskItem {
    /// The platform.
    pub platform: Platform,
    /// The connection whose event created the task.
    pub connection_id: ConnectionId,
    /// What must be done.
    #[serde(flatten)]
    pub task: PlatformTask,
    /// When it expires, in epoch seconds.
    pub expires_at: i64,
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum PlatformTask {
    /// Read one message and record it. It was edited, or the visitor answered a prompt in it.
    ReadMessage {
        /// The id of the message on the platform.
        message_id: u64,
    },
    /// Read the whole conversation and record it.
    ReadThread,
    /// Ask the visitor for a rating.
    AskRating {
        /// The agent who asks. `None` means the assignee.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<Agent>,
    },
    /// Send the visitor a transcript.
    SendTranscript {
        /// The agent who sends it. `None` means the assignee.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<Agent>,
    },
}
