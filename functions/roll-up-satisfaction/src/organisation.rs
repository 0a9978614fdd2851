use std::collections::BTreeMap;
use std::time::Duration;

use domain::{OrganisationId, ReportDay};
use dynamodb::{Table, string};
use errors::Fault;
use futures_util::future::try_join_all;
use store::{PendingCountsItem, key};

use crate::fold::{Folded, fold};
use crate::pending::Unfolded;
use crate::run::Run;

/// How many items of each shard are read at a time: all shards together hold no more of them in
/// memory than a day of a large organisation has.
const ITEMS_AT_ONCE: i32 = 200;

/// How long readers are left alone between two folds. They read again what a fold came between.
const PAUSE: Duration = Duration::from_millis(250);

/// Folds what an organisation's shards hold of the days up to `last`. Returns how many folds it
/// took.
pub(crate) async fn fold_until(
    table: &Table,
    organisation: &OrganisationId,
    last: ReportDay,
    run: Run,
) -> Result<u64, Fault> {
    let mut folds = 0;
    loop {
        let days = read_unfolded(table, organisation, last).await?;
        if days.is_empty() {
            return Ok(folds);
        }
        for (day, unfolded) in days {
            let mut rest = unfolded.as_slice();
            while !rest.is_empty() {
                if !run.may_go_on() {
                    return Ok(folds);
                }
                if folds > 0 {
                    tokio::time::sleep(PAUSE).await;
                }
                match fold(table, organisation, day, rest, run).await? {
                    Folded::Some(count) => {
                        folds += 1;
                        rest = rest.get(count..).unwrap_or_default();
                    }
                    // Something was counted meanwhile: how these stand now, the next read tells.
                    Folded::Changed => rest = &[],
                    Folded::ByAnother => return Ok(folds),
                }
            }
        }
    }
}

/// What the shards hold of the days up to `last`, the first of each shard.
async fn read_unfolded(
    table: &Table,
    organisation: &OrganisationId,
    last: ReportDay,
) -> Result<BTreeMap<ReportDay, Vec<Unfolded>>, Fault> {
    let shards = (0..key::PENDING_SHARDS).map(|shard| {
        let partition = key::pending_partition(organisation, shard);
        let query = table
            .new_query()
            .consistent_read(true)
            // `$` comes right after the `#` that follows the day.
            .key_condition_expression("pk = :pk AND sk < :end")
            .expression_attribute_values(":pk", string(partition))
            .expression_attribute_values(":end", string(format!("{last}$")))
            .limit(ITEMS_AT_ONCE);
        table.read_page::<PendingCountsItem>(query)
    });
    let mut days: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (shard, page) in (0..).zip(try_join_all(shards).await?) {
        for counts in page.items {
            let (day, channel, agent) = (counts.day, &counts.channel, &counts.agent.id);
            let key = key::pending_counts(organisation, shard, day, channel, agent);
            days.entry(day).or_default().push(Unfolded { key, counts });
        }
    }
    Ok(days)
}
