mod leftovers;
mod merge;
mod recording;
mod write;

pub use recording::ConversationRecording;
pub use write::{ConversationOutcome, record_conversation};
