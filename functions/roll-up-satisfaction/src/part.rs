use domain::{Agent, AgentId};
use store::{AgentCounts, AgentsItem, PendingCountsItem};

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

/// A part of a day's per-agent counts, and its size.
#[derive(Debug)]
pub(crate) struct Part {
    item: AgentsItem,
    bytes: usize,
}

impl Part {
    pub(crate) fn new(item: AgentsItem) -> Self {
        let bytes = item.agents.iter();
        let bytes = bytes.map(|(id, counts)| bytes_of(id, counts)).sum();
        Self { item, bytes }
    }

    /// Whether the part takes no more agents.
    pub(crate) fn is_full(&self) -> bool {
        self.bytes >= FULL_PART_BYTES
    }

    /// Adds pending counts of an agent.
    pub(crate) fn add(&mut self, counts: &PendingCountsItem) {
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

    pub(crate) fn into_item(self) -> AgentsItem {
        self.item
    }
}

/// The maximum number of bytes that an agent's counts take in the item.
fn bytes_of(id: &AgentId, counts: &AgentCounts) -> usize {
    let name = counts.name.as_ref().map_or(0, |name| name.as_str().len());
    let channels = counts.channels.keys();
    let channels = channels.map(|channel| channel.as_str().len() + TALLY_BYTES);
    id.as_str().len() + name + AGENT_BYTES + channels.sum::<usize>()
}
