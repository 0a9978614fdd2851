//! Counts rating requests for the satisfaction report. The table's DynamoDB stream invokes this
//! function for each rating request that is created or answered.
//!
//! A stream record only identifies the rating request. The function reads the current request and
//! commits one transaction: it adds to the counts what they do not include yet, and records on the
//! request what they include now. Duplicate, late and out-of-order records therefore do not change
//! the result.

mod count;
mod listed;

use aws::{Environment, EnvironmentError};
use domain::Timestamp;
use dynamodb::{Key, Table};
use errors::Fault;
use lambda::events::{EventOutcome, ItemKey, StreamHandler};
use store::key;

use crate::count::count;
use crate::listed::ListedOrganisations;

/// Counts rating requests from stream records.
#[derive(Debug)]
pub struct CountRatings {
    table: Table,
    listed: ListedOrganisations,
}

impl CountRatings {
    /// Creates the handler from environment variables.
    ///
    /// # Errors
    /// If a required variable is missing or a variable is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            listed: ListedOrganisations::default(),
        })
    }
}

impl StreamHandler for CountRatings {
    async fn consume(&self, key: ItemKey, _now: Timestamp) -> Result<EventOutcome, Fault> {
        if key.sk.starts_with(key::RATING_REQUESTS) {
            let key = Key {
                pk: key.pk,
                sk: key.sk,
            };
            count(&self.table, &self.listed, key).await
        } else {
            Ok(EventOutcome::dropped("no_rating_request"))
        }
    }
}
