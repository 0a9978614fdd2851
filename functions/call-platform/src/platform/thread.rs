use domain::Timestamp;
use platform_recordings::{ConversationRecording, NewMessages, PromptAnswer};

/// What was read from a platform, in the form in which it is recorded.
#[derive(Debug, Default)]
pub(crate) struct PlatformThread {
    /// The conversation, to be recorded in this order.
    pub(crate) conversation: Vec<ConversationRecording>,
    /// The messages, to be recorded in this order.
    pub(crate) messages: Vec<NewMessages>,
    /// The visitor's answers to prompts.
    pub(crate) answers: Vec<PromptAnswer>,
    /// Until when a survey of the platform's own is open that the visitor has not answered; `None` if none is known.
    pub(crate) survey_closes_at: Option<Timestamp>,
}
