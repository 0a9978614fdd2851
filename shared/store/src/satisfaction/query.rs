use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use domain::{AgentId, AskedBy, DaySpan, OrganisationId, Timestamp};
use dynamodb::{Table, string};
use errors::Fault;
use serde::de::DeserializeOwned;

/// How many months of rolled-up days by agent are read at once, in addition to the shards. Each
/// month takes a page of up to 1 MB of memory, and decoding it delays the others.
pub(super) const MONTHS_AT_ONCE: usize = 4;

/// The counts that are read.
#[derive(Clone, Copy, Debug)]
pub struct CountsQuery<'a> {
    /// The organisation.
    pub organisation: &'a OrganisationId,
    /// The days on which the requests were created.
    pub span: DaySpan,
    /// How finely requests and ratings are counted.
    pub by: CountedBy,
    /// Which requests are counted, with their ratings; `None` for all.
    pub asked_by: Option<AskedBy>,
    /// Whose ratings are also counted by reason.
    pub reasons: ReasonsOf<'a>,
    /// The current time.
    pub now: Timestamp,
}

/// How finely counts are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedBy {
    /// By day and channel, without agents.
    Channel,
    /// By day, channel and agent. For each day this reads at least one more item than
    /// [`CountedBy::Channel`].
    Agent,
}

/// Whose ratings are counted by day, channel and reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReasonsOf<'a> {
    /// Nobody's.
    Nobody,
    /// All agents' together.
    AllAgents,
    /// One agent's.
    Agent(&'a AgentId),
}

/// Reads the pages of `query` one after the other and passes each item to `each`. Only one page is
/// in memory at a time.
pub(super) async fn read_each<T: DeserializeOwned>(
    table: &Table,
    query: QueryFluentBuilder,
    mut each: impl FnMut(T),
) -> Result<(), Fault> {
    let mut pages = table.pages::<T>(query);
    while let Some(page) = pages.next().await? {
        page.into_iter().for_each(&mut each);
    }
    Ok(())
}

/// A query for the items of a partition whose sort keys begin with `prefix` and a day of `span`.
pub(super) fn query_days(
    table: &Table,
    partition: String,
    prefix: &str,
    span: DaySpan,
) -> QueryFluentBuilder {
    let (from, to) = (span.from(), span.to());
    table
        .new_query()
        .consistent_read(true)
        .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
        .expression_attribute_values(":pk", string(partition))
        .expression_attribute_values(":from", string(format!("{prefix}{from}")))
        // `$` comes right after `#`, so this key is after all keys that continue with `#`.
        .expression_attribute_values(":to", string(format!("{prefix}{to}$")))
}
