use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::{
    AgentId, AskedBy, Channel, CountsDelta, DayCount, OrganisationId, PersonName, ReportDay,
};
use dynamodb::{Table, TransactionalRead, random_delay, read_transactionally};
use errors::Fault;
use futures_util::future::try_join_all;
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::key;
use crate::satisfaction::query::{MONTHS_AT_ONCE, query_days, read_each};
use crate::satisfaction::read_subsets::read_subsets;
use crate::satisfaction::{
    AgentsItem, CountedBy, CountsQuery, DayItem, PendingCountsItem, RollupLockItem,
    SubsetCountsItem,
};

/// How often the counts are read again if a roll-up ran during the read.
const RETRIES: u32 = 6;

/// The counts, as the caller added them up.
#[derive(Clone, Debug, Default)]
pub struct Counts<S> {
    /// What `add` of [`sum_counts`] added up.
    pub sums: S,
    /// The agents' names, each from the latest day. Empty if the counts are not by agent.
    pub names: BTreeMap<AgentId, PersonName>,
}

/// The sums while pages are added. Only the sums stay in memory.
struct Sums<S> {
    sums: S,
    /// The name of each agent and where it was read. A name from a greater [`NameSource`] is newer.
    names: BTreeMap<AgentId, (NameSource, Option<PersonName>)>,
}

/// The source of an agent's name: the day, and 0 for its rolled-up counts or the number of the shard,
/// from 1, for pending counts.
type NameSource = (ReportDay, u8);

/// Adds up the counts that `query` selects with `add`, which is called once for each part, in any
/// order.
///
/// The result is a consistent snapshot: no request is missed or counted twice while a roll-up runs.
/// Answers of the last seconds may be missing, because they are counted from the table's stream.
///
/// First it reads whether a roll-up is running. Then it reads the rolled-up days and the shards of
/// pending counts concurrently. Then it reads whether a roll-up ran during the read, and if so
/// starts again. By channel there is one item for each rolled-up day, and more than a year fits on
/// one page, so the read takes three round trips. By agent there is one query for each month, and
/// [`MONTHS_AT_ONCE`] of them run at once. Counts of subsets are read concurrently with the others.
///
/// There are no counts of the requests by agents. They are the counts of all requests, and the
/// negated counts of the requests by a rule.
///
/// # Errors
/// If DynamoDB fails, or roll-ups keep interrupting the read.
pub async fn sum_counts<S: Default + Send>(
    table: &Table,
    query: CountsQuery<'_>,
    add: impl Fn(&mut S, DayCount) + Sync,
) -> Result<Counts<S>, Fault> {
    let CountsQuery {
        organisation, now, ..
    } = query;
    let mut before = read_lock(table, organisation).await?;
    for retry in 0..=RETRIES {
        if let Some(lock) = before.filter(|lock| lock.is_unlocked(now)) {
            let sums = read_sums(table, query, &add).await?;
            let after = read_lock(table, organisation).await?;
            if after == Some(lock) {
                return Ok(sums.into_counts());
            }
        }
        tokio::time::sleep(retry_delay(retry)).await;
        before = read_lock(table, organisation).await?;
    }
    Err(Fault::contended(
        "roll-ups ran during every read of the counts",
    ))
}

/// Reads the lock of an organisation's roll-ups. Returns `None` if a roll-up is writing it
/// now, which only a transactional read detects.
async fn read_lock(
    table: &Table,
    organisation: &OrganisationId,
) -> Result<Option<RollupLockItem>, Fault> {
    let key = key::rollup_lock(organisation);
    Ok(
        match read_transactionally::<RollupLockItem>(table, key).await? {
            TransactionalRead::Read(lock) => Some(lock.unwrap_or_default()),
            TransactionalRead::InTransaction => None,
        },
    )
}

