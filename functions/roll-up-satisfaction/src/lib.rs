//! Rolls up the counts of past days. On a schedule, the function moves the pending counts of days
//! before yesterday from the shards into each day's own items. A report of a year then reads one
//! item per day, instead of one per shard, channel and agent.
//!
//! Each roll-up is one transaction that moves amounts and never copies them. A run can therefore
//! stop at any point, be repeated, or overlap with another run. Late answers are counted in the
//! shards again, and a later run moves them.

mod day;
mod lock;
mod organisation;
mod part;
mod pending;
mod roll_up;
mod roll_up_subsets;
mod run;

use std::time::Instant;

use aws::{Environment, EnvironmentError};
use domain::{OrganisationId, ReportTimeZone};
use dynamodb::Table;
use errors::Fault;
use futures_util::{StreamExt, stream};
use lambda::events::{EventHandler, EventInvocation, EventOutcome};
use lambda::settings;
use serde_json::Value;
use store::{CountedOrganisationItem, key};

use crate::organisation::roll_up_until;
use crate::run::Run;

/// The number of organisations that are processed at the same time.
const ORGANISATIONS_AT_ONCE: usize = 4;

/// Rolls up the counts of past days.
#[derive(Clone, Debug)]
pub struct RollUpSatisfaction {
    table: Table,
    report_time_zone: ReportTimeZone,
}

impl RollUpSatisfaction {
    /// Creates the handler from environment variables.
    ///
    /// # Errors
    /// If a required variable is missing or a variable is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            report_time_zone: settings::report_time_zone(environment)?,
        })
    }

    /// Reads the organisations whose counts are rolled up.
    async fn organisations(&self) -> Result<Vec<OrganisationId>, Fault> {
        let listed = self.table.query(key::COUNTED_ORGANISATIONS.to_owned(), "");
        let listed: Vec<CountedOrganisationItem> = self.table.read_all(listed).await?;
        Ok(listed.into_iter().map(|it| it.organisation).collect())
    }
}

impl EventHandler for RollUpSatisfaction {
    /// Starts a run. The content of the event is ignored.
    async fn handle(
        &self,
        _event: Value,
        EventInvocation { now, .. }: EventInvocation,
    ) -> Result<EventOutcome, Fault> {
        let run = Run::begin(now, Instant::now());
        // Today's and yesterday's counts still change with almost every answer.
        let last = self.report_time_zone.day_of(now).plus_days(-2);
        let results = stream::iter(self.organisations().await?)
            .map(|organisation| async move {
                roll_up_until(&self.table, &organisation, last, run).await
            })
            .buffer_unordered(ORGANISATIONS_AT_ONCE)
            .collect::<Vec<_>>()
            .await;
        // A failure in one organisation does not stop the others.
        let roll_ups = results.into_iter().sum::<Result<u64, _>>()?;
        Ok(if roll_ups > 0 {
            EventOutcome::applied("folded")
        } else {
            EventOutcome::unchanged("nothing_to_fold")
        })
    }
}
