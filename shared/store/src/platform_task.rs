use domain::{Agent, ConnectionId, MessageId, Platform, RatingRequestId, Timestamp};
use serde::{Deserialize, Serialize};

/// What must be done on a chat platform because of an event. The put of the item publishes
/// `platform.transcript_requested` for a transcript, and `platform.task_created` for any other task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformTaskItem {
    /// The platform.
    pub platform: Platform,
    /// The connection whose event created the task.
    pub connection_id: ConnectionId,
    /// What must be done.
    pub task: PlatformTask,
    /// Why the transcript was not sent. The update that writes it publishes `platform.transcript_not_sent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_sent: Option<TranscriptNotSent>,
    /// When it expires, in epoch seconds.
    pub expires_at: i64,
}

impl PlatformTaskItem {
    /// After how many seconds a task expires. Until then, a repeated event does not create it again, and a dead letter,
    /// which is kept for 14 days, can be repeated.
    const LIFE_SECONDS: i64 = 15 * 24 * 60 * 60;

    /// A task that is created at `now`.
    pub fn new(
        platform: Platform,
        connection_id: ConnectionId,
        task: PlatformTask,
        now: Timestamp,
    ) -> Self {
        Self {
            platform,
            connection_id,
            task,
            not_sent: None,
            expires_at: now.plus_seconds(Self::LIFE_SECONDS).epoch_seconds(),
        }
    }
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlatformTask {
    /// Read one message and record it. It was edited, or the visitor answered a prompt in it.
    ReadMessage {
        /// The id of the message on the platform.
        message_id: MessageId,
    },
    /// Read the whole conversation and record it.
    ReadThread,
    /// Ask the visitor for a rating.
    AskRating {
        /// The agent who asks. `None` means the assignee.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<Agent>,
    },
    /// Thank the visitor for a rating.
    Thank {
        /// The rating request that was answered.
        rating_request_id: RatingRequestId,
    },
    /// Send the visitor a transcript.
    SendTranscript {
        /// The agent who sends it. `None` means the assignee.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<Agent>,
    },
}

/// Why a transcript that a teammate requested was not sent, or is not known to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TranscriptNotSent {
    /// It was refused.
    Refused {
        /// The code of the refusal.
        code: String,
        /// The rule, as a sentence.
        detail: String,
        /// From when a transcript can be sent again, if a limit was reached.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        available_at: Option<Timestamp>,
    },
    /// SES failed, or the conversation could not be read on its platform.
    Failed {
        /// The code of the fault.
        code: String,
    },
}
