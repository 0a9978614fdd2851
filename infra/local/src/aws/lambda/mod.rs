//! Lambda, as far as it calls functions that nobody asks for.

mod event_source;
mod schedule;

pub(crate) use event_source::EventSources;
pub(crate) use schedule::Schedules;
