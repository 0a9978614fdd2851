use std::collections::{BTreeMap, BTreeSet};

use domain::{AgentId, ReportDay};
use store::{AgentsItem, DayItem};

use crate::part::Part;
use crate::pending::PendingCounts;

/// The maximum number of pending counts that one roll-up moves. A DynamoDB transaction has at most
/// 100 actions: these, the lock's, the day's and the parts'.
const COUNTS_AT_MOST: usize = 90;

/// The maximum number of a day's per-agent parts that one roll-up writes. A transaction has at most
/// 4 MB.
const PARTS_AT_MOST: usize = 8;

/// The rolled-up counts of a day.
#[derive(Debug)]
pub(crate) struct Day {
    totals: DayItem,
    parts: BTreeMap<u32, Part>,
    /// The part that contains each agent.
    places: BTreeMap<AgentId, u32>,
    changed: BTreeSet<u32>,
}

impl Day {
    /// Creates the day from the items that were read.
    pub(crate) fn new(day: ReportDay, totals: Option<DayItem>, parts: Vec<AgentsItem>) -> Self {
        let places = parts
            .iter()
            .flat_map(|item| item.agents.keys().map(|id| (id.clone(), item.part)))
            .collect();
        Self {
            totals: totals.unwrap_or(DayItem {
                day,
                channels: BTreeMap::new(),
            }),
            parts: parts
                .into_iter()
                .map(|item| (item.part, Part::new(item)))
                .collect(),
            places,
            changed: BTreeSet::new(),
        }
    }

    /// Adds as many of `pending`, from the first on, as one roll-up can move. Returns how many.
    pub(crate) fn add(&mut self, pending: &[PendingCounts]) -> usize {
        let mut added = 0;
        for PendingCounts { counts, .. } in pending.iter().take(COUNTS_AT_MOST) {
            let place = self.place(&counts.agent.id);
            if !self.changed.contains(&place) && self.changed.len() == PARTS_AT_MOST {
                break;
            }
            self.changed.insert(place);
            self.places.insert(counts.agent.id.clone(), place);
            let total = self.totals.channels.entry(counts.channel.clone());
            *total.or_default() += counts.change();
            let day = self.totals.day;
            let part = self.parts.entry(place).or_insert_with(|| {
                let agents = BTreeMap::new();
                let part = place;
                Part::new(AgentsItem { day, part, agents })
            });
            part.add(counts);
            added += 1;
        }
        added
    }

    /// Returns the items to write: the totals, and the parts that changed.
    pub(crate) fn into_changed(self) -> (DayItem, Vec<AgentsItem>) {
        let Self {
            totals,
            parts,
            changed,
            ..
        } = self;
        let parts = parts
            .into_iter()
            .filter(|(place, _)| changed.contains(place))
            .map(|(_, part)| part.into_item())
            .collect();
        (totals, parts)
    }

    /// Returns the part that contains an agent. A new agent belongs to the last part, or to the
    /// next one if the last part is full.
    fn place(&self, agent: &AgentId) -> u32 {
        if let Some(place) = self.places.get(agent) {
            return *place;
        }
        match self.parts.last_key_value() {
            None => 0,
            Some((last, part)) if !part.is_full() => *last,
            Some((last, _)) => last + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{Agent, Channel, PersonName};
    use dynamodb::Key;
    use store::PendingCountsItem;

    use super::*;

    fn today() -> ReportDay {
        ReportDay::parse("2026-11-03").unwrap()
    }

    fn pending(agent: &str, requests: i64) -> PendingCounts {
        PendingCounts {
            key: Key {
                pk: "p".to_owned(),
                sk: agent.to_owned(),
            },
            counts: PendingCountsItem {
                day: today(),
                channel: Channel::parse("widget").unwrap(),
                agent: Agent {
                    id: AgentId::parse(agent).unwrap(),
                    name: Some(PersonName::parse("Kim").unwrap()),
                },
                requests,
                score_1: 0,
                score_2: 0,
                score_3: 0,
                score_4: 0,
                score_5: 0,
            },
        }
    }

    #[test]
    fn one_roll_up_moves_at_most_90_counts() {
        let all: Vec<_> = (0..200).map(|_| pending("kim", 1)).collect();
        let mut day = Day::new(today(), None, Vec::new());
        assert_eq!(day.add(&all), 90);
        let (totals, parts) = day.into_changed();
        let total = totals.channels.values().next().unwrap();
        assert_eq!(total.requests, 90);
        assert_eq!(parts.len(), 1);
        let agent = parts[0].agents.values().next().unwrap();
        assert_eq!(agent.channels.values().next(), Some(total));
    }

    #[test]
    fn counts_are_added_to_those_of_the_day_and_only_changed_parts_are_written() {
        let mut day = Day::new(today(), None, Vec::new());
        day.add(&[pending("kim", 2), pending("ana", 1)]);
        let (totals, parts) = day.into_changed();
        let other = AgentsItem {
            day: today(),
            part: 1,
            agents: BTreeMap::new(),
        };
        let mut day = Day::new(today(), Some(totals), [parts, vec![other]].concat());
        assert_eq!(day.add(&[pending("kim", 3)]), 1);
        let (totals, parts) = day.into_changed();
        assert_eq!(totals.channels.values().next().unwrap().requests, 6);
        let [part] = parts.try_into().unwrap();
        assert_eq!(part.part, 0);
        let kim = &part.agents[&AgentId::parse("kim").unwrap()];
        assert_eq!(kim.channels.values().next().unwrap().requests, 5);
    }
}
