use std::collections::BTreeMap;

use domain::{
    Agent, AgentId, Channel, CountsDelta, OrganisationId, PersonName, ReportDay, Timestamp,
};
use serde::{Deserialize, Serialize};

/// When the lock of a roll-up expires, counted from its start. All writes of the roll-up have ended
/// by then, even if the function crashed before it recorded the end, because the SDK's timeouts are
/// shorter.
pub const ROLLUP_LOCK_SECONDS: i64 = 30;

/// The pending counts of an agent's requests of one day and channel, in one shard. A number is
/// negative if it reduces a number that was rolled up before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingCountsItem {
    /// The day of the requests.
    pub day: ReportDay,
    /// The channel of the conversations.
    pub channel: Channel,
    /// The agent who asked, with the name when last counted.
    pub agent: Agent,
    /// How many requests there are.
    pub requests: i64,
    /// How many answers have a score of 1.
    pub score_1: i64,
    /// How many answers have a score of 2.
    pub score_2: i64,
    /// How many answers have a score of 3.
    pub score_3: i64,
    /// How many answers have a score of 4.
    pub score_4: i64,
    /// How many answers have a score of 5.
    pub score_5: i64,
}

impl PendingCountsItem {
    /// The attributes of the six numbers, each with the placeholder of its value.
    pub const AMOUNTS: [(&str, &str); 6] = [
        ("requests", ":requests"),
        ("score_1", ":score_1"),
        ("score_2", ":score_2"),
        ("score_3", ":score_3"),
        ("score_4", ":score_4"),
        ("score_5", ":score_5"),
    ];

    /// The placeholders of [`Self::AMOUNTS`], each with its number in `change`.
    pub fn amounts(change: CountsDelta) -> impl Iterator<Item = (&'static str, i64)> {
        let placeholders = Self::AMOUNTS.map(|(_, placeholder)| placeholder);
        placeholders.into_iter().zip(<[i64; 6]>::from(change))
    }

    /// The change that these pending counts make to the rolled-up counts.
    pub fn change(&self) -> CountsDelta {
        CountsDelta {
            requests: self.requests,
            scores: [
                self.score_1,
                self.score_2,
                self.score_3,
                self.score_4,
                self.score_5,
            ],
        }
    }
}

/// The rolled-up counts of a day. A number may be negative until the number that it reduces is
/// rolled up, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayItem {
    /// The day on which the counted requests were created.
    pub day: ReportDay,
    /// The counts of each channel of the day.
    pub channels: BTreeMap<Channel, CountsDelta>,
}

/// A part of the rolled-up counts of a day by agent. Each agent is in one part of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentsItem {
    /// The day on which the counted requests were created.
    pub day: ReportDay,
    /// The number of the part within the day, from 0.
    pub part: u32,
    /// The counts of each agent.
    pub agents: BTreeMap<AgentId, AgentCounts>,
}

/// The rolled-up counts of one agent on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentCounts {
    /// The agent's name when last counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// The counts of each channel of the day.
    pub channels: BTreeMap<Channel, CountsDelta>,
}

/// The lock and version of an organisation's roll-ups.
///
/// Each roll-up is a transaction that increments `version`. DynamoDB guarantees that readers see
/// all of a transaction only after the transaction has returned success to the writer. So
/// the attribute `folding_since` marks that a roll-up may be running. The writer removes it after
/// the transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollupLockItem {
    /// How many roll-ups there have been.
    pub version: u64,
    /// When the last roll-up began; `None` if it is known to have ended.
    #[serde(
        default,
        rename = "folding_since",
        skip_serializing_if = "Option::is_none"
    )]
    pub running_since: Option<Timestamp>,
}

impl RollupLockItem {
    /// Whether no roll-up can be running at `now`: it ended, or its lock expired.
    pub fn is_unlocked(&self, now: Timestamp) -> bool {
        self.running_since
            .is_none_or(|since| since.plus_seconds(ROLLUP_LOCK_SECONDS) <= now)
    }
}

/// An organisation whose counts are to be rolled up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedOrganisationItem {
    /// The id of the organisation.
    pub organisation: OrganisationId,
}

#[cfg(test)]
mod tests {
    use dynamodb::{read_item, write_item};

    use super::*;
    use crate::key;

    #[test]
    fn a_day_by_agent_reads_as_it_was_written() {
        let organisation = OrganisationId::parse("main").unwrap();
        let day = ReportDay::parse("2026-01-31").unwrap();
        let counts = AgentCounts {
            name: Some(PersonName::parse("Kim").unwrap()),
            channels: BTreeMap::from([(Channel::widget(), CountsDelta::from([6, -1, 0, 0, 2, 3]))]),
        };
        let agents = AgentsItem {
            day,
            part: 0,
            agents: BTreeMap::from([(AgentId::parse("kim lee").unwrap(), counts)]),
        };
        let key = key::day_agents(&organisation, day, 0);
        let item = write_item(key, &agents).unwrap();
        assert_eq!(read_item::<AgentsItem>(item).unwrap(), agents);
    }

    #[test]
    fn a_rollup_lock_without_a_recorded_end_expires_after_30_seconds() {
        let at = |seconds| Timestamp::from_epoch_seconds(seconds).unwrap();
        let ended = RollupLockItem::default();
        let running = RollupLockItem {
            version: 1,
            running_since: Some(at(100)),
        };
        assert!(ended.is_unlocked(at(100)));
        assert!(!running.is_unlocked(at(100 + ROLLUP_LOCK_SECONDS - 1)));
        assert!(running.is_unlocked(at(100 + ROLLUP_LOCK_SECONDS)));
    }
}
