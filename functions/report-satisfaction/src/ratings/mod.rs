//! `GET /v1/ratings` lists the ratings that the counts are based on, newest first.
//!
//! The counts show which days have matching ratings. Those days are read from the index, newest
//! first. Within a day, the rating with the latest first answer comes first. The day of a rating
//! and the time of its first answer never change. A page therefore continues exactly at the end of
//! the previous one, even if ratings are added in the meantime.

mod body;
mod days;
mod index;
mod items;
mod listing;
mod page_position;

use dynamodb::{MAX_KEYS_IN_BATCH, Table};
use errors::{Failure, Fault};
use futures_util::{StreamExt, TryStreamExt, stream};
use lambda::http::{HttpRequest, HttpResponse, ResponseBudget, TenantResolver};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use store::{CountedBy, CountsQuery, ReasonsOf, sum_counts};

use self::body::RatingBody;
use self::days::{DaySums, MatchingDay};
use self::index::{DAYS_AT_ONCE, Entry, read_day};
use self::items::{BATCHES_AT_ONCE, read_requests};
use self::listing::{Listing, PATH};
use self::page_position::PagePosition;
use crate::csv_table::CsvTable;
use crate::cursor::Cursor;
use crate::next_page::NextPage;
use crate::representation::{Representation, representation};
use crate::responses::{csv_response, json_response};

/// The maximum number of days that one page reads, so that it returns in time even if each day has
/// few ratings. Such a page can have fewer ratings than requested.
const DAYS_IN_A_PAGE: usize = 31;

/// One page as JSON.
#[derive(Serialize)]
struct PageBody<'a> {
    ratings: Vec<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<&'a str>,
}

/// Lists one page of ratings.
pub(crate) async fn list_ratings(
    table: &Table,
    tenants: &TenantResolver,
    request: &HttpRequest,
) -> Result<HttpResponse, Failure> {
    let listing = Listing::decode(request, tenants)?;
    match representation(request) {
        Representation::Json => {
            let mut budget = ResponseBudget::of_body();
            let mut ratings = Vec::new();
            let next = read_ratings(table, &listing, |rating| {
                let rating = to_raw_value(rating)
                    .map_err(|_| Fault::internal("a rating cannot be serialized as JSON"))?;
                let has_room = budget.take(rating.get());
                if has_room {
                    ratings.push(rating);
                }
                Ok(has_room)
            })
            .await?;
            let next = next.map(|position| listing.cursor(&position));
            Ok(json_response(PageBody {
                ratings,
                next_cursor: next.as_ref().map(Cursor::as_str),
            }))
        }
        Representation::Csv => {
            let mut csv = CsvTable::new(RatingBody::COLUMNS)?;
            let next = read_ratings(table, &listing, |rating| csv.push(rating.cells()?)).await?;
            let next = next.map(|position| listing.cursor(&position));
            let parameters = listing.parameters().with("limit", listing.limit);
            let next = next.map(|cursor| NextPage::new(request, PATH, &parameters, &cursor));
            Ok(csv_response(csv, "ratings", listing.span, next.as_ref()))
        }
    }
}

/// Reads the requested number of ratings one by one, until `add` has no room for one. If ratings are
/// filtered after they are read, there may be fewer. Returns the position where the next page begins,
/// if there is one.
async fn read_ratings(
    table: &Table,
    listing: &Listing,
    mut add: impl FnMut(&RatingBody) -> Result<bool, Fault>,
) -> Result<Option<PagePosition>, Fault> {
    let by = match listing.filter.agent {
        Some(_) => CountedBy::Agent,
        None => CountedBy::Channel,
    };
    let query = CountsQuery {
        organisation: &listing.organisation,
        span: listing.span,
        by,
        asked_by: None,
        reasons: ReasonsOf::Nobody,
        now: listing.now,
    };
    let counts = sum_counts(table, query, |sums: &mut DaySums, count| {
        sums.add(&count, listing);
    })
    .await?;
    let days = counts.sums.matching(listing);
    let (entries, next) = read_entries(table, listing, &days).await?;
    let mut left = listing.limit;
    let batches: Vec<_> = entries
        .chunks(MAX_KEYS_IN_BATCH)
        .map(|chunk| read_requests(table, chunk))
        .collect();
    let mut requests = stream::iter(batches).buffered(BATCHES_AT_ONCE);
    let mut last = None;
    for chunk in entries.chunks(MAX_KEYS_IN_BATCH) {
        let mut read = requests.try_next().await?.unwrap_or_default();
        for entry in chunk {
            let request = read.remove(&entry.rating_request_id);
            let rating = request.and_then(|request| RatingBody::of(request, listing));
            if let Some(rating) = rating {
                if left == 0 || !add(&rating)? {
                    return Ok(last);
                }
                left -= 1;
            }
            last = Some(entry.position());
        }
    }
    Ok(next)
}

/// Finds the next ratings in the index: as many as one page reads, or fewer if too many days have few
/// ratings. Also returns the position after which there may be more.
async fn read_entries(
    table: &Table,
    listing: &Listing,
    mut days: &[MatchingDay],
) -> Result<(Vec<Entry>, Option<PagePosition>), Fault> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut left = DAYS_IN_A_PAGE;
    let mut last_day = None;
    let most = listing.most_to_read();
    // One rating more than requested shows whether another page follows.
    while entries.len() <= most && left > 0 && !days.is_empty() {
        let wanted = most + 1 - entries.len();
        let (now, later) = days.split_at(days::enough(days, wanted).min(left));
        let reading: Vec<_> = now
            .iter()
            .map(|day| read_day(table, listing, day, wanted))
            .collect();
        let read: Vec<_> = stream::iter(reading)
            .buffered(DAYS_AT_ONCE)
            .try_collect()
            .await?;
        entries.extend(read.into_iter().flatten());
        left -= now.len();
        last_day = now.last();
        days = later;
    }
    let next = if entries.len() > most {
        entries.truncate(most);
        entries.last().map(Entry::position)
    } else if days.is_empty() {
        None
    } else {
        last_day.map(|day| PagePosition::after_day(day.day))
    };
    Ok((entries, next))
}
