use std::collections::BTreeMap;

use domain::OrganisationId;
use dynamodb::{Key, Table};
use errors::Fault;
use store::{ReasonCountsItem, key};

use crate::lock::{Lock, RollUpOutcome};
use crate::pending::PendingReason;
use crate::run::Run;

/// The maximum number of pending counts by reason that one roll-up moves. A DynamoDB transaction has
/// at most 100 actions: the lock's, and three for each of these.
const COUNTS_AT_MOST: usize = 33;

/// Adds `pending` to the rolled-up counts of all agents and of each agent, and deletes them. Moves as
/// many of them as one transaction can.
///
/// The rolled-up counts are not read, because adding to them needs no read.
pub(crate) async fn roll_up_reasons(
    table: &Table,
    organisation: &OrganisationId,
    pending: &[PendingReason],
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
    for (key, counts) in rolled_up(organisation, moved) {
        items.push(counts.add_to(table, key)?);
    }
    lock.write(table, items, count).await
}

/// The counts to add to the rolled-up counts, by the keys of those. A transaction may write an item
/// only once.
fn rolled_up(
    organisation: &OrganisationId,
    moved: &[PendingReason],
) -> Vec<(Key, ReasonCountsItem)> {
    let mut sums: BTreeMap<(String, String), ReasonCountsItem> = BTreeMap::new();
    for PendingReason { counts, .. } in moved {
        let (day, channel, reason) = (counts.day, &counts.channel, &counts.reason);
        let of_agent = counts.agent_id.as_ref().map(|agent| {
            let key = key::agent_reason(organisation, agent, day, channel, reason);
            (key, Some(agent.clone()))
        });
        let of_all = (key::day_reason(organisation, day, channel, reason), None);
        for (Key { pk, sk }, agent) in [of_all].into_iter().chain(of_agent) {
            let change = counts.change();
            let sum =
                |change| ReasonCountsItem::new(day, channel.clone(), agent, reason.clone(), change);
            sums.entry((pk, sk))
                .and_modify(|it| *it = it.plus(change))
                .or_insert_with(|| sum(change));
        }
    }
    let sums = sums.into_iter();
    sums.map(|((pk, sk), sum)| (Key { pk, sk }, sum)).collect()
}

#[cfg(test)]
mod tests {
    use domain::{AgentId, Channel, CountsDelta, ReasonId, ReportDay};

    use super::*;

    fn pending(agent: &str, reason: &str, scores: [i64; 5]) -> PendingReason {
        let change = CountsDelta {
            requests: 0,
            scores,
        };
        PendingReason {
            key: Key {
                pk: "p".to_owned(),
                sk: format!("{agent} {reason}"),
            },
            counts: ReasonCountsItem::new(
                ReportDay::parse("2026-11-03").unwrap(),
                Channel::widget(),
                AgentId::parse(agent).ok(),
                ReasonId::parse(reason).unwrap(),
                change,
            ),
        }
    }

    #[test]
    fn counts_of_several_shards_are_added_to_each_item_once() {
        let organisation = OrganisationId::parse("main").unwrap();
        let moved = [
            pending("kim", "slow", [1, 0, 0, 0, 0]),
            pending("kim", "slow", [-1, 2, 0, 0, 0]),
            pending("jo", "slow", [0, 1, 0, 0, 0]),
            pending("jo", "rude", [3, 0, 0, 0, 0]),
        ];
        let sums = rolled_up(&organisation, &moved);
        let sums: Vec<_> = sums
            .iter()
            .map(|(key, sum)| (key.sk.as_str(), sum.change().scores))
            .collect();
        let expected = [
            ("AGENT_REASONS#jo#2026-11-03#widget#rude", [3, 0, 0, 0, 0]),
            ("AGENT_REASONS#jo#2026-11-03#widget#slow", [0, 1, 0, 0, 0]),
            ("AGENT_REASONS#kim#2026-11-03#widget#slow", [0, 2, 0, 0, 0]),
            ("REASONS#2026-11-03#widget#rude", [3, 0, 0, 0, 0]),
            ("REASONS#2026-11-03#widget#slow", [0, 3, 0, 0, 0]),
        ];
        assert_eq!(sums, expected);
    }

    #[test]
    fn the_counts_of_one_roll_up_fit_into_a_transaction() {
        let organisation = OrganisationId::parse("main").unwrap();
        let moved: Vec<_> = (0..COUNTS_AT_MOST)
            .map(|number| pending(&format!("kim{number}"), &format!("r{number}"), [1; 5]))
            .collect();
        let actions = 1 + moved.len() + rolled_up(&organisation, &moved).len();
        assert_eq!(actions, 100);
    }
}
