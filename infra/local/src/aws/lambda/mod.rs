//! The parts of Lambda that invoke functions without an HTTP request.

mod event_source;
mod schedule;

pub(crate) use event_source::EventSources;
pub(crate) use schedule::Schedules;
