use domain::{OrganisationId, ReportDay};
use dynamodb::{Table, transact_item};
use errors::Fault;
use store::{AgentsItem, DayItem, key};

use crate::day::Day;
use crate::lock::{Lock, RollUpOutcome};
use crate::pending::PendingCounts;
use crate::run::Run;

/// Moves `pending`, counts of one day, into the day's items. Moves as many of them as one
/// transaction can.
///
/// It writes only if no other roll-up started since the [`Lock`] was read, which is before the day's
/// items are read. Those items are then unchanged as well.
pub(crate) async fn roll_up(
    table: &Table,
    organisation: &OrganisationId,
    day: ReportDay,
    pending: &[PendingCounts],
    run: Run,
) -> Result<RollUpOutcome, Fault> {
    let Some(lock) = Lock::read(table, organisation, run.now()).await? else {
        return Ok(RollUpOutcome::DoneByAnother);
    };
    let mut day_counts = read_day(table, organisation, day).await?;
    let count = day_counts.add(pending);
    let moved = pending.get(..count).unwrap_or_default();
    let mut items = Vec::new();
    for counts in moved {
        items.push(counts.delete(table)?);
    }
    let (day_item, parts) = day_counts.into_changed();
    items.push(transact_item(
        table.put(key::day(organisation, day), &day_item)?,
    )?);
    for part in parts {
        let key = key::day_agents(organisation, day, part.part);
        items.push(transact_item(table.put(key, &part)?)?);
    }
    lock.write(table, items, count).await
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
