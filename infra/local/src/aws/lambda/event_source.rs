//! Invokes functions with the records of the table's stream, as an event source mapping does.
//! Records are delivered in order and in batches. If a function fails at a record, the batch is
//! retried from that record on.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use lambda::random;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::aws::dynamodb_position::StoredPosition;
use crate::aws::dynamodb_stream::{Records, TableStream, sequence_number};
use crate::aws::eventbridge::EventPattern;
use crate::functions::{Function, Functions};
use crate::storage::Storage;
use crate::template::EventSourceMapping;

/// The maximum number of tries in a row for a batch.
const TRIES: u32 = 4;

/// The pause before the first retry. Each later pause is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// The maximum pause before a batch is retried after all tries in a row failed.
const PAUSE_AFTER_ALL_TRIES: Duration = Duration::from_secs(5);

/// All functions on the stream.
pub(crate) struct EventSources {
    stream: TableStream,
    sources: Vec<Mutex<EventSource>>,
}

struct EventSource {
    function: Function,
    filter: EventPattern,
    batch_size: usize,
    position: StoredPosition,
    records: Records,
    /// The records that were read and not yet processed.
    waiting: VecDeque<Value>,
}

impl EventSources {
    /// Opens the mappings to functions. Each continues at the position that the last run stored.
    pub(crate) async fn open(
        mappings: &[EventSourceMapping],
        functions: &Functions,
        stream: TableStream,
        storage: &Storage,
    ) -> Result<Arc<Self>, Box<dyn std::error::Error + Send + Sync>> {
        let mut sources = Vec::new();
        for mapping in mappings {
            let Some(function) = functions.get(&mapping.function) else {
                continue;
            };
            let file = format!("stream-{}.json", mapping.function);
            let (position, place) = StoredPosition::open(storage, file, &stream)?;
            sources.push(Mutex::new(EventSource {
                function: function.clone(),
                filter: mapping.filter.pattern()?,
                batch_size: mapping.batch_size,
                position,
                records: stream.read_all(place.as_deref()).await,
                waiting: VecDeque::new(),
            }));
        }
        Ok(Arc::new(Self { stream, sources }))
    }

    /// Delivers all records to the functions, for as long as the future is polled.
    pub(crate) async fn run(&self) {
        let sources = self.sources.iter().map(|source| async move {
            let mut written = self.stream.watch();
            loop {
                written.borrow_and_update();
                let is_done = source.lock().await.deliver_waiting().await;
                tokio::select! {
                    changed = written.changed() => if changed.is_err() {
                        return;
                    },
                    () = tokio::time::sleep(PAUSE_AFTER_ALL_TRIES), if !is_done => {}
                }
            }
        });
        futures_util::future::join_all(sources).await;
    }

    /// Delivers all records that exist now. Returns whether all were processed.
    pub(crate) async fn deliver_waiting(&self) -> bool {
        let mut is_done = true;
        for source in &self.sources {
            is_done &= source.lock().await.deliver_waiting().await;
        }
        is_done
    }

    /// The records that match the filter of a function on the stream, from the oldest that still
    /// exists.
    pub(crate) async fn records(&self) -> Vec<Value> {
        let mut matching = Vec::new();
        let mut records = self.stream.read_all(None).await;
        while let Some(record) = records.next_if_any().await {
            for source in &self.sources {
                if source.lock().await.filter.matches(&record) {
                    matching.push(record.clone());
                }
            }
        }
        matching
    }

    /// Invokes each function with exactly these records as one batch. Returns the responses.
    pub(crate) async fn invoke_with(&self, records: &[Value]) -> Vec<Value> {
        let mut answers = Vec::new();
        for source in &self.sources {
            let function = source.lock().await.function.clone();
            let batch = json!({ "Records": records });
            let request_id = random::unique_id().to_string();
            answers.push(match function.invoke(&request_id, &batch).await {
                Ok(answer) => serde_json::from_str(&answer).unwrap_or(Value::Null),
                Err(error) => json!({ "error": error }),
            });
        }
        answers
    }
}

impl EventSource {
    /// Delivers all records that exist now. Returns whether all were processed.
    async fn deliver_waiting(&mut self) -> bool {
        loop {
            let mut place = None;
            while self.waiting.len() < self.batch_size {
                let Some(record) = self.records.next_if_any().await else {
                    break;
                };
                if self.filter.matches(&record) {
                    self.waiting.push_back(record);
                } else if self.waiting.is_empty() {
                    place = sequence_number(&record).map(str::to_owned);
                }
            }
            if self.waiting.is_empty() {
                if let Some(place) = place {
                    self.position.set(&place);
                }
                return true;
            }
            if !self.deliver_batch().await {
                return false;
            }
        }
    }

    /// Delivers the waiting records, and retries those that failed. Returns whether all were
    /// processed.
    async fn deliver_batch(&mut self) -> bool {
        let mut pause = FIRST_PAUSE;
        for tried in 1..=TRIES {
            let request_id = random::unique_id().to_string();
            let batch = json!({ "Records": self.waiting });
            match self.function.invoke(&request_id, &batch).await {
                Ok(answer) => {
                    let answer = serde_json::from_str(&answer).unwrap_or(Value::Null);
                    self.remove_processed(answer.pointer("/batchItemFailures/0/itemIdentifier"));
                    if self.waiting.is_empty() {
                        return true;
                    }
                }
                Err(failure) => {
                    let function = self.function.name();
                    tracing::error!(function, request_id, failure, "a batch failed");
                }
            }
            if tried < TRIES {
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
        }
        false
    }

    /// Removes the processed records: those before the record with the sequence number `failed`, or
    /// all if `failed` is `None`.
    fn remove_processed(&mut self, failed: Option<&Value>) {
        let failed = failed.and_then(Value::as_str);
        let place = self
            .waiting
            .iter()
            .position(|record| failed.is_some() && sequence_number(record) == failed);
        let done = match failed {
            None => self.waiting.len(),
            // The batch has no such record, so the whole batch counts as failed.
            Some(_) => place.unwrap_or(0),
        };
        let last = self.waiting.drain(..done).next_back();
        if let Some(number) = last.as_ref().and_then(sequence_number) {
            self.position.set(number);
        }
    }
}
