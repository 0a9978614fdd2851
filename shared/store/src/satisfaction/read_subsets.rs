use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use domain::{AskedBy, OrganisationId};
use dynamodb::Table;
use errors::Fault;
use futures_util::future::try_join_all;
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::key;
use crate::satisfaction::query::{MONTHS_AT_ONCE, query_days, read_each};
use crate::satisfaction::{CountedBy, CountsQuery, ReasonsOf, SubsetCountsItem};

/// Reads the counts of the subsets that `query` needs, rolled up and pending, and passes each item
/// to `each`.
pub(super) async fn read_subsets(
    table: &Table,
    query: CountsQuery<'_>,
    each: impl Fn(SubsetCountsItem) + Sync,
) -> Result<(), Fault> {
    let read = |from| {
        read_each(table, from, |item| {
            if let Some(item) = as_queried(query, item) {
                each(item);
            }
        })
    };
    let months: Vec<_> = months_by_agent(table, query)
        .into_iter()
        .map(read)
        .collect();
    let months = stream::iter(months)
        .buffer_unordered(MONTHS_AT_ONCE)
        .try_collect::<()>();
    let others = spans(table, query).into_iter().map(read);
    tokio::try_join!(months, try_join_all(others))?;
    Ok(())
}

/// The queries for the rolled-up counts of each agent's requests by a rule, one for each month.
fn months_by_agent(table: &Table, query: CountsQuery<'_>) -> Vec<QueryFluentBuilder> {
    if query.asked_by.is_none() || query.by == CountedBy::Channel {
        return Vec::new();
    }
    let partition = || key::rolled_up_partition(query.organisation);
    let months = query.span.months().into_iter();
    months
        .map(|month| query_days(table, partition(), key::RULES_OF_AGENTS, month))
        .collect()
}

/// The other queries, each for the whole span.
fn spans(table: &Table, query: CountsQuery<'_>) -> Vec<QueryFluentBuilder> {
    let days = |partition: String, prefix: &str| query_days(table, partition, prefix, query.span);
    let rolled_up = |prefix: &str| days(key::rolled_up_partition(query.organisation), prefix);
    let pending = |partition: fn(&OrganisationId, u8) -> String| {
        (0..key::PENDING_SHARDS).map(move |shard| days(partition(query.organisation, shard), ""))
    };
    let mut spans = Vec::new();
    // Only the counts of the requests by a rule are needed for themselves.
    if query.asked_by != Some(AskedBy::Rule) {
        let prefix = match query.reasons {
            ReasonsOf::Nobody => None,
            ReasonsOf::AllAgents => Some(key::REASONS.to_owned()),
            ReasonsOf::Agent(agent) => Some(key::agent_reasons(agent)),
        };
        if let Some(prefix) = prefix {
            spans.push(rolled_up(&prefix));
            spans.extend(pending(key::pending_reasons_partition));
        }
    }
    if query.asked_by.is_some() {
        spans.extend(pending(key::pending_rules_partition));
        if query.by == CountedBy::Channel {
            spans.push(rolled_up(key::RULES));
        }
        match query.reasons {
            ReasonsOf::Nobody => {}
            ReasonsOf::AllAgents => spans.push(rolled_up(key::RULE_REASONS)),
            ReasonsOf::Agent(agent) => spans.push(rolled_up(&key::agent_rule_reasons(agent))),
        }
    }
    spans
}

/// The item with its agent if `query` counts by agent, and without one otherwise. Returns `None` if
/// `query` does not include the item.
fn as_queried(query: CountsQuery<'_>, item: SubsetCountsItem) -> Option<SubsetCountsItem> {
    let agent_id = if item.reason.is_some() {
        match query.reasons {
            ReasonsOf::Nobody => return None,
            ReasonsOf::AllAgents => None,
            ReasonsOf::Agent(agent) => Some(item.agent_id.filter(|it| it == agent)?),
        }
    } else {
        item.agent_id.filter(|_| query.by == CountedBy::Agent)
    };
    Some(SubsetCountsItem { agent_id, ..item })
}

#[cfg(test)]
mod tests {
    use domain::{AgentId, Channel, DaySpan, ReasonId, ReportDay, Timestamp};

    use super::*;

    #[test]
    fn pending_counts_are_included_as_rolled_up_ones_are() {
        let organisation = OrganisationId::parse("main").unwrap();
        let day = ReportDay::parse("2026-11-03").unwrap();
        let [kim, jo] = ["kim", "jo"].map(|id| AgentId::parse(id).unwrap());
        let item = |reason: &str| {
            let (kim, reason) = (Some(kim.clone()), ReasonId::parse(reason).ok());
            SubsetCountsItem::new(day, Channel::widget(), kim, Some(AskedBy::Rule), reason)
        };
        let (of_requests, of_reason) = (item(""), item("slow"));
        let (of_kim, of_all) = (Some(Some(kim.clone())), Some(None));
        for (by, reasons, requests, reason) in [
            (CountedBy::Channel, ReasonsOf::Nobody, of_all.clone(), None),
            (CountedBy::Agent, ReasonsOf::Nobody, of_kim.clone(), None),
            (
                CountedBy::Channel,
                ReasonsOf::AllAgents,
                of_all.clone(),
                of_all,
            ),
            (
                CountedBy::Agent,
                ReasonsOf::Agent(&kim),
                of_kim.clone(),
                of_kim.clone(),
            ),
            (CountedBy::Agent, ReasonsOf::Agent(&jo), of_kim, None),
        ] {
            let query = CountsQuery {
                organisation: &organisation,
                span: DaySpan::new(day, day).unwrap(),
                by,
                asked_by: Some(AskedBy::Rule),
                reasons,
                now: Timestamp::EPOCH,
            };
            let agent =
                |item: &SubsetCountsItem| as_queried(query, item.clone()).map(|item| item.agent_id);
            assert_eq!(agent(&of_requests), requests, "{by:?} {reasons:?}");
            assert_eq!(agent(&of_reason), reason, "{by:?} {reasons:?}");
        }
    }
}
