use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::transact_get_items::TransactGetItemsError;
use aws_sdk_dynamodb::types::{Get, TransactGetItem};
use futures_util::future::try_join_all;

use super::{AgentsItem, DayItem, FoldItem, UnfoldedItem};
use crate::aws::AwsFailure;
use crate::domain::{
    Agent, AgentId, Channel, DayCount, DaySpan, OrganisationId, PersonName, ReportDay, Tally,
    TallyChange, Timestamp,
};
use crate::fault::Fault;
use crate::table::{Key, Table, read_item, string};

/// How often the counts are read again that were folded meanwhile.
const RETRIES: u32 = 6;

/// How finely counts are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedBy {
    /// By day and channel.
    Channel,
    /// By day, channel and agent. It reads an item or more for each day more than the other.
    Agent,
}

/// Whose counts some belong to.
type Whose = (ReportDay, Channel, Option<AgentId>);

/// The counts as they are added up.
#[derive(Debug, Default)]
struct Sums {
    folded: BTreeMap<Whose, Tally>,
    unfolded: BTreeMap<Whose, TallyChange>,
    names: BTreeMap<AgentId, (ReportDay, Option<PersonName>)>,
}

impl Table {
    /// What was counted of the requests of `organisation` that were asked in `span`: one value for
    /// each day, channel and, where they are told apart, agent of which there is any, in this order.
    /// An agent has one name throughout, that of the latest day.
    ///
    /// It is as of one moment: a request is neither missed nor counted twice while its counts are
    /// folded. What was written in the last moments may not be counted yet.
    ///
    /// It takes three round trips, one after the other: whether there is a fold; side by side the
    /// folded days and the shards of what is not folded; whether there was a fold meanwhile, and
    /// then once more. By channel there is an item for each folded day, on one page for more than a
    /// year; by agent a query for each month.
    ///
    /// # Errors
    /// Where DynamoDB fails, or folds go on and on.
    pub async fn read_counts(
        &self,
        organisation: &OrganisationId,
        span: DaySpan,
        by: CountedBy,
        now: Timestamp,
    ) -> Result<Vec<DayCount>, Fault> {
        let mut before = self.read_fold(organisation).await?;
        for retry in 0..=RETRIES {
            if let Some(fold) = before.filter(|fold| fold.is_over(now)) {
                let (folded, unfolded) = tokio::try_join!(
                    self.read_folded(organisation, span, by),
                    self.read_unfolded(organisation, span),
                )?;
                let after = self.read_fold(organisation).await?;
                if after == Some(fold) {
                    return Ok(Sums::of(folded, unfolded, by).into_counts());
                }
            }
            tokio::time::sleep(pause(retry)).await;
            before = self.read_fold(organisation).await?;
        }
        Err(Fault::contended("the counts kept being folded"))
    }

    /// The state of an organisation's folds; `None` where a fold is writing it at the moment, which
    /// only a transaction's read tells.
    async fn read_fold(&self, organisation: &OrganisationId) -> Result<Option<FoldItem>, Fault> {
        let get = Get::builder()
            .table_name(self.name())
            .set_key(Some(Key::fold(organisation).into_item()))
            .build()
            .map_err(|_| Fault::internal("a read of a transaction is incomplete"))?;
        let read = self
            .client()
            .transact_get_items()
            .transact_items(TransactGetItem::builder().get(get).build())
            .send()
            .await;
        match read {
            Ok(read) => {
                let mut items = read.responses.unwrap_or_default().into_iter();
                let item = items.next().and_then(|response| response.item);
                let fold = item.map(read_item).transpose()?;
                Ok(Some(fold.unwrap_or_default()))
            }
            Err(error) => {
                let failure = AwsFailure::new("dynamodb:TransactGetItems", &error);
                match error.as_service_error() {
                    Some(TransactGetItemsError::TransactionCanceledException(_)) => Ok(None),
                    _ => Err(Fault::storage(failure)),
                }
            }
        }
    }

