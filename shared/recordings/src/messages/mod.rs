mod changed;
mod message_counts;
mod new_message;
mod pending;
mod prepared_message;
mod recording;
mod write;

pub use changed::record_changed_messages;
pub use new_message::NewMessage;
pub use recording::{MessagesRecording, NotAdded};
pub use write::{MessagesOutcome, record_messages};
