//! The parts of Lambda that invoke functions without an HTTP request.

mod asynchronous;
mod event_source;
mod schedule;

pub(crate) use asynchronous::{DeliveryResult, deliver};
pub(crate) use event_source::EventSources;
pub(crate) use schedule::Schedules;