async fn read_sums<S: Default + Send>(
    table: &Table,
    query: CountsQuery<'_>,
    add: &(impl Fn(&mut S, DayCount) + Sync),
) -> Result<Sums<S>, Fault> {
    let CountsQuery {
        organisation,
        span,
        by,
        asked_by,
        ..
    } = query;
    // The counts of all requests also contain the names of the agents.
    let add_all = |sums: &mut S, count: DayCount| {
        if asked_by != Some(AskedBy::Rule) {
            add(sums, count);
        }
    };
    let add_all = &add_all;
    let sums = Mutex::new(Sums {
        sums: S::default(),
        names: BTreeMap::new(),
    });
    let lock_sums = || sums.lock().unwrap_or_else(PoisonError::into_inner);
    let rolled_up = async {
        let partition = || key::rolled_up_partition(organisation);
        match by {
            CountedBy::Channel => {
                let days = query_days(table, partition(), key::DAYS, span);
                read_each(table, days, |day| lock_sums().add_day(day, add_all)).await
            }
            CountedBy::Agent => {
                let months = span.months().into_iter();
                let months: Vec<_> = months
                    .map(|month| query_days(table, partition(), key::AGENTS, month))
                    .map(|month| {
                        read_each(table, month, move |part| {
                            lock_sums().add_agents(part, add_all);
                        })
                    })
                    .collect();
                let months = stream::iter(months).buffer_unordered(MONTHS_AT_ONCE);
                months.try_collect().await
            }
        }
    };
    let pending = (0..key::PENDING_SHARDS).map(|shard| {
        let partition = key::pending_partition(organisation, shard);
        let query = query_days(table, partition, "", span);
        read_each(table, query, move |item| {
            lock_sums().add_pending(item, shard, by, add_all);
        })
    });
    let subsets = read_subsets(table, query, |item| {
        lock_sums().add_subset(item, asked_by, add);
    });
    tokio::try_join!(rolled_up, try_join_all(pending), subsets)?;
    Ok(sums.into_inner().unwrap_or_else(PoisonError::into_inner))
}

impl<S> Sums<S> {
    fn add_day(&mut self, item: DayItem, add: &impl Fn(&mut S, DayCount)) {
        self.add_channels(item.day, None, item.channels, add);
    }

    fn add_agents(&mut self, item: AgentsItem, add: &impl Fn(&mut S, DayCount)) {
        let AgentsItem { day, agents, .. } = item;
        for (id, counts) in agents {
            self.add_channels(day, Some(&id), counts.channels, add);
            self.record_name(id, counts.name, (day, 0));
        }
    }

    fn add_channels(
        &mut self,
        day: ReportDay,
        agent: Option<&AgentId>,
        channels: BTreeMap<Channel, CountsDelta>,
        add: &impl Fn(&mut S, DayCount),
    ) {
        for (channel, amount) in channels {
            let count = DayCount {
                day,
                channel,
                agent: agent.cloned(),
                reason: None,
                amount,
            };
            self.add(add, count);
        }
    }

    fn add_pending(
        &mut self,
        item: PendingCountsItem,
        shard: u8,
        by: CountedBy,
        add: &impl Fn(&mut S, DayCount),
    ) {
        let amount = item.change();
        let PendingCountsItem {
            day,
            channel,
            agent,
            ..
        } = item;
        let agent = (by == CountedBy::Agent).then(|| {
            let source = (day, shard.saturating_add(1));
            self.record_name(agent.id.clone(), agent.name, source);
            agent.id
        });
        let count = DayCount {
            day,
            channel,
            agent,
            reason: None,
            amount,
        };
        self.add(add, count);
    }

    fn add_subset(
        &mut self,
        item: SubsetCountsItem,
        asked_by: Option<AskedBy>,
        add: &impl Fn(&mut S, DayCount),
    ) {
        let change = item.change();
        let is_subtracted = asked_by == Some(AskedBy::Agent) && item.asked_by.is_some();
        let count = DayCount {
            day: item.day,
            channel: item.channel,
            agent: item.agent_id,
            reason: item.reason,
            amount: if is_subtracted { -change } else { change },
        };
        self.add(add, count);
    }

    fn add(&mut self, add: &impl Fn(&mut S, DayCount), part: DayCount) {
        if !part.amount.is_zero() {
            add(&mut self.sums, part);
        }
    }

    fn record_name(&mut self, agent: AgentId, name: Option<PersonName>, source: NameSource) {
        let known = self.names.get(&agent);
        if known.is_none_or(|(latest, _)| *latest <= source) {
            self.names.insert(agent, (source, name));
        }
    }

    fn into_counts(self) -> Counts<S> {
        let names = self.names.into_iter();
        Counts {
            sums: self.sums,
            names: names
                .filter_map(|(agent, (_, name))| Some((agent, name?)))
                .collect(),
        }
    }
}

/// The delay before a retry, with full jitter: a random part of 50, 100, 200, 400, … milliseconds.
fn retry_delay(retry: u32) -> Duration {
    random_delay(50 << retry.min(4))
}
