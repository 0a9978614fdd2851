use std::cmp::Reverse;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use domain::{RatingRequestId, ReportDay, Timestamp};
use dynamodb::{Item, Key, Table, number, string};
use errors::Fault;
use futures_util::future::try_join_all;
use serde::Deserialize;
use store::{RATINGS_INDEX, key};

use crate::ratings::days::MatchingDay;
use crate::ratings::listing::Listing;
use crate::ratings::page_position::PagePosition;

/// The number of days that are read at a time. All shards of a day are read in parallel.
pub(super) const DAYS_AT_ONCE: usize = 2;

/// More items than DynamoDB returns in one page of the index.
const LARGEST_PAGE: usize = 10_000;

/// A rating in the index.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: Key,
    pub(super) rating_request_id: RatingRequestId,
    pub(super) day: ReportDay,
    pub(super) first_rated_at: Timestamp,
}

/// The keys of an index item.
#[derive(Deserialize)]
struct IndexItem {
    pk: String,
    sk: String,
    first_rated_at: Timestamp,
}

/// The part of a shard of a day that has been read.
#[derive(Debug, Default)]
struct Shard {
    partition: String,
    entries: Vec<Entry>,
    /// The start of the next page, and the time of the rating before it. `None` before the first
    /// page.
    next: Option<(Item, Timestamp)>,
    is_read: bool,
}

impl Entry {
    /// The position after this rating.
    pub(super) fn position(&self) -> PagePosition {
        PagePosition {
            day: self.day,
            within: Some((self.first_rated_at, self.rating_request_id.clone())),
        }
    }

    /// The sort key of the entries of a day.
    fn order(&self) -> Reverse<(Timestamp, &RatingRequestId)> {
        Reverse((self.first_rated_at, &self.rating_request_id))
    }

    fn read(item: IndexItem, day: ReportDay) -> Result<Self, Fault> {
        let rating_request_id = item.sk.strip_prefix(key::RATING_REQUESTS);
        let rating_request_id = rating_request_id.and_then(|id| RatingRequestId::parse(id).ok());
        Ok(Self {
            rating_request_id: rating_request_id
                .ok_or_else(|| Fault::internal("an item of the index is not a rating request"))?,
            key: Key {
                pk: item.pk,
                sk: item.sk,
            },
            day,
            first_rated_at: item.first_rated_at,
        })
    }
}

/// Reads the next `wanted` ratings of a day that match and are in the index, or all if there are
/// fewer.
pub(super) async fn read_day(
    table: &Table,
    listing: &Listing,
    day: &MatchingDay,
    wanted: usize,
) -> Result<Vec<Entry>, Fault> {
    let partition = |shard| key::ratings_partition(&listing.organisation, day.day, shard);
    let mut shards: Vec<_> = (0..key::RATINGS_SHARDS)
        .map(|shard| Shard {
            partition: partition(shard),
            ..Shard::default()
        })
        .collect();
    loop {
        let until = time_of(wanted, &shards);
        let behind = shards.iter_mut().filter(|shard| shard.is_behind(until));
        let reading: Vec<_> = behind
            .map(|shard| read_on(table, listing, day, wanted, shard))
            .collect();
        if reading.is_empty() {
            break;
        }
        try_join_all(reading).await?;
    }
    let mut entries: Vec<_> = shards.into_iter().flat_map(|it| it.entries).collect();
    entries.sort_by(|one, other| one.order().cmp(&other.order()));
    entries.truncate(wanted);
    Ok(entries)
}

/// Reads the next page of a shard.
async fn read_on(
    table: &Table,
    listing: &Listing,
    day: &MatchingDay,
    wanted: usize,
    shard: &mut Shard,
) -> Result<(), Fault> {
    let after = listing
        .after
        .as_ref()
        .filter(|position| position.day == day.day);
    let after = after.and_then(|position| position.within.as_ref());
    let start = shard.next.take().map(|(start, _)| start);
    let query = table
        .new_query()
        .index_name(RATINGS_INDEX)
        .scan_index_forward(false)
        .limit(page_size(day, wanted))
        .expression_attribute_values(":shard", string(&shard.partition))
        .set_exclusive_start_key(start);
    let query = match after {
        None => query.key_condition_expression("ratings_of = :shard"),
        Some((at, _)) => query
            .key_condition_expression("ratings_of = :shard AND first_rated_at <= :at")
            .expression_attribute_values(":at", string(at)),
    };
    let page = table.read_page(filtered(query, listing)).await?;
    for item in page.items {
        let entry = Entry::read(item, day.day)?;
        let is_new = after
            .is_none_or(|(at, id)| (entry.first_rated_at, &entry.rating_request_id) < (*at, id));
        if is_new {
            shard.entries.push(entry);
        }
    }
    shard.is_read = page.next.is_none();
    shard.next = page.next.map(with_time).transpose()?;
    Ok(())
}