    async fn read_folded(
        &self,
        organisation: &OrganisationId,
        span: DaySpan,
        by: CountedBy,
    ) -> Result<Folded, Fault> {
        let between = |span: DaySpan, prefix: &str| {
            let partition = Key::folded_partition(organisation);
            let (from, to) = (span.from(), span.to());
            self.query_between(
                partition,
                format!("{prefix}{from}"),
                format!("{prefix}{to}$"),
            )
        };
        Ok(match by {
            CountedBy::Channel => Folded::Days(self.read_all(between(span, Key::DAYS)).await?),
            CountedBy::Agent => {
                let months = span.months().into_iter();
                let months = months.map(|month| self.read_all(between(month, Key::AGENTS)));
                Folded::Agents(try_join_all(months).await?.into_iter().flatten().collect())
            }
        })
    }

    async fn read_unfolded(
        &self,
        organisation: &OrganisationId,
        span: DaySpan,
    ) -> Result<Vec<UnfoldedItem>, Fault> {
        let shards = (0..Key::UNFOLDED_SHARDS).map(|shard| {
            let partition = Key::unfolded_partition(organisation, shard);
            let (from, to) = (span.from(), span.to());
            self.read_all(self.query_between(partition, from.to_string(), format!("{to}$")))
        });
        Ok(try_join_all(shards).await?.into_iter().flatten().collect())
    }

    /// A query for the items of a partition between two sort keys. `$` comes right after `#`, so that
    /// a key with `$` at its end comes after all that have `#` and more there.
    fn query_between(&self, partition: String, from: String, to: String) -> QueryFluentBuilder {
        self.client()
            .query()
            .table_name(self.name())
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", string(partition))
            .expression_attribute_values(":from", string(from))
            .expression_attribute_values(":to", string(to))
    }
}

/// What is folded of a span.
enum Folded {
    Days(Vec<DayItem>),
    Agents(Vec<AgentsItem>),
}

impl Sums {
    fn of(folded: Folded, unfolded: Vec<UnfoldedItem>, by: CountedBy) -> Self {
        let mut sums = Self::default();
        match folded {
            Folded::Days(days) => {
                for DayItem { day, channels } in days {
                    for (channel, tally) in channels {
                        sums.add_folded((day, channel, None), tally);
                    }
                }
            }
            Folded::Agents(parts) => {
                for AgentsItem { day, agents, .. } in parts {
                    for (agent, counts) in agents {
                        sums.see(&agent, counts.name, day);
                        for (channel, tally) in counts.channels {
                            sums.add_folded((day, channel, Some(agent.clone())), tally);
                        }
                    }
                }
            }
        }
        for item in unfolded {
            let change = item.change();
            let agent = (by == CountedBy::Agent).then(|| {
                sums.see(&item.agent.id, item.agent.name, item.day);
                item.agent.id
            });
            let sum = sums.unfolded.entry((item.day, item.channel, agent));
            let sum = sum.or_default();
            *sum = *sum + change;
        }
        sums
    }

    fn add_folded(&mut self, whose: Whose, tally: Tally) {
        *self.folded.entry(whose).or_default() += tally;
    }

    fn see(&mut self, agent: &AgentId, name: Option<PersonName>, day: ReportDay) {
        let seen = self.names.get(agent);
        if seen.is_none_or(|(latest, _)| *latest <= day) {
            self.names.insert(agent.clone(), (day, name));
        }
    }

    fn into_counts(self) -> Vec<DayCount> {
        let mut tallies = self.folded;
        for (whose, change) in self.unfolded {
            let tally = tallies.entry(whose).or_default();
            *tally = tally.changed_by(change);
        }
        let names = self.names;
        let named = |id: AgentId| {
            let name = names.get(&id).and_then(|(_, name)| name.clone());
            Agent { id, name }
        };
        tallies
            .into_iter()
            .filter(|(_, tally)| *tally != Tally::default())
            .map(|((day, channel, agent), tally)| DayCount {
                day,
                channel,
                agent: agent.map(named),
                tally,
            })
            .collect()
    }
}

/// Full jitter: a random part of 50, 100, 200, 400, … milliseconds.
fn pause(retry: u32) -> Duration {
    let longest = 50_u32 << retry.min(4);
    let random = getrandom::u32().unwrap_or(u32::MAX);
    Duration::from_millis(u64::from(longest) * u64::from(random) / u64::from(u32::MAX))
}
