//! The stack's own event bus. It delivers the events of the pipe to the functions of its rules.

use std::error::Error;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::Mutex;

use crate::aws::dynamodb_position::StoredPosition;
use crate::aws::eventbridge::bus::EventBus;
use crate::aws::eventbridge::feed::{EventFeed, Events};
use crate::aws::lambda::DeliveryResult;
use crate::storage::Storage;

/// The file with the position of the last processed event.
const FILE: &str = "stream-event-bus.json";

/// The bus with its rules, and the events that were not delivered yet.
pub(crate) struct StackBus {
    bus: EventBus,
    feed: EventFeed,
    /// `None` if no rule of the bus invokes a function.
    waiting: Option<Mutex<Waiting>>,
}

struct Waiting {
    events: Events,
    position: StoredPosition,
}

impl StackBus {
    /// Opens the bus. It continues at the position that the last run stored.
    pub(crate) async fn open(
        bus: EventBus,
        feed: &EventFeed,
        storage: &Storage,
    ) -> Result<Arc<Self>, Box<dyn Error + Send + Sync>> {
        let waiting = if bus.is_empty() {
            None
        } else {
            let file = FILE.to_owned();
            let (position, place) = StoredPosition::open(storage, file, feed.stream())?;
            let events = feed.read_all(place.as_deref()).await;
            Some(Mutex::new(Waiting { events, position }))
        };
        Ok(Arc::new(Self {
            bus,
            feed: feed.clone(),
            waiting,
        }))
    }

    /// Delivers all events to the functions, for as long as the future is polled.
    pub(crate) async fn run(&self) {
        let mut written = self.feed.stream().watch();
        loop {
            written.borrow_and_update();
            self.deliver_waiting().await;
            if written.changed().await.is_err() {
                return;
            }
        }
    }

    /// Delivers all events that exist now, in the order of the stream. Returns the results of each
    /// event. An event that still fails after Lambda's retries is a dead letter, and the next one
    /// follows.
    pub(crate) async fn deliver_waiting(&self) -> Vec<Vec<DeliveryResult>> {
        let mut results = Vec::new();
        let Some(waiting) = &self.waiting else {
            return results;
        };
        let mut waiting = waiting.lock().await;
        let mut skipped = None;
        while let Some((place, event)) = waiting.events.next_record_if_any().await {
            match event {
                Some(event) => {
                    results.push(self.put(&event.json).await);
                    waiting.position.set(&place);
                    skipped = None;
                }
                None => skipped = Some(place),
            }
        }
        if let Some(place) = skipped {
            waiting.position.set(&place);
        }
        results
    }

    /// Delivers `event` to each function whose rule matches it.
    pub(crate) async fn put(&self, event: &Value) -> Vec<DeliveryResult> {
        self.bus.put(event).await
    }
}

#[cfg(test)]
mod tests;