impl Shard {
    /// Whether the shard may contain unread ratings of `until` or later. If `until` is `None`,
    /// whether it may contain any unread ratings.
    fn is_behind(&self, until: Option<Timestamp>) -> bool {
        let read_until = self.next.as_ref().map(|(_, time)| *time);
        let reaches = until
            .zip(read_until)
            .is_none_or(|(until, read_until)| read_until >= until);
        !self.is_read && reaches
    }
}

/// Returns the time of the last of the newest `wanted` ratings. Returns `None` if fewer have been
/// read so far.
fn time_of(wanted: usize, shards: &[Shard]) -> Option<Timestamp> {
    let entries = shards.iter().flat_map(|shard| &shard.entries);
    let mut times: Vec<_> = entries.map(|entry| Reverse(entry.first_rated_at)).collect();
    times.sort_unstable();
    let Reverse(time) = times.get(wanted.checked_sub(1)?)?;
    Some(*time)
}

/// The number of ratings to read from a shard at a time: twice the shard's part of `wanted`, and
/// more if few ratings match.
fn page_size(day: &MatchingDay, wanted: usize) -> i32 {
    let part = 2 * wanted / usize::from(key::RATINGS_SHARDS) + 8;
    let size = part.saturating_mul(day.ratings.div_ceil(day.matching.max(1)));
    i32::try_from(size.min(LARGEST_PAGE)).unwrap_or(i32::MAX)
}

/// Restricts `query` to the requested ratings.
fn filtered(mut query: QueryFluentBuilder, listing: &Listing) -> QueryFluentBuilder {
    let mut conditions = Vec::new();
    if let Some(agent) = &listing.filter.agent {
        conditions.push("#agent.id = :agent");
        query = query
            .expression_attribute_names("#agent", "agent")
            .expression_attribute_values(":agent", string(agent));
    }
    if let Some(channel) = &listing.filter.channel {
        conditions.push("channel = :channel");
        query = query.expression_attribute_values(":channel", string(channel));
    }
    if let Some((least, most)) = listing.scores.range() {
        conditions.push("rated_score BETWEEN :least AND :most");
        query = query
            .expression_attribute_values(":least", number(least.get()))
            .expression_attribute_values(":most", number(most.get()));
    }
    if conditions.is_empty() {
        query
    } else {
        query.filter_expression(conditions.join(" AND "))
    }
}

/// Returns the key at which a page of the index ended, and the time of its last rating.
fn with_time(next: Item) -> Result<(Item, Timestamp), Fault> {
    let time = next
        .get("first_rated_at")
        .and_then(|time| Timestamp::parse(time.as_s().ok()?).ok())
        .ok_or_else(|| Fault::internal("the last item on a page of the index has no time"))?;
    Ok((next, time))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_epoch_seconds(second).unwrap()
    }

    fn shard(times: &[i64], is_read: bool) -> Shard {
        let day = ReportDay::parse("2026-11-22").unwrap();
        let entries = times.iter().map(|time| {
            let item = IndexItem {
                pk: "main#c1".to_owned(),
                sk: format!("REQUEST#r{time}"),
                first_rated_at: at(*time),
            };
            Entry::read(item, day).unwrap()
        });
        let next = times.last().filter(|_| !is_read);
        Shard {
            partition: String::new(),
            entries: entries.collect(),
            next: next.map(|time| (Item::new(), at(*time))),
            is_read,
        }
    }

    #[test]
    fn a_shard_is_read_while_it_may_contain_the_next_rating() {
        let shards = [
            shard(&[90, 50], false),
            shard(&[80, 70], false),
            shard(&[60], true),
        ];
        let until = time_of(4, &shards);
        assert_eq!(until, Some(at(60)));
        let behind: Vec<_> = shards.iter().map(|it| it.is_behind(until)).collect();
        // The second shard may contain ratings between 70 and 60.
        assert_eq!(behind, [false, true, false]);
        // Several ratings may have the same time.
        assert!(shards[0].is_behind(Some(at(50))));
    }

    #[test]
    fn every_shard_is_read_until_the_order_is_certain() {
        let shards = [shard(&[90], false), Shard::default(), shard(&[], true)];
        assert_eq!(time_of(2, &shards), None);
        let behind: Vec<_> = shards.iter().map(|it| it.is_behind(None)).collect();
        assert_eq!(behind, [true, true, false]);
    }
}
