use std::collections::{BTreeMap, BTreeSet};

use domain::{Agent, AgentId, ReportDay};
use store::{AgentCounts, AgentsItem, DayItem};

use crate::pending::Unfolded;

/// How many shards' counts one fold moves. DynamoDB's transactions have 100 actions at most: these,
/// the fold's own, the day's and the parts'.
const COUNTS_AT_MOST: usize = 90;

/// How many parts of a day by agent one fold writes. A transaction has 4 MB at most.
const PARTS_AT_MOST: usize = 8;

/// From how many bytes on a part takes no more agents. An item has 400 KB at most; the rest is for
/// numbers and names that grow.
const FULL_PART_BYTES: usize = 250_000;

/// Up to how many bytes a part takes longer names of its agents.
const PART_BYTES_AT_MOST: usize = 350_000;

/// What the numbers of one channel and the names of its members take at most, beside the channel's
/// own name: six numbers of up to 11 bytes in a list.
const TALLY_BYTES: usize = 80;

/// What an agent takes beside names: the members of a map.
const AGENT_BYTES: usize = 30;

/// The folded counts of a day.
#[derive(Debug)]
pub(crate) struct Day {
    totals: DayItem,
    parts: BTreeMap<u32, Part>,
    /// In which part each agent stands.
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
    /// The day as it was read.
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

    /// Adds as many of `unfolded`, from the first on, as one fold takes. Returns how many.
    pub(crate) fn add(&mut self, unfolded: &[Unfolded]) -> usize {
        let mut added = 0;
        for Unfolded { counts, .. } in unfolded.iter().take(COUNTS_AT_MOST) {
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

    /// What must be written: the totals, and the parts that changed.
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

    /// The part in which an agent stands, or may stand: the last one, or the next where that is full.
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

/// How many bytes an agent's counts take on the item, at most.
fn bytes_of(id: &AgentId, counts: &AgentCounts) -> usize {
    let name = counts.name.as_ref().map_or(0, |name| name.as_str().len());
    let channels = counts.channels.keys();
    let channels = channels.map(|channel| channel.as_str().len() + TALLY_BYTES);
    id.as_str().len() + name + AGENT_BYTES + channels.sum::<usize>()
}
