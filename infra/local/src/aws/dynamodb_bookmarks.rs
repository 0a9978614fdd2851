//! The positions of the readers of the table's stream. A record is deleted only after every reader
//! has passed it.

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

/// The record numbers of all bookmarks.
#[derive(Default)]
pub(super) struct Bookmarks(Mutex<BTreeMap<u64, i64>>);

impl Bookmarks {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a bookmark at the record number `at`.
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
    pub(super) fn lowest(&self) -> i64 {
        self.lock().values().copied().min().unwrap_or(i64::MAX)
    }
}

impl Bookmark {
    /// Moves the bookmark to the record with this sequence number.
    pub(crate) fn set(&self, sequence_number: &str) {
        if let Some(at) = to_record_number(sequence_number) {
            self.all.lock().insert(self.id, at);
        }
    }
}

impl Drop for Bookmark {
    fn drop(&mut self) {
        self.all.lock().remove(&self.id);
    }
}

/// The record number, which the engine stores, of a sequence number.
pub(super) fn to_record_number(sequence_number: &str) -> Option<i64> {
    let number: i128 = sequence_number.parse().ok()?;
    i64::try_from(number.checked_sub(NUMBER_OFFSET)?).ok()
}

/// The sequence number of a record number.
pub(super) fn to_sequence_number(record_number: i64) -> String {
    (NUMBER_OFFSET + i128::from(record_number)).to_string()
}
