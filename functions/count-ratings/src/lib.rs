//! Told by the table's stream of each rating request that was made or answered: counts it for the
//! report of satisfaction.
//!
//! A record says which request it is and nothing more. The request is read as it stands, and one
//! transaction adds to the counts what they do not hold of it yet and notes on the request what they
//! hold now. So it does not matter how often a record comes, how late, or in which order.

mod count;

use std::collections::HashSet;
use std::sync::Mutex;

use aws::{Environment, EnvironmentError};
use domain::{OrganisationId, Timestamp};
use dynamodb::{Key, Table};
use errors::Fault;
use lambda::events::{EventOutcome, ItemKey, StreamHandler};
use store::key;

/// The function.
#[derive(Debug)]
pub struct CountRatings {
    table: Table,
    /// The organisations that this sandbox has listed among those whose counts are folded.
    listed: Mutex<HashSet<OrganisationId>>,
}

impl CountRatings {
    /// The function as the environment wires it.
    ///
    /// # Errors
    /// Where a variable is missing or breaks its rule.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            listed: Mutex::default(),
        })
    }
}

impl StreamHandler for CountRatings {
    async fn consume(&self, key: ItemKey, _now: Timestamp) -> Result<EventOutcome, Fault> {
        if key.sk.starts_with(key::RATING_REQUESTS) {
            self.count(Key {
                pk: key.pk,
                sk: key.sk,
            })
            .await
        } else {
            Ok(EventOutcome::dropped("no_rating_request"))
        }
    }
}
