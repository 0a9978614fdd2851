//! The parts of Lambda that invoke functions without a request to the gateway.

mod asynchronous;
mod event_source;
mod invoke;
mod schedule;
mod signature;

pub(crate) use asynchronous::{DeliveryResult, deliver};
pub(crate) use event_source::EventSources;
pub(crate) use invoke::{InvokeApi, InvokeFault, router};
pub(crate) use schedule::Schedules;
