use domain::{OrganisationId, ReportDay, Timestamp};
use dynamodb::{
    ItemOutcome, Key, Table, TransactOutcome, TransactWriteItem, WriteOutcome, number, string,
    transact_all, transact_item, update_if,
};
use errors::Fault;
use store::{AgentsItem, DayItem, PendingCountsItem, RollupLockItem, key};

use crate::day::Day;
use crate::pending::PendingCounts;
use crate::run::Run;

/// The outcome of a roll-up.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum RollUpOutcome {
    /// This many of the counts, from the first on, were moved.
    Some(usize),
    /// Some of the counts changed in the meantime.
    Changed,
    /// Another run is rolling up counts.
    DoneByAnother,
}

/// Moves `pending`, counts of one day, into the day's items. Moves as many of them as one
/// transaction can.
///
/// Every roll-up increments the version of the organisation's [`RollupLockItem`]. It writes only if
/// the version is the same as before the day's items were read. Those items are then unchanged as
/// well.
pub(crate) async fn roll_up(
    table: &Table,
    organisation: &OrganisationId,
    day: ReportDay,
    pending: &[PendingCounts],
    run: Run,
) -> Result<RollUpOutcome, Fault> {
    let now = run.now();
    let before: RollupLockItem = table
        .get(key::rollup_lock(organisation))
        .await?
        .unwrap_or_default();
    if !before.is_unlocked(now) {
        return Ok(RollUpOutcome::DoneByAnother);
    }
    let mut day_counts = read_day(table, organisation, day).await?;
    let count = day_counts.add(pending);
    let moved = pending.get(..count).unwrap_or_default();
    let mut items = vec![begin(table, organisation, before, now)?];
    for PendingCounts { key, counts } in moved {
        items.push(remove(table, key.clone(), counts)?);
    }
    let (day_item, parts) = day_counts.into_changed();
    items.push(transact_item(
        table.put(key::day(organisation, day), &day_item)?,
    )?);
    for part in parts {
        let key = key::day_agents(organisation, day, part.part);
        items.push(transact_item(table.put(key, &part)?)?);
    }
    match transact_all(table, &items).await? {
        TransactOutcome::Committed => {
            end(table, organisation, before.version + 1).await?;
            Ok(RollUpOutcome::Some(count))
        }
        TransactOutcome::Refused(outcomes) => Ok(match outcomes.first() {
            Some(ItemOutcome::Failed(_)) => RollUpOutcome::DoneByAnother,
            _ => RollUpOutcome::Changed,
        }),
        TransactOutcome::Unknown(fault) => Err(fault),
    }
}

async fn read_day(
    table: &Table,
    organisation: &OrganisationId,
    day: ReportDay,
) -> Result<Day, Fault> {
    let partition = key::rolled_up_partition(organisation);
    let parts = table.query(partition, &format!("{}{day}#", key::AGENTS));
    let (totals, parts) = tokio::try_join!(
        table.get::<DayItem>(key::day(organisation, day)),
        table.read_all::<AgentsItem>(parts),
    )?;
    Ok(Day::new(day, totals, parts))
}

/// Marks the start of a roll-up. The condition fails if another roll-up started since `before` was
/// read.
fn begin(
    table: &Table,
    organisation: &OrganisationId,
    before: RollupLockItem,
    now: Timestamp,
) -> Result<TransactWriteItem, Fault> {
    let version = i64::try_from(before.version).unwrap_or(i64::MAX);
    let begin = table
        .update(key::rollup_lock(organisation))
        .update_expression("SET #version = :next, folding_since = :now")
        .expression_attribute_names("#version", "version")
        .expression_attribute_values(":next", number(version.saturating_add(1)))
        .expression_attribute_values(":now", string(now));
    transact_item(if version == 0 {
        begin.condition_expression("attribute_not_exists(#version)")
    } else {
        begin
            .condition_expression("#version = :version")
            .expression_attribute_values(":version", number(version))
    })
}

/// Marks the end of a roll-up. Readers wait for this mark. If another roll-up started in the
/// meantime, that one marks its own end.
async fn end(table: &Table, organisation: &OrganisationId, version: u64) -> Result<(), Fault> {
    let version = i64::try_from(version).unwrap_or(i64::MAX);
    let end = table
        .update(key::rollup_lock(organisation))
        .update_expression("REMOVE folding_since")
        .condition_expression("#version = :version")
        .expression_attribute_names("#version", "version")
        .expression_attribute_values(":version", number(version));
    match update_if(table, end).await? {
        WriteOutcome::Written(_) | WriteOutcome::Refused(_) => Ok(()),
    }
}

/// Deletes counts from their shard if they equal the amount that is moved. If they changed and
/// equal it again, the amount to move is still correct.
fn remove(table: &Table, key: Key, counts: &PendingCountsItem) -> Result<TransactWriteItem, Fault> {
    let condition: Vec<_> = PendingCountsItem::AMOUNTS
        .iter()
        .map(|(attribute, value)| format!("{attribute} = {value}"))
        .collect();
    let mut delete = table
        .delete(key)
        .condition_expression(condition.join(" AND "));
    for (placeholder, amount) in PendingCountsItem::amounts(counts.change()) {
        delete = delete.expression_attribute_values(placeholder, number(amount));
    }
    transact_item(delete)
}
