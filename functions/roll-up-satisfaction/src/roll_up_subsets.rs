use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use domain::OrganisationId;
use dynamodb::{Key, Table};
use errors::Fault;
use store::SubsetCountsItem;

use crate::lock::{Lock, RollUpOutcome};
use crate::pending::PendingSubset;
use crate::run::Run;

/// The maximum number of pending counts of subsets that one roll-up moves. A DynamoDB transaction has
/// at most 100 actions: the lock's, and three for each of these.
const COUNTS_AT_MOST: usize = 33;

/// Adds `pending` to the rolled-up counts of all agents and of each agent, and deletes them. Moves as
/// many of them as one transaction can.
///
/// The rolled-up counts are not read, because adding to them needs no read.
pub(crate) async fn roll_up_subsets(
    table: &Table,
    organisation: &OrganisationId,
    pending: &[PendingSubset],
    run: Run,
) -> Result<RollUpOutcome, Fault> {
    let Some(lock) = Lock::read(table, organisation, run.now()).await? else {
        return Ok(RollUpOutcome::DoneByAnother);
    };
    let count = pending.len().min(COUNTS_AT_MOST);
    let moved = pending.get(..count).unwrap_or_default();
    let mut items = Vec::new();
    for counts in moved {
        items.push(counts.delete(table)?);
    }
    for (key, counts) in rolled_up(organisation, moved)? {
        items.push(counts.add_to(table, key)?);
    }
    lock.write(table, items, count).await
}

/// The counts to add to the rolled-up counts, by the keys of those. A transaction may write an item
/// only once.
fn rolled_up(
    organisation: &OrganisationId,
    moved: &[PendingSubset],
) -> Result<Vec<(Key, SubsetCountsItem)>, Fault> {
    let mut sums: BTreeMap<(String, String), SubsetCountsItem> = BTreeMap::new();
    for PendingSubset { counts, .. } in moved {
        let of_all = SubsetCountsItem {
            agent_id: None,
            ..counts.clone()
        };
        for counts in [of_all, counts.clone()] {
            let Key { pk, sk } = counts.rolled_up_key(organisation)?;
            match sums.entry((pk, sk)) {
                Entry::Vacant(entry) => {
                    entry.insert(counts);
                }
                Entry::Occupied(mut entry) => {
                    let sum = entry.get().change() + counts.change();
                    entry.insert(counts.with(sum));
                }
            }
        }
    }
    let sums = sums.into_iter();
    Ok(sums.map(|((pk, sk), sum)| (Key { pk, sk }, sum)).collect())
}

#[cfg(test)]
mod tests {
    use domain::{AgentId, AskedBy, Channel, CountsDelta, ReasonId, ReportDay};

    use super::*;

    /// Pending counts of an agent: by reason, or of requests by a rule if `reason` is empty.
    fn pending(agent: &str, reason: &str, amount: [i64; 6]) -> PendingSubset {
        let day = ReportDay::parse("2026-11-03").unwrap();
        let agent_id = AgentId::parse(agent).ok();
        let asked_by = reason.is_empty().then_some(AskedBy::Rule);
        let reason_id = ReasonId::parse(reason).ok();
        let counts = SubsetCountsItem::new(day, Channel::widget(), agent_id, asked_by, reason_id);
        PendingSubset {
            key: Key {
                pk: "p".to_owned(),
                sk: format!("{agent} {reason}"),
            },
            counts: counts.with(CountsDelta::from(amount)),
        }
    }

    #[test]
    fn counts_of_several_shards_are_added_to_each_item_once() {
        let organisation = OrganisationId::parse("main").unwrap();
        let moved = [
            pending("kim", "slow", [0, 1, 0, 0, 0, 0]),
            pending("kim", "slow", [0, -1, 2, 0, 0, 0]),
            pending("jo", "slow", [0, 0, 1, 0, 0, 0]),
            pending("jo", "rude", [0, 3, 0, 0, 0, 0]),
            pending("jo", "", [4, 0, 0, 0, 1, 0]),
            pending("kim", "", [2, 0, 0, 0, 0, 1]),
        ];
        let sums = rolled_up(&organisation, &moved).unwrap();
        let sums: Vec<_> = sums
            .iter()
            .map(|(key, sum)| (key.sk.as_str(), <[i64; 6]>::from(sum.change())))
            .collect();
        let expected = [
            (
                "AGENT_REASONS#jo#2026-11-03#widget#rude",
                [0, 3, 0, 0, 0, 0],
            ),
            (
                "AGENT_REASONS#jo#2026-11-03#widget#slow",
                [0, 0, 1, 0, 0, 0],
            ),
            (
                "AGENT_REASONS#kim#2026-11-03#widget#slow",
                [0, 0, 2, 0, 0, 0],
            ),
            ("AGENT_RULES#2026-11-03#widget#jo", [4, 0, 0, 0, 1, 0]),
            ("AGENT_RULES#2026-11-03#widget#kim", [2, 0, 0, 0, 0, 1]),
            ("REASONS#2026-11-03#widget#rude", [0, 3, 0, 0, 0, 0]),
            ("REASONS#2026-11-03#widget#slow", [0, 0, 3, 0, 0, 0]),
            ("RULES#2026-11-03#widget", [6, 0, 0, 0, 1, 1]),
        ];
        assert_eq!(sums, expected);
    }

    #[test]
    fn the_counts_of_one_roll_up_fit_into_a_transaction() {
        let organisation = OrganisationId::parse("main").unwrap();
        let moved: Vec<_> = (0..COUNTS_AT_MOST)
            .map(|number| pending(&format!("kim{number}"), &format!("r{number}"), [1; 6]))
            .collect();
        let actions = 1 + moved.len() + rolled_up(&organisation, &moved).unwrap().len();
        assert_eq!(actions, 100);
    }
}
