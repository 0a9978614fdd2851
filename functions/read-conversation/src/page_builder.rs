use domain::{Entry, Timestamp};
use errors::Fault;
use lambda::http::ResponseBudget;
use serde_json::value::{RawValue, to_raw_value};
use store::EntryItem;

use crate::cursor::{Cursor, GroupOrder};

/// The maximum size of a page of the thread in Lambda's response, in bytes. Any entry fits, because
/// an item has at most 400 kB and each of its bytes takes at most seven.
const PAGE_BYTES: usize = 4_000_000;

/// No further entry is added to a page of this size in bytes, which is about the size of a DynamoDB
/// page.
const FULL_BYTES: usize = 1_000_000;

/// A page of this size in bytes ends at the end of a DynamoDB page.
const ENOUGH_BYTES: usize = 500_000;

/// One page of a thread.
#[derive(Debug)]
pub(crate) struct ThreadPage {
    /// The entries in the format of the response.
    pub(crate) entries: Vec<Box<RawValue>>,
    /// The cursor of the next page, or `None` on the last page.
    pub(crate) next: Option<Cursor>,
}

/// A page to which entries are added until one does not fit.
pub(crate) struct PageBuilder {
    limit: usize,
    budget: ResponseBudget,
    entries: Vec<Box<RawValue>>,
    last: Option<Cursor>,
}

impl PageBuilder {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            budget: ResponseBudget::of_part(PAGE_BYTES),
            entries: Vec::new(),
            last: None,
        }
    }

    /// Returns how many more entries the limit allows.
    pub(crate) fn room(&self) -> usize {
        self.limit.saturating_sub(self.entries.len())
    }

    /// Returns the size of the entries in bytes.
    pub(crate) fn size(&self) -> usize {
        PAGE_BYTES.saturating_sub(self.budget.left())
    }

    pub(crate) fn has_enough_bytes(&self) -> bool {
        self.size() >= ENOUGH_BYTES
    }

    /// Adds an entry. Returns `false` if it does not fit. The first entry is always added, so that
    /// each page makes progress.
    fn push(&mut self, entry: Entry, order: GroupOrder) -> Result<bool, Fault> {
        if self.room() == 0 || self.size() >= FULL_BYTES {
            return Ok(false);
        }
        let text = to_raw_value(&entry)
            .map_err(|_| Fault::internal("an entry cannot be serialized as JSON"))?;
        if !self.budget.take(text.get()) && !self.entries.is_empty() {
            return Ok(false);
        }
        self.entries.push(text);
        self.last = Some(Cursor {
            at: entry.at,
            id: entry.id,
            order,
        });
        Ok(true)
    }

    /// Adds entries in their order. Returns `false` if one does not fit. Entries of the time
    /// `by_id` are in the order of their ids.
    pub(crate) fn extend(
        &mut self,
        items: impl IntoIterator<Item = EntryItem>,
        by_id: Option<Timestamp>,
    ) -> Result<bool, Fault> {
        for EntryItem { entry, .. } in items {
            let order = if by_id == Some(entry.at) {
                GroupOrder::Id
            } else {
                GroupOrder::Arrival
            };
            if !self.push(entry, order)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns the page with a cursor for the next one.
    pub(crate) fn with_next(self) -> ThreadPage {
        ThreadPage {
            entries: self.entries,
            next: self.last,
        }
    }

    /// Returns the page as the last one.
    pub(crate) fn without_next(self) -> ThreadPage {
        ThreadPage {
            entries: self.entries,
            next: None,
        }
    }
}
