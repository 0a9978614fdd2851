//! Folds the counts of days that are over: on a schedule, it moves what the shards hold of days
//! before yesterday into each day's own items, so that a report of a year reads one item for each
//! day and not one for each shard, channel and agent.
//!
//! Each fold is one transaction that moves amounts and never copies them. So a run may end anywhere,
//! come twice or beside another, and meet answers that come late: those land in the shards again and
//! are moved by a later run.

mod day;
mod fold;
mod organisation;
mod pending;
mod run;

use std::time::Instant;

use aws::{Environment, EnvironmentError};
use domain::{OrganisationId, ReportTimeZone, Timestamp};
use dynamodb::Table;
use errors::Fault;
use futures_util::{StreamExt, stream};
use lambda::events::{EventHandler, EventOutcome};
use serde_json::Value;
use store::{CountedOrganisationItem, key};

use crate::organisation::fold_until;
use crate::run::Run;

/// How many organisations are worked on at a time.
const ORGANISATIONS_AT_ONCE: usize = 4;

/// The function.
#[derive(Clone, Debug)]
pub struct RollUpSatisfaction {
    table: Table,
    /// `REPORT_TIME_ZONE` (default UTC).
    report_time_zone: ReportTimeZone,
}

impl RollUpSatisfaction {
    /// The function as the environment wires it.
    ///
    /// # Errors
    /// Where a variable is missing or breaks its rule.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            report_time_zone: environment
                .parsed("REPORT_TIME_ZONE", ReportTimeZone::parse)?
                .unwrap_or_default(),
        })
    }

    /// Those whose counts are folded.
    async fn organisations(&self) -> Result<Vec<OrganisationId>, Fault> {
        let listed = self.table.query(key::COUNTED_ORGANISATIONS.to_owned(), "");
        let listed: Vec<CountedOrganisationItem> = self.table.read_all(listed).await?;
        Ok(listed.into_iter().map(|it| it.organisation).collect())
    }
}

impl EventHandler for RollUpSatisfaction {
    /// Whatever the event: that it came is all it says.
    async fn consume(&self, _event: Value, now: Timestamp) -> Result<EventOutcome, Fault> {
        let run = Run::begin(now, Instant::now());
        // Today's and yesterday's counts still change with almost every answer.
        let last = self.report_time_zone.day_of(now).plus_days(-2);
        let folded =
            stream::iter(self.organisations().await?)
                .map(|organisation| async move {
                    fold_until(&self.table, &organisation, last, run).await
                })
                .buffer_unordered(ORGANISATIONS_AT_ONCE)
                .collect::<Vec<_>>()
                .await;
        // What failed in one organisation holds up no other.
        let folds = folded.into_iter().sum::<Result<u64, _>>()?;
        Ok(if folds > 0 {
            EventOutcome::applied("folded")
        } else {
            EventOutcome::unchanged("nothing_to_fold")
        })
    }
}
