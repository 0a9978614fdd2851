use serde::{Deserialize, Serialize};

/// The last write that changed the public part of a conversation's thread, and one message of that
/// write.
///
/// It is part of that write's transaction. So it changes whenever a public message is recorded,
/// edited or made private. If a thread was read at the same time as its conversation, this shows
/// whether the thread is as new: it must contain that message as this write left it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadVersion {
    /// The random id of the write.
    pub write: String,
    /// The message of the write that comes first in the thread, by [`key::thread_sort_key`].
    ///
    /// [`key::thread_sort_key`]: crate::key::thread_sort_key
    pub message: String,
    /// Whether the write left everything that it changed public. If it made a message private, no
    /// message shows whether a thread includes the write.
    pub is_public: bool,
}
