use domain::{OrganisationId, Timestamp};
use dynamodb::{
    ItemOutcome, Table, TransactOutcome, TransactWriteItem, WriteOutcome, number, string,
    transact_all, transact_item, update_if,
};
use errors::Fault;
use store::{RollupLockItem, key};

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

/// The lock of an organisation's roll-ups, as it was read before a roll-up.
///
/// Every roll-up increments the version of the organisation's [`RollupLockItem`], and writes only if
/// the version is still as it was read.
#[derive(Debug)]
pub(crate) struct Lock<'a> {
    organisation: &'a OrganisationId,
    before: RollupLockItem,
    now: Timestamp,
}

impl<'a> Lock<'a> {
    /// Reads the lock. Returns `None` if another roll-up may be running.
    pub(crate) async fn read(
        table: &Table,
        organisation: &'a OrganisationId,
        now: Timestamp,
    ) -> Result<Option<Self>, Fault> {
        let before: RollupLockItem = table
            .get(key::rollup_lock(organisation))
            .await?
            .unwrap_or_default();
        Ok(before.is_unlocked(now).then_some(Self {
            organisation,
            before,
            now,
        }))
    }

    /// Writes `items`, which move `count` pending counts, in one transaction.
    pub(crate) async fn write(
        self,
        table: &Table,
        items: Vec<TransactWriteItem>,
        count: usize,
    ) -> Result<RollUpOutcome, Fault> {
        let Self {
            organisation,
            before,
            now,
        } = self;
        let mut all = vec![begin(table, organisation, before, now)?];
        all.extend(items);
        match transact_all(table, &all).await? {
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
