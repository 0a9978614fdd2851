//! The order of a thread: by time, and within one time by arrival.
//!
//! The table sorts the entries of one time by id, as strings, which can separate questions from
//! their answers. So readers of a thread sort each group of entries of the same time themselves.

use std::mem;

use domain::{ArrivalOrder, EntryId, Timestamp};
use serde::Deserialize;

use crate::entry::{EntryItem, read_arrival};

/// The most entries of one time that are sorted. A larger group stays in the order of its ids, so
/// that a reader buffers at most this many entries.
pub const LARGEST_SORTED_GROUP: usize = 1_000;

/// The sort key of an entry among the entries of the same time. Entries without an arrival come
/// first, in the order of their ids. The others follow in the order of their arrivals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct SameTimeSortKey {
    /// The position in the order of arrival. It is compared before the id, and `None` comes first.
    #[serde(default, deserialize_with = "read_arrival")]
    pub arrival: Option<ArrivalOrder>,
    /// The id of the entry.
    pub id: EntryId,
}

impl SameTimeSortKey {
    fn of(item: &EntryItem) -> Self {
        Self {
            arrival: item.arrival.clone(),
            id: item.entry.id.clone(),
        }
    }
}

/// Sorts each group of entries of the same time, except groups of more than
/// [`LARGEST_SORTED_GROUP`] entries and the group at the time `unsorted`. `entries` must be in the
/// order of the table.
pub fn sort_groups(entries: &mut [EntryItem], unsorted: Option<Timestamp>) {
    let groups = entries.chunk_by_mut(|one, next| one.entry.at == next.entry.at);
    for group in groups {
        let is_unsorted = group.first().map(|first| first.entry.at) == unsorted;
        if (2..=LARGEST_SORTED_GROUP).contains(&group.len()) && !is_unsorted {
            group.sort_by_cached_key(SameTimeSortKey::of);
        }
    }
}

/// Sorts the groups of a thread that is read page by page. The last group of a page may continue on
/// the next page, so it is returned only with that page. Between two pages at most
/// [`LARGEST_SORTED_GROUP`] entries are buffered.
#[derive(Debug, Default)]
pub struct ThreadSorter {
    /// The last group of the pages so far, which may continue on the next page.
    buffered: Vec<EntryItem>,
    /// The time of the last group that was too large.
    unsorted: Option<Timestamp>,
}

impl ThreadSorter {
    /// Takes the next page, in the order of the table. Returns the next entries in the order of the
    /// thread.
    pub fn push(&mut self, page: Vec<EntryItem>) -> Vec<EntryItem> {
        let mut entries = mem::take(&mut self.buffered);
        entries.extend(page);
        let Some(last) = entries.last().map(|last| last.entry.at) else {
            return entries;
        };
        let start = entries.partition_point(|entry| entry.entry.at < last);
        if entries.len() - start > LARGEST_SORTED_GROUP {
            self.unsorted = Some(last);
        } else if self.unsorted != Some(last) {
            self.buffered = entries.split_off(start);
        }
        sort_groups(&mut entries, self.unsorted);
        entries
    }

