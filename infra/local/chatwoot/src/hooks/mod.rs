//! Webhooks: pending hooks, their delivery, and the record of all deliveries.

mod deliver;
mod pending;
mod plan;
mod record;
mod send;

pub use pending::{Hook, PendingHook};
pub use plan::DeliveryPlan;
pub use record::{DeliveryOutcome, DeliveryRecord};

pub(crate) use pending::Subject;
