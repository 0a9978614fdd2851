use std::collections::BTreeMap;

use domain::{
    Agent, AgentId, Channel, OrganisationId, PersonName, ReportDay, TallyChange, Timestamp,
};
use serde::{Deserialize, Serialize};

/// How long after a fold began none of its writes can be under way any more, whether or not
/// whoever made them lived to say so: the SDK gives up before that.
pub const ROLLUP_LOCK_SECONDS: i64 = 30;

/// What was counted of an agent's requests of one day and channel, in one shard, and is not folded
/// yet. Its numbers are negative where what they take from was folded before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingCountsItem {
    /// The day on which they were asked.
    pub day: ReportDay,
    /// Where the conversations took place.
    pub channel: Channel,
    /// Who asked, by the name last seen.
    pub agent: Agent,
    /// The requests.
    pub requests: i64,
    /// The answers with a score of 1.
    pub score_1: i64,
    /// Those with a score of 2.
    pub score_2: i64,
    /// Those with a score of 3.
    pub score_3: i64,
    /// Those with a score of 4.
    pub score_4: i64,
    /// Those with a score of 5.
    pub score_5: i64,
}

impl PendingCountsItem {
    /// The attributes that hold what is counted, each with the placeholder for its value, in the order
    /// of [`Self::amounts`].
    pub const AMOUNTS: [(&str, &str); 6] = [
        ("requests", ":requests"),
        ("score_1", ":score_1"),
        ("score_2", ":score_2"),
        ("score_3", ":score_3"),
        ("score_4", ":score_4"),
        ("score_5", ":score_5"),
    ];

    /// The numbers of `change` in the order of [`Self::AMOUNTS`].
    pub fn amounts(change: TallyChange) -> [i64; 6] {
        let [one, two, three, four, five] = change.scores;
        [change.requests, one, two, three, four, five]
    }

    /// What it adds to the counts.
    pub fn change(&self) -> TallyChange {
        TallyChange {
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

/// The folded counts of a day. A number may be negative until what it takes from is folded, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayItem {
    /// The day.
    pub day: ReportDay,
    /// What was counted in each channel.
    pub channels: BTreeMap<Channel, TallyChange>,
}

/// A part of the folded counts of a day by agent. An agent stands in one part of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentsItem {
    /// The day.
    pub day: ReportDay,
    /// Which of the day's parts it is, from 0 on.
    pub part: u32,
    /// What was counted of each agent.
    pub agents: BTreeMap<AgentId, AgentCounts>,
}

/// The folded counts of one agent on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentCounts {
    /// The agent's name when last counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// What was counted in each channel.
    pub channels: BTreeMap<Channel, TallyChange>,
}

/// How often an organisation's counts were folded.
///
/// Each fold is a transaction that raises `version`. DynamoDB promises readers that they see all of
/// a transaction only once it has told the writer that it is done, so `folding_since` says that a
/// fold may be under way; the writer removes it after that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollupLockItem {
    /// How many folds there were.
    pub version: u64,
    /// When the last fold began, unless it is known to be over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folding_since: Option<Timestamp>,
}

impl RollupLockItem {
    /// Whether no fold can be under way at `now`.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.folding_since
            .is_none_or(|since| since.plus_seconds(ROLLUP_LOCK_SECONDS) <= now)
    }
}

/// An organisation whose counts are to be folded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedOrganisationItem {
    /// Which it is.
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
            channels: BTreeMap::from([(Channel::widget(), TallyChange::from([6, -1, 0, 0, 2, 3]))]),
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
    fn a_fold_whose_end_nobody_told_is_over_after_a_while() {
        let at = |seconds| Timestamp::from_epoch_seconds(seconds).unwrap();
        let told = RollupLockItem::default();
        let untold = RollupLockItem {
            version: 1,
            folding_since: Some(at(100)),
        };
        assert!(told.is_over(at(100)));
        assert!(!untold.is_over(at(100 + ROLLUP_LOCK_SECONDS - 1)));
        assert!(untold.is_over(at(100 + ROLLUP_LOCK_SECONDS)));
    }
}
