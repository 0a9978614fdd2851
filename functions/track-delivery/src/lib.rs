//! SES's events of transcripts, from EventBridge: what became of a mail is written on its
//! transcript.
//!
//! Events come late, twice and in any order, or not at all. Each is held against the transcript as
//! it stands: it counts where its state has a higher rank, and is nothing new otherwise.

mod bounce;
mod complaint;
mod delay;
mod notice;
mod record;

use aws::{Environment, EnvironmentError};
use domain::Timestamp;
use dynamodb::Table;
use errors::Fault;
use lambda::events::{EventHandler, EventOutcome};
use serde_json::Value;

use crate::notice::DeliveryEvent;

/// The function.
#[derive(Clone, Debug)]
pub struct TrackDelivery {
    table: Table,
}

impl TrackDelivery {
    /// The function as the environment wires it.
    ///
    /// # Errors
    /// Where a variable is missing or breaks its rule.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
        })
    }
}

impl EventHandler for TrackDelivery {
    async fn consume(&self, event: Value, now: Timestamp) -> Result<EventOutcome, Fault> {
        match DeliveryEvent::decode(&event, now) {
            Ok(notice) => self.record(&notice).await,
            Err(unreadable) => Ok(EventOutcome::dropped(unreadable.as_str())),
        }
    }
}
