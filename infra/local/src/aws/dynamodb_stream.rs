//! The table's stream: every write, in order.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
use dynoxide::actions::describe_stream::DescribeStreamRequest;
use dynoxide::actions::get_records::GetRecordsRequest;
use dynoxide::actions::get_shard_iterator::GetShardIteratorRequest;
use dynoxide::actions::list_streams::ListStreamsRequest;
use dynoxide::{Database, DynoxideError};
use lambda::clock::{Clock, SystemClock};
use serde_json::Value;
use tokio::sync::watch;

use crate::aws::dynamodb_bookmarks::{Bookmark, Bookmarks, to_record_number, to_sequence_number};
use crate::aws::dynamodb_file::DatabaseFile;

/// The maximum number of records per read.
const PAGE: usize = 100;

/// The minimum time for which a record is kept, as in DynamoDB
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html>). It counts in
/// system time, because the engine dates records with the system clock.
const RETENTION_SECONDS: i64 = 24 * 60 * 60;

/// The interval between deletions of older records.
const TRIM_INTERVAL: Duration = Duration::from_secs(10 * 60);

/// The stream of the table.
#[derive(Clone)]
pub(crate) struct TableStream {
    database: Database,
    file: DatabaseFile,
    table: String,
    arn: String,
    shard: String,
    written: watch::Receiver<()>,
    bookmarks: Arc<Bookmarks>,
}

/// A reader of the stream.
pub(crate) struct Records {
    stream: TableStream,
    /// The iterator of the next page. `None` if the engine returned none.
    iterator: Option<String>,
    page: VecDeque<Value>,
    bookmark: Bookmark,
}

impl TableStream {
    /// Opens the stream of `table`. Its readers look for new records whenever `written` changes.
    pub(crate) fn open(
        database: Database,
        file: DatabaseFile,
        table: &str,
        written: watch::Receiver<()>,
    ) -> Result<Self, DynoxideError> {
        let streams = database.list_streams(ListStreamsRequest {
            table_name: Some(table.to_owned()),
            ..ListStreamsRequest::default()
        })?;
        let no_stream =
            || DynoxideError::ResourceNotFoundException("the table's stream".to_owned());
        let arn = streams
            .streams
            .into_iter()
            .next()
            .ok_or_else(no_stream)?
            .stream_arn;
        let described = database.describe_stream(DescribeStreamRequest {
            stream_arn: arn.clone(),
            ..DescribeStreamRequest::default()
        })?;
        let mut shards = described.stream_description.shards.into_iter();
        let shard = shards.next().ok_or_else(no_stream)?.shard_id;
        Ok(Self {
            database,
            file,
            table: table.to_owned(),
            arn,
            shard,
            written,
            bookmarks: Arc::default(),
        })
    }

    /// Reads the records after the sequence number `after` if that is possible. Otherwise it reads
    /// only new records.
    pub(crate) async fn read(&self, after: Option<&str>) -> Records {
        match self.read_after(after).await {
            Some(records) => records,
            None => self.read_new().await,
        }
    }

    /// Reads the records after the sequence number `after` if that is possible. Otherwise it reads
    /// all records that still exist.
    pub(crate) async fn read_all(&self, after: Option<&str>) -> Records {
        match self.read_after(after).await {
            Some(records) => records,
            None => self.records(0, self.iterator("TRIM_HORIZON", None)).await,
        }
    }

    /// Keeps the records after the sequence number `after`, or all records if `after` is `None`.
    pub(crate) fn bookmark(&self, after: Option<&str>) -> Bookmark {
        self.bookmarks
            .add(after.and_then(to_record_number).unwrap_or_default())
    }

    /// Returns a receiver that changes when new records may exist.
    pub(crate) fn watch(&self) -> watch::Receiver<()> {
        self.written.clone()
    }

    /// Deletes old records that every reader has processed, for as long as the future is polled.
    pub(crate) async fn keep_trimmed(&self) {
        let mut ticks = tokio::time::interval(TRIM_INTERVAL);
        loop {
            ticks.tick().await;
            let before = SystemClock.now().plus_seconds(-RETENTION_SECONDS);
            self.trim(before).await;
        }
    }

