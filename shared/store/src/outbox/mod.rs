//! The transactional outbox: attributes of an item from which EventBridge Pipes builds an event.
//! An event is published if and only if its item was written.
//!
//! A write that publishes an event carries an [`OutboxEvent`]. The pipe in `infra/template.yaml`
//! reads the table's stream and builds the event with its input template alone. A template can
//! neither omit an absent attribute nor split a key. So every member of [`EventSubject`] and
//! [`OutboxEvent`] is a string that is always present. It is empty if the event type does not use
//! it.

mod event_subject;
mod outbox_event;
mod with_outbox;

pub use event_subject::EventSubject;
pub use outbox_event::OutboxEvent;
pub use with_outbox::WithOutbox;
