//! The events that the pipe makes from the table's stream, as the event bus would deliver them.

use std::sync::Arc;

use domain::Timestamp;
use serde_json::{Value, json};

use crate::aws::dynamodb_stream::{Records, TableStream, sequence_number};
use crate::aws::eventbridge::Pipe;
use crate::template::{ACCOUNT, REGION};

/// A source of events for any number of readers. Each reader has its own position.
#[derive(Clone)]
pub(crate) struct EventFeed {
    stream: TableStream,
    pipe: Arc<Pipe>,
}

/// A reader of the feed.
pub(crate) struct Events {
    records: Records,
    pipe: Arc<Pipe>,
}

#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// The position of the event in the feed.
    pub(crate) place: String,
    pub(crate) detail_type: String,
    /// The event as EventBridge sends it to a target.
    pub(crate) json: Value,
}

impl EventFeed {
    pub(crate) fn new(stream: TableStream, pipe: Pipe) -> Self {
        Self {
            stream,
            pipe: Arc::new(pipe),
        }
    }

    /// The stream that the events come from.
    pub(crate) fn stream(&self) -> &TableStream {
        &self.stream
    }

    /// Reads the events after `place` if that position exists. Otherwise it reads all events that
    /// still exist.
    pub(crate) async fn read_all(&self, place: Option<&str>) -> Events {
        Events {
            records: self.stream.read_all(place).await,
            pipe: Arc::clone(&self.pipe),
        }
    }

    /// Reads the events after `place` if that position exists. Otherwise it reads only new events.
    pub(crate) async fn read(&self, place: Option<&str>) -> Events {
        Events {
            records: self.stream.read(place).await,
            pipe: Arc::clone(&self.pipe),
        }
    }
}

impl Events {
    /// Waits for the next event. Returns `None` if the database was closed.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        loop {
            let record = self.records.next().await?;
            if let Some(event) = self.to_event(&record) {
                return Some(event);
            }
        }
    }

    /// Reads one record, if there is one. Returns its position, and its event if it has one.
    pub(crate) async fn next_record_if_any(&mut self) -> Option<(String, Option<Event>)> {
        let record = self.records.next_if_any().await?;
        Some((place(&record), self.to_event(&record)))
    }

    fn to_event(&self, record: &Value) -> Option<Event> {
        // AWS sends a record that fails to the dead-letter queue.
        let event = self.pipe.to_event(record).unwrap_or_else(|error| {
            tracing::error!(%error, "an event was lost in the pipe");
            None
        })?;
        let envelope = json!({
            "version": "0",
            "id": event_id(record),
            "detail-type": event.detail_type,
            "source": event.source,
            "account": ACCOUNT,
            "time": time(record),
            "region": REGION,
            "resources": [],
            "detail": event.detail,
        });
        Some(Event {
            place: place(record),
            detail_type: event.detail_type,
            json: envelope,
        })
    }
}

fn place(record: &Value) -> String {
    sequence_number(record).unwrap_or_default().to_owned()
}

/// The event ID: the record's ID in EventBridge's format, which is five groups of hexadecimal
/// digits.
fn event_id(record: &Value) -> String {
    let id = record.get("eventID").and_then(Value::as_str);
    let mut id = id.unwrap_or_default().to_owned();
    for place in [20, 16, 12, 8] {
        if id.is_char_boundary(place) {
            id.insert(place, '-');
        }
    }
    id
}

/// The time at which the record was written, in whole seconds as in EventBridge.
fn time(record: &Value) -> String {
    let written = record.pointer("/dynamodb/ApproximateCreationDateTime");
    let seconds = written.and_then(Value::as_f64).unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, reason = "whole seconds are wanted")]
    let time = Timestamp::from_epoch_seconds(seconds as i64).unwrap_or(Timestamp::EPOCH);
    time.to_string().replace(".000Z", "Z")
}
