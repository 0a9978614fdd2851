//! What functions for chat platforms read and write in the table: connections, the recordings of a
//! mapping, and tasks.

mod find;
mod record;
mod task;

pub use find::{FoundConnection, find_by_conversation, find_by_hook};
pub use record::{RecordOutcome, record_conversation, record_messages, record_thread};
pub use task::create_task;