    /// Returns the last entries, after the last page.
    pub fn finish(mut self) -> Vec<EntryItem> {
        sort_groups(&mut self.buffered, self.unsorted);
        self.buffered
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        Author, AuthorKind, Entry, EntryContent, Message, MessageText, UniqueId, Visibility,
    };
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_epoch_seconds(second).unwrap()
    }

    fn entry(second: i64, id: &str, arrival: Option<ArrivalOrder>) -> EntryItem {
        let content = EntryContent::Message(Message {
            author: Author {
                kind: AuthorKind::Visitor,
                id: None,
                name: None,
            },
            text: MessageText::parse("Hi").unwrap(),
            attachments: Vec::new(),
            unlinked_attachments: Vec::new(),
        });
        let entry = Entry {
            id: EntryId::parse(id).unwrap(),
            at: at(second),
            visibility: Visibility::Public,
            content,
        };
        EntryItem {
            arrival,
            ..EntryItem::from(entry)
        }
    }

    /// The arrival of a message at a position of the body that arrived at a second.
    fn arrival(second: i64, position: usize) -> Option<ArrivalOrder> {
        let body = UniqueId::derived_from(&[&second.to_string()]);
        Some(ArrivalOrder::new(at(second), &body, position))
    }

    /// Entries in the order of the table.
    fn stored(mut entries: Vec<EntryItem>) -> Vec<EntryItem> {
        entries.sort_by_key(|item| (item.entry.at, item.entry.id.clone()));
        entries
    }

    fn ids(entries: &[EntryItem]) -> Vec<&str> {
        let ids = entries.iter().map(|item| item.entry.id.as_str());
        ids.collect()
    }

    /// The ids of a thread that is read in pages of so many entries.
    fn ids_in_pages(entries: &[EntryItem], size: usize) -> Vec<String> {
        let mut sorter = ThreadSorter::default();
        let mut sorted = Vec::new();
        for page in entries.chunks(size) {
            sorted.extend(sorter.push(page.to_vec()));
            assert!(sorter.buffered.len() <= LARGEST_SORTED_GROUP);
        }
        sorted.extend(sorter.finish());
        ids(&sorted).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn entries_of_one_time_are_in_the_order_of_their_arrival() {
        for (name, entries, expected) in [
            (
                "numbers of different length in one body",
                vec![
                    entry(0, "9", arrival(5, 0)),
                    entry(0, "10", arrival(5, 1)),
                    entry(0, "11", arrival(5, 2)),
                    entry(0, "100", arrival(5, 3)),
                ],
                vec!["9", "10", "11", "100"],
            ),
            (
                "bodies in the order in which they arrived",
                vec![
                    entry(0, "a", arrival(7, 0)),
                    entry(0, "b", arrival(6, 9)),
                    entry(0, "c", arrival(6, 10)),
                ],
                vec!["b", "c", "a"],
            ),
            (
                "entries of the former version first, by id",
                vec![
                    entry(0, "z", None),
                    entry(0, "rating_requested/0a", None),
                    entry(0, "a", arrival(5, 0)),
                ],
                vec!["rating_requested/0a", "z", "a"],
            ),
            (
                "time before arrival",
                vec![
                    entry(1, "a", arrival(5, 0)),
                    entry(1, "b", arrival(4, 0)),
                    entry(2, "c", arrival(3, 0)),
                ],
                vec!["b", "a", "c"],
            ),
        ] {
            let mut entries = stored(entries);
            sort_groups(&mut entries, None);
            assert_eq!(ids(&entries), expected, "{name}");
        }
    }

    #[test]
    fn a_group_of_1000_is_sorted_and_a_larger_one_stays_in_the_order_of_ids() {
        for (count, is_sorted) in [(1_000, true), (1_001, false)] {
            // They arrived in the reverse order of their ids.
            let group = (0..count).map(|number| {
                let id = format!("n{number:04}");
                entry(1, &id, arrival(5_000 - i64::from(number), 0))
            });
            let mut entries: Vec<_> = group.collect();
            entries.push(entry(2, "z", None));
            let mut expected: Vec<_> = (0..count).map(|number| format!("n{number:04}")).collect();
            if is_sorted {
                expected.reverse();
            }
            expected.push("z".to_owned());
            for size in [1, 7, 999, 1_000, 1_001, 1_002] {
                assert_eq!(ids_in_pages(&entries, size), expected, "{count} in {size}");
            }
        }
    }

    proptest! {
        #[test]
        fn pages_of_any_size_are_sorted_as_the_whole_thread(
            entries in prop::collection::vec((0..4_i64, "[a-c]{1,4}", prop::option::of(0..9_i64)), 0..40),
            size in 1..12_usize,
        ) {
            let entries = entries.into_iter().map(|(second, id, arrived)| {
                entry(second, &id, arrived.and_then(|arrived| arrival(arrived, 0)))
            });
            let mut entries = stored(entries.collect());
            entries.dedup_by_key(|item| (item.entry.at, item.entry.id.clone()));
            let pages = ids_in_pages(&entries, size);
            sort_groups(&mut entries, None);
            prop_assert_eq!(pages, ids(&entries));
        }
    }
}
