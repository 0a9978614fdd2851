use domain::{ArrivalOrder, Entry, Timestamp, Visibility};
use serde::{Deserialize, Deserializer, Serialize};

use crate::key;

/// The index of a conversation's public entries. It contains no other items.
pub const PUBLIC_THREAD_INDEX: &str = "public_thread";

/// An entry of a thread. Only a public entry has `public_at`, the sort key of the index
/// `public_thread`. A write that makes an entry private also removes it from the index.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EntryItem {
    /// The message or event, and its time.
    #[serde(flatten)]
    pub entry: Entry,
    /// The entry's sort key among the public entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_at: Option<String>,
    /// The position of the message in the order of arrival, by which messages of the same time are
    /// sorted. Events and messages of former versions do not have it.
    #[serde(
        default,
        deserialize_with = "read_arrival",
        skip_serializing_if = "Option::is_none"
    )]
    pub arrival: Option<ArrivalOrder>,
    /// The write that last recorded the message: [`ThreadVersion::write`].
    ///
    /// [`ThreadVersion::write`]: super::ThreadVersion::write
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_by: Option<String>,
    /// The latest `as_of` of the message's recordings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
}

/// Reads the position of a message in the order of arrival. A malformed text is read as `None`.
/// Such a text marks a message that a former version recorded first.
pub(super) fn read_arrival<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<ArrivalOrder>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.and_then(|text| ArrivalOrder::parse(&text).ok()))
}

impl From<Entry> for EntryItem {
    fn from(entry: Entry) -> Self {
        let public_at = (entry.visibility == Visibility::Public)
            .then(|| key::thread_sort_key(entry.at, &entry.id));
        Self {
            entry,
            public_at,
            arrival: None,
            written_by: None,
            as_of: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{Agent, AgentId, EntryId, Event, RatingRequestId, TranscriptId};

    use super::*;

    #[test]
    fn only_a_public_entry_is_in_the_index_of_the_public_thread() {
        let agent = Agent {
            id: AgentId::parse("kim").unwrap(),
            name: None,
        };
        let sent = Event::TranscriptSent {
            transcript_id: TranscriptId::parse("t").unwrap(),
            to: "j•••@example.com".to_owned(),
            agent: agent.clone(),
        };
        let requested = Event::RatingRequested {
            rating_request_id: RatingRequestId::parse("r").unwrap(),
            agent,
            by: domain::AskedBy::Agent,
        };
        let public_at = |event| {
            let id = EntryId::of_event("e", "1");
            EntryItem::from(Entry::of_event(id, Timestamp::EPOCH, event)).public_at
        };
        let expected = "1970-01-01T00:00:00.000Z#e/1";
        assert_eq!(public_at(sent).as_deref(), Some(expected));
        assert_eq!(public_at(requested), None);
    }
}
