//! The events that the pipe makes of what is written to the table, as the bus would carry them.

use std::sync::Arc;

use domain::Timestamp;
use serde_json::{Value, json};

use super::Pipe;
use crate::aws::dynamodb_stream::{Records, TableStream, sequence_number};
use crate::template::{ACCOUNT, REGION};

/// Where events come from: any number of readers, each with a place of its own.
#[derive(Clone)]
pub(crate) struct EventFeed {
    stream: TableStream,
    pipe: Arc<Pipe>,
}

/// One reader of the feed.
pub(crate) struct Events {
    records: Records,
    pipe: Arc<Pipe>,
}

/// An event.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// Where it stands in the feed.
    pub(crate) place: String,
    /// Its detail type.
    pub(crate) detail_type: String,
    /// The event as EventBridge hands it to a target.
    pub(crate) json: Value,
}

impl EventFeed {
    pub(crate) fn new(stream: TableStream, pipe: Pipe) -> Self {
        Self {
            stream,
            pipe: Arc::new(pipe),
        }
    }

    /// What happens from now on, or what happened after `place`, where there is such a place.
    pub(crate) async fn read(&self, place: Option<&str>) -> Events {
        Events {
            records: self.stream.read(place).await,
            pipe: Arc::clone(&self.pipe),
        }
    }
}

impl Events {
    /// Waits for the next event. `None` once the database is gone.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        loop {
            let record = self.records.next().await?;
            match self.pipe.carry(&record) {
                Ok(Some(entry)) => {
                    let envelope = json!({
                        "version": "0",
                        "id": event_id(&record),
                        "detail-type": entry.detail_type,
                        "source": entry.source,
                        "account": ACCOUNT,
                        "time": time(&record),
                        "region": REGION,
                        "resources": [],
                        "detail": entry.detail,
                    });
                    return Some(Event {
                        place: sequence_number(&record).unwrap_or_default().to_owned(),
                        detail_type: entry.detail_type,
                        json: envelope,
                    });
                }
                Ok(None) => {}
                // In AWS it goes to the dead letters.
                Err(error) => tracing::error!(%error, "an event was lost in the pipe"),
            }
        }
    }
}

/// The record's id in the form of EventBridge's: five groups of hexadecimal digits.
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

/// When the record was written, in whole seconds, as EventBridge tells the time.
fn time(record: &Value) -> String {
    let written = record.pointer("/dynamodb/ApproximateCreationDateTime");
    let seconds = written.and_then(Value::as_f64).unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, reason = "whole seconds are wanted")]
    let time = Timestamp::from_epoch_seconds(seconds as i64).unwrap_or(Timestamp::EPOCH);
    time.to_string().replace(".000Z", "Z")
}
