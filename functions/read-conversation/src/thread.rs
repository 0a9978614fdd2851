use std::collections::BTreeMap;

use domain::{EntryId, Timestamp};
use dynamodb::{Batch, Item, MAX_KEYS_IN_BATCH, Page, Table, exclude_expired};
use errors::Fault;
use store::{EntryItem, LARGEST_SORTED_GROUP, SameTimeSortKey, key, sort_groups};

use crate::cursor::{Cursor, GroupOrder};
use crate::page_builder::{PageBuilder, ThreadPage};
use crate::reading::Reading;

/// How many entries of the cursor's own time are usually read again: the entry itself and a few of
/// the same time. A larger group takes more round trips.
const REPEATED: usize = 4;

/// Reads one page of the thread, oldest first.
///
/// The last group of entries of the same time may continue on the next DynamoDB page. If this page
/// needs entries of that group, the order of the whole group is read first. Then the entries that
/// were not read yet are read.
pub(crate) async fn read_thread(table: &Table, reading: &Reading) -> Result<ThreadPage, Fault> {
    let mut page = PageBuilder::new(reading.limit.into());
    let after = reading.cursor.as_ref();
    let (after, mut by_id) = match after.map(|cursor| cursor.order) {
        None => (None, None),
        Some(GroupOrder::Arrival) => (after, None),
        Some(GroupOrder::Id) => (None, after.map(|cursor| cursor.at)),
    };
    let mut start = reading.cursor.as_ref().map(|cursor| reading.start(cursor));
    let mut repeated = after.map_or(0, |_| REPEATED);
    loop {
        // One more entry than fits shows whether another page follows.
        let count = page.room() + 1 + repeated;
        let Page { mut items, next } = read_entries(table, reading, count, start).await?;
        repeated = 0;
        // The last group may continue on the next DynamoDB page.
        let open_at = items.last().map(|item| item.entry.at);
        let open = match open_at.filter(|_| next.is_some()) {
            Some(at) => items.split_off(items.partition_point(|item| item.entry.at < at)),
            None => Vec::new(),
        };
        sort_groups(&mut items, by_id);
        skip_through(&mut items, after);
        if !page.extend(items, by_id)? {
            return Ok(page.with_next());
        }
        if next.is_none() {
            return Ok(page.without_next());
        }
        let Some(at) = open.first().map(|item| item.entry.at) else {
            // All of the DynamoDB page has expired.
            start = next;
            continue;
        };
        if by_id != Some(at) {
            // This group may continue, and it is not the group of the cursor. That one would be
            // first, with nothing before it.
            if page.room() == 0 || page.has_enough_bytes() {
                return Ok(page.with_next());
            }
            if let Some(mut places) = read_places(table, reading, at).await? {
                let ids = open.iter().map(|item| &item.entry.id);
                let end = ids.chain(places.iter().map(|place| &place.id)).max();
                start = end.map(|id| reading.entry_key(at, id).into_item());
                places.sort();
                skip_places_through(&mut places, at, after);
                if !extend_by(table, &mut page, reading, at, places, open).await? {
                    return Ok(page.with_next());
                }
                continue;
            }
            by_id = Some(at);
        }
        if !page.extend(open, by_id)? || page.has_enough_bytes() {
            return Ok(page.with_next());
        }
        start = next;
    }
}

/// Reads one DynamoDB page of at most `count` entries.
async fn read_entries(
    table: &Table,
    reading: &Reading,
    count: usize,
    start: Option<Item>,
) -> Result<Page<EntryItem>, Fault> {
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    let query = table.query(reading.partition(), key::ENTRIES);
    let query = query.limit(count).set_exclusive_start_key(start);
    table.read_page(exclude_expired(query, reading.now)).await
}

/// Reads the places of all entries of the time `at`. Returns `None` if they are too many to be
/// sorted.
async fn read_places(
    table: &Table,
    reading: &Reading,
    at: Timestamp,
) -> Result<Option<Vec<SameTimeSortKey>>, Fault> {
    let query = table
        .query(reading.partition(), &key::entries_at(at))
        .projection_expression("id, arrival");
    let mut pages = table.pages(exclude_expired(query, reading.now));
    let mut places = Vec::new();
    while let Some(page) = pages.next().await? {
        places.extend(page);
        if places.len() > LARGEST_SORTED_GROUP {
            return Ok(None);
        }
    }
    Ok(Some(places))
}

/// Adds the entries of the time `at` in the order of `places`. Returns `false` if not all of them
/// fit. Entries that are not in `read` are read now.
async fn extend_by(
    table: &Table,
    page: &mut PageBuilder,
    reading: &Reading,
    at: Timestamp,
    mut places: Vec<SameTimeSortKey>,
    read: Vec<EntryItem>,
) -> Result<bool, Fault> {
    let fits = places.len() <= page.room();
    places.truncate(page.room());
    let read = read.into_iter().map(|item| (item.entry.id.clone(), item));
    let mut read: BTreeMap<EntryId, EntryItem> = read.collect();
    for places in places.chunks(MAX_KEYS_IN_BATCH) {
        let keys = places
            .iter()
            .filter(|place| !read.contains_key(&place.id))
            .map(|place| reading.entry_key(at, &place.id));
        let keys: Vec<_> = keys.collect();
        if !keys.is_empty() {
            let mut batch = Batch::read(table, keys.iter().cloned()).await?;
            for key in &keys {
                if let Some(item) = batch.take::<EntryItem>(key)? {
                    read.insert(item.entry.id.clone(), item);
                }
            }
        }
        // Entries that are missing were erased meanwhile.
        let items = places.iter().filter_map(|place| read.remove(&place.id));
        let items: Vec<_> = items.collect();
        if !page.extend(items, None)? {
            return Ok(false);
        }
    }
    Ok(fits)
}

/// Removes the entries up to the one of the cursor. If that entry has expired meanwhile, all
/// entries stay: its place is unknown, and no entry must be skipped.
fn skip_through(items: &mut Vec<EntryItem>, cursor: Option<&Cursor>) {
    let last = cursor.and_then(|cursor| {
        let is_last = |item: &EntryItem| item.entry.at == cursor.at && item.entry.id == cursor.id;
        items.iter().position(is_last)
    });
    if let Some(last) = last {
        items.drain(..=last);
    }
}

/// Does the same for the places of the entries of the time `at`.
fn skip_places_through(places: &mut Vec<SameTimeSortKey>, at: Timestamp, cursor: Option<&Cursor>) {
    let last = cursor
        .filter(|cursor| cursor.at == at)
        .and_then(|cursor| places.iter().position(|place| place.id == cursor.id));
    if let Some(last) = last {
        places.drain(..=last);
    }
}