    /// Deletes the records that every reader has processed and that were written before `before`.
    async fn trim(&self, before: Timestamp) {
        let (file, table, processed_up_to) = (
            self.file.clone(),
            self.table.clone(),
            self.bookmarks.lowest(),
        );
        let trim = move || file.trim(&table, processed_up_to, before);
        match tokio::task::spawn_blocking(trim).await {
            Ok(Ok(deleted)) => tracing::debug!(deleted, "trimmed the table's stream"),
            Ok(Err(error)) => tracing::warn!(%error, "the table's stream was not trimmed"),
            Err(error) => tracing::warn!(%error, "the table's stream was not trimmed"),
        }
    }

    async fn read_after(&self, after: Option<&str>) -> Option<Records> {
        let after = after?;
        let records = self.records(
            to_record_number(after)?,
            self.iterator("AFTER_SEQUENCE_NUMBER", Some(after)),
        );
        Some(records.await).filter(|records| records.iterator.is_some())
    }

    async fn read_new(&self) -> Records {
        let (file, table) = (self.file.clone(), self.table.clone());
        let last = tokio::task::spawn_blocking(move || file.last_record(&table));
        match last.await {
            Ok(Ok(last @ 1..)) => {
                let after = to_sequence_number(last);
                self.records(last, self.iterator("AFTER_SEQUENCE_NUMBER", Some(&after)))
                    .await
            }
            _ => self.records(0, self.iterator("LATEST", None)).await,
        }
    }

    /// A reader of the records after the record number `at`, at which `iterator` starts.
    async fn records(&self, at: i64, iterator: impl Future<Output = Option<String>>) -> Records {
        Records {
            // The bookmark is added before the iterator is created, so that no record after it is
            // trimmed.
            bookmark: self.bookmarks.add(at),
            stream: self.clone(),
            iterator: iterator.await,
            page: VecDeque::new(),
        }
    }

    async fn iterator(&self, kind: &str, number: Option<&str>) -> Option<String> {
        let request = GetShardIteratorRequest {
            stream_arn: self.arn.clone(),
            shard_id: self.shard.clone(),
            shard_iterator_type: kind.to_owned(),
            sequence_number: number.map(str::to_owned),
        };
        let database = self.database.clone();
        let answer = tokio::task::spawn_blocking(move || database.get_shard_iterator(request));
        answer.await.ok()?.ok()?.shard_iterator
    }
}

impl Records {
    /// Waits for the next record. Returns `None` if the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(record) = self.next_if_any().await {
                return Some(record);
            }
            self.iterator.as_ref()?;
            self.stream.written.changed().await.ok()?;
        }
    }

    /// The next record, or `None` if there is none yet.
    pub(crate) async fn next_if_any(&mut self) -> Option<Value> {
        if self.page.is_empty() {
            // This comes before the read, so that a later write is not missed.
            self.stream.written.borrow_and_update();
            self.read_page().await?;
        }
        let record = self.page.pop_front()?;
        if let Some(number) = sequence_number(&record) {
            self.bookmark.set(number);
        }
        Some(record)
    }

    async fn read_page(&mut self) -> Option<()> {
        let request = GetRecordsRequest {
            shard_iterator: self.iterator.clone()?,
            limit: Some(PAGE),
        };
        let database = self.stream.database.clone();
        let answer = tokio::task::spawn_blocking(move || database.get_records(request));
        let answer = answer.await.ok()?;
        let answer = answer
            .inspect_err(|error| tracing::error!(%error, "reading the table's stream failed"))
            .ok()?;
        let records = answer.records.into_iter();
        self.page = records
            .filter_map(|record| serde_json::to_value(record).ok())
            .collect();
        self.iterator = answer.next_shard_iterator;
        Some(())
    }
}

/// The sequence number of a stream record: 21 digits.
pub(crate) fn sequence_number(record: &Value) -> Option<&str> {
    record.pointer("/dynamodb/SequenceNumber")?.as_str()
}

#[cfg(test)]
mod tests;
