use std::collections::{BTreeMap, BTreeSet};

use domain::{Agent, AgentId, ReportDay};
use store::{AgentCounts, AgentsItem, DayItem};

use crate::pending::PendingCounts;

/// The maximum number of pending counts that one roll-up moves. A DynamoDB transaction has at most
/// 100 actions: these, the lock's, the day's and the parts'.
const COUNTS_AT_MOST: usize = 90;

/// The maximum number of a day's per-agent parts that one roll-up writes. A transaction has at most
/// 4 MB.
const PARTS_AT_MOST: usize = 8;

/// A part of this many bytes or more takes no more agents. An item has at most 400 KB. The rest is
/// reserved for numbers and names that grow.
const FULL_PART_BYTES: usize = 250_000;

/// A part stores a changed name of one of its agents only if it then has at most this many bytes.
const PART_BYTES_AT_MOST: usize = 350_000;

/// The maximum size of one channel's numbers and their attribute names, without the channel's own
/// name: six numbers of up to 11 bytes in a list.
const TALLY_BYTES: usize = 80;

/// The size of an agent's entry without names: the members of a map.
const AGENT_BYTES: usize = 30;

/// The rolled-up counts of a day.
#[derive(Debug)]
pub(crate) struct Day {
    totals: DayItem,
    parts: BTreeMap<u32, Part>,
    /// The part that contains each agent.
    places: BTreeMap<AgentId, u32>,
    changed: BTreeSet<u32>,
}

#[derive(Debug)]
struct Part {
    item: AgentsItem,
    bytes: usize,
}

impl Part {
    fn new(item: AgentsItem) -> Self {
        let bytes = item.agents.iter();
        let bytes = bytes.map(|(id, counts)| bytes_of(id, counts)).sum();
        Self { item, bytes }
    }
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
            .map(|(_, part)| part.item)
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
            Some((last, part)) if part.bytes < FULL_PART_BYTES => *last,
            Some((last, _)) => last + 1,
        }
    }
}

impl Part {
    fn add(&mut self, counts: &store::PendingCountsItem) {
        let Agent { id, name } = &counts.agent;
        let agent = self.item.agents.entry(id.clone()).or_default();
        let before = if agent.channels.is_empty() {
            0
        } else {
            bytes_of(id, agent)
        };
        let channel = agent.channels.entry(counts.channel.clone());
        *channel.or_default() += counts.change();
        let old_name = std::mem::replace(&mut agent.name, name.clone());
        let after = bytes_of(id, agent);
        if self.bytes - before + after > PART_BYTES_AT_MOST {
            agent.name = old_name;
        }
        self.bytes = self.bytes - before + bytes_of(id, agent);
    }
}

/// The maximum number of bytes that an agent's counts take in the item.
fn bytes_of(id: &AgentId, counts: &AgentCounts) -> usize {
    let name = counts.name.as_ref().map_or(0, |name| name.as_str().len());
    let channels = counts.channels.keys();
    let channels = channels.map(|channel| channel.as_str().len() + TALLY_BYTES);
    id.as_str().len() + name + AGENT_BYTES + channels.sum::<usize>()
}
