//! The stored position of a reader of the table's stream. The next run continues there.

use crate::aws::dynamodb_bookmarks::Bookmark;
use crate::aws::dynamodb_stream::TableStream;
use crate::storage::{Storage, StorageError};

/// The position up to which a reader has processed the stream.
pub(crate) struct StoredPosition {
    storage: Storage,
    file: String,
    /// Keeps the records after the position from being trimmed.
    bookmark: Bookmark,
}

impl StoredPosition {
    /// Opens the position in `file`, and returns the sequence number that the last run stored.
    pub(crate) fn open(
        storage: &Storage,
        file: String,
        stream: &TableStream,
    ) -> Result<(Self, Option<String>), StorageError> {
        let place: Option<String> = storage.read_json(&file)?;
        let position = Self {
            storage: storage.clone(),
            file,
            bookmark: stream.bookmark(place.as_deref()),
        };
        Ok((position, place))
    }

    /// Moves the position to the record with this sequence number.
    pub(crate) fn set(&self, sequence_number: &str) {
        match self.storage.write_json(&self.file, &sequence_number) {
            Ok(()) => self.bookmark.set(sequence_number),
            // The next run starts before this position.
            Err(error) => tracing::error!(%error, "a position in the stream was not stored"),
        }
    }
}
