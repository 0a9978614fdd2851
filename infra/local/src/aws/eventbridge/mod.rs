//! The parts of EventBridge that the stack uses.

mod bus;
mod feed;
mod input_template;
mod pattern;
mod pipe;
mod stack_bus;

pub(crate) use bus::EventBus;
pub(crate) use feed::{Event, EventFeed};
pub(crate) use pattern::EventPattern;
pub(crate) use pipe::{FilterCriteria, Pipe, PipeProperties};
pub(crate) use stack_bus::StackBus;
