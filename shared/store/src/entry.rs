use domain::{Arrival, Entry, Timestamp, Visibility};
use serde::{Deserialize, Deserializer, Serialize};

use crate::key;

/// The index of a conversation's public entries. It contains no other items.
pub const PUBLIC_THREAD_INDEX: &str = "public_thread";

/// An entry of a thread. Only a public entry has `public_at`, the sort key of the index
/// `public_thread`. A write that makes an entry private also removes it from the index.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EntryItem {
    /// The entry itself.
    #[serde(flatten)]
    pub entry: Entry,
    /// The entry's sort key among the public entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_at: Option<String>,
    /// When the message was first recorded. It orders the messages of the same time. Events and
    /// messages of former versions do not have it.
    #[serde(
        default,
        deserialize_with = "read_arrival",
        skip_serializing_if = "Option::is_none"
    )]
    pub arrival: Option<Arrival>,
    /// The write that last recorded the message: [`ThreadVersion::write`].
    ///
    /// [`ThreadVersion::write`]: super::ThreadVersion::write
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_by: Option<String>,
    /// The latest `as_of` of the message's recordings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
}

/// Reads an arrival. A malformed string reads as `None`: a write of a message may use one to record
/// that a former version was the first to record the message.
pub(super) fn read_arrival<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Arrival>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.and_then(|text| Arrival::parse(&text).ok()))
}

impl From<Entry> for EntryItem {
    fn from(entry: Entry) -> Self {
        let public_at = (entry.visibility == Visibility::Public)
            .then(|| key::place_in_thread(entry.at, &entry.id));
        Self {
            entry,
            public_at,
            arrival: None,
            written_by: None,
            as_of: None,
        }
    }
}
