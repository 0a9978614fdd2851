use domain::{Arrival, Entry, Timestamp, Visibility};
use serde::{Deserialize, Deserializer, Serialize};

use crate::key;

/// The index in which a conversation's public entries stand, and nothing else.
pub const PUBLIC_THREAD_INDEX: &str = "public_thread";

/// An entry of a thread. Only a public one carries `public_at`, the sort key of the index
/// `public_thread`: a write that makes it private takes it out of the index in the same moment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EntryItem {
    /// The entry itself.
    #[serde(flatten)]
    pub entry: Entry,
    /// Where it stands among the public entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_at: Option<String>,
    /// When the message was first recorded, which orders the messages of one time. Events and
    /// messages of former versions have none.
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

/// Reads an arrival. A text of another form reads as none: a write of a message may mark in this way
/// that a former version recorded it first.
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
