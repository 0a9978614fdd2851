//! Handles the SES events of transcripts, which EventBridge delivers, and records the delivery
//! state of each mail on its transcript.
//!
//! Events can be late, duplicated, out of order or missing. Each is compared with the current state
//! of its transcript. It is recorded if its state has a higher rank, and ignored otherwise.

mod advance;
mod backfill;
mod bounce;
mod bounce_reason;
mod complaint;
mod delay;
mod delivery_event;
mod delivery_update;
mod record;
mod status;
mod step;

use aws::{Environment, EnvironmentError};
use dynamodb::Table;
use errors::Fault;
use lambda::events::{EventHandler, EventInvocation, EventOutcome};
use serde_json::Value;

use crate::delivery_event::DeliveryEvent;
use crate::record::record;

/// Tracks the delivery of transcripts.
#[derive(Clone, Debug)]
pub struct TrackDelivery {
    table: Table,
}

impl TrackDelivery {
    /// Creates the handler from environment variables.
    ///
    /// # Errors
    /// If a required variable is missing or a variable is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
        })
    }
}

impl EventHandler for TrackDelivery {
    async fn handle(
        &self,
        event: Value,
        invocation: EventInvocation,
    ) -> Result<EventOutcome, Fault> {
        match DeliveryEvent::decode(&event, invocation.now) {
            Ok(delivery) => record(&self.table, &delivery).await,
            Err(unreadable) => Ok(EventOutcome::dropped(unreadable.as_str())),
        }
    }
}
