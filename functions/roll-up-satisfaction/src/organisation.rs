use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::Duration;

use domain::{OrganisationId, ReportDay};
use dynamodb::{Table, string};
use errors::Fault;
use futures_util::future::try_join_all;
use serde::de::DeserializeOwned;
use store::{PendingCountsItem, SubsetCountsItem, key};

use crate::lock::RollUpOutcome;
use crate::pending::{PendingCounts, PendingSubset};
use crate::roll_up::roll_up;
use crate::roll_up_subsets::roll_up_subsets;
use crate::run::Run;

/// The number of items that are read from each shard at a time. The items of all shards together
/// need no more memory than a day of a large organisation.
const ITEMS_AT_ONCE: i32 = 200;

/// The pause between two roll-ups. It gives readers time, because they must repeat a read that a
/// roll-up interrupted.
const PAUSE: Duration = Duration::from_millis(250);

/// Returns the partition key of a shard of pending counts.
type ShardPartition = fn(&OrganisationId, u8) -> String;

/// Rolls up an organisation's pending counts of the days up to `last`. Returns the number of
/// roll-ups.
pub(crate) async fn roll_up_until(
    table: &Table,
    organisation: &OrganisationId,
    last: ReportDay,
    run: Run,
) -> Result<u64, Fault> {
    let mut roll_ups = 0;
    roll_up_counts_until(table, organisation, last, run, &mut roll_ups).await?;
    for partition in [key::pending_reasons_partition, key::pending_rules_partition] {
        roll_up_subsets_until(table, organisation, last, run, partition, &mut roll_ups).await?;
    }
    Ok(roll_ups)
}

async fn roll_up_counts_until(
    table: &Table,
    organisation: &OrganisationId,
    last: ReportDay,
    run: Run,
    roll_ups: &mut u64,
) -> Result<(), Fault> {
    loop {
        let days = read_pending(table, organisation, last).await?;
        if days.is_empty() {
            return Ok(());
        }
        for (day, pending) in days {
            let roll_up = |rest| roll_up(table, organisation, day, rest, run);
            if move_all(&pending, roll_up, run, roll_ups).await?.is_break() {
                return Ok(());
            }
        }
    }
}

async fn roll_up_subsets_until(
    table: &Table,
    organisation: &OrganisationId,
    last: ReportDay,
    run: Run,
    partition: ShardPartition,
    roll_ups: &mut u64,
) -> Result<(), Fault> {
    loop {
        let pending = read_pending_subsets(table, organisation, last, partition).await?;
        if pending.is_empty() {
            return Ok(());
        }
        let roll_up = |rest| roll_up_subsets(table, organisation, rest, run);
        if move_all(&pending, roll_up, run, roll_ups).await?.is_break() {
            return Ok(());
        }
    }
}

/// Moves `pending` with as many roll-ups as that needs, and adds their number to `roll_ups`. Breaks
/// if no other roll-up may follow in this run.
async fn move_all<'a, T, F: Future<Output = Result<RollUpOutcome, Fault>>>(
    pending: &'a [T],
    roll_up: impl Fn(&'a [T]) -> F,
    run: Run,
    roll_ups: &mut u64,
) -> Result<ControlFlow<()>, Fault> {
    let mut rest = pending;
    while !rest.is_empty() {
        if !run.may_go_on() {
            return Ok(ControlFlow::Break(()));
        }
        if *roll_ups > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        match roll_up(rest).await? {
            RollUpOutcome::Some(count) => {
                *roll_ups += 1;
                rest = rest.get(count..).unwrap_or_default();
            }
            // Something was counted in the meantime. The next read returns the current counts.
            RollUpOutcome::Changed => break,
            RollUpOutcome::DoneByAnother => return Ok(ControlFlow::Break(())),
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// Reads the pending counts of the days up to `last`: the first page of each shard.
async fn read_pending(
    table: &Table,
    organisation: &OrganisationId,
    last: ReportDay,
) -> Result<BTreeMap<ReportDay, Vec<PendingCounts>>, Fault> {
    let partition = key::pending_partition;
    let shards = read_shards::<PendingCountsItem>(table, organisation, last, partition).await?;
    let mut days: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (shard, items) in shards {
        for counts in items {
            let (day, channel, agent) = (counts.day, &counts.channel, &counts.agent.id);
            let key = key::pending_counts(organisation, shard, day, channel, agent);
            days.entry(day)
                .or_default()
                .push(PendingCounts { key, counts });
        }
    }
    Ok(days)
}

/// Reads the pending counts of subsets of the days up to `last`: the first page of each shard.
async fn read_pending_subsets(
    table: &Table,
    organisation: &OrganisationId,
    last: ReportDay,
    partition: ShardPartition,
) -> Result<Vec<PendingSubset>, Fault> {
    let shards = read_shards::<SubsetCountsItem>(table, organisation, last, partition).await?;
    let mut pending = Vec::new();
    for (shard, items) in shards {
        for counts in items {
            let key = counts.pending_key(organisation, shard)?;
            pending.push(PendingSubset { key, counts });
        }
    }
    Ok(pending)
}

/// Reads the items of the days up to `last` from the first page of each shard's `partition`.
async fn read_shards<T: DeserializeOwned>(
    table: &Table,
    organisation: &OrganisationId,
    last: ReportDay,
    partition: ShardPartition,
) -> Result<impl Iterator<Item = (u8, Vec<T>)>, Fault> {
    let shards = (0..key::PENDING_SHARDS).map(|shard| {
        let query = table
            .new_query()
            .consistent_read(true)
            // `$` sorts directly after the `#` that follows the day in the key.
            .key_condition_expression("pk = :pk AND sk < :end")
            .expression_attribute_values(":pk", string(partition(organisation, shard)))
            .expression_attribute_values(":end", string(format!("{last}$")))
            .limit(ITEMS_AT_ONCE);
        table.read_page::<T>(query)
    });
    let pages = try_join_all(shards).await?;
    Ok((0..).zip(pages.into_iter().map(|page| page.items)))
}
