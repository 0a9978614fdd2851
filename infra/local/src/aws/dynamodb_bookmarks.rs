//! The positions of the readers of the table's stream. Later records are not deleted.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The difference between the sequence numbers that the engine returns and those that it stores.
const NUMBER_OFFSET: i128 = 100_000_000_000_000_000_000;

/// The position up to which a reader has processed the stream. Later records are kept for as long
/// as the bookmark exists.
pub(crate) struct Bookmark {
    id: u64,
    all: Arc<Bookmarks>,
}

/// The stored record numbers of all bookmarks.
#[derive(Default)]
pub(super) struct Bookmarks(Mutex<BTreeMap<u64, i64>>);

impl Bookmarks {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a bookmark at the stored record number `at`.
    pub(super) fn add(self: &Arc<Self>, at: i64) -> Bookmark {
        let mut bookmarks = self.lock();
        let id = bookmarks.last_key_value().map_or(0, |(last, _)| last + 1);
        bookmarks.insert(id, at);
        Bookmark {
            id,
            all: Arc::clone(self),
        }
    }

    /// The number up to which every reader has processed the records.
    pub(super) fn first(&self) -> i64 {
        self.lock().values().copied().min().unwrap_or(i64::MAX)
    }
}

impl Bookmark {
    /// Moves the bookmark to the record with this sequence number.
    pub(crate) fn set(&self, sequence_number: &str) {
        if let Some(at) = stored_number(sequence_number) {
            self.all.lock().insert(self.id, at);
        }
    }
}

impl Drop for Bookmark {
    fn drop(&mut self) {
        self.all.lock().remove(&self.id);
    }
}

/// The number that the engine stores for a sequence number.
pub(super) fn stored_number(sequence_number: &str) -> Option<i64> {
    let number: i128 = sequence_number.parse().ok()?;
    i64::try_from(number.checked_sub(NUMBER_OFFSET)?).ok()
}

/// The sequence number of a stored number.
pub(super) fn public_number(stored: i64) -> String {
    (NUMBER_OFFSET + i128::from(stored)).to_string()
}
