//! The table's stream: every write, in order.

use std::collections::VecDeque;

use dynoxide::actions::describe_stream::DescribeStreamRequest;
use dynoxide::actions::get_records::GetRecordsRequest;
use dynoxide::actions::get_shard_iterator::GetShardIteratorRequest;
use dynoxide::actions::list_streams::ListStreamsRequest;
use dynoxide::{Database, DynoxideError};
use serde_json::Value;
use tokio::sync::watch;

/// How many records are read at once.
const PAGE: usize = 100;

/// The stream of the one table.
#[derive(Clone)]
pub(crate) struct TableStream {
    database: Database,
    arn: String,
    shard: String,
    written: watch::Receiver<()>,
}

/// A reader of the stream.
pub(crate) struct Records {
    stream: TableStream,
    /// Where the next page begins; `None` where the engine refused to say.
    iterator: Option<String>,
    page: VecDeque<Value>,
}

impl TableStream {
    /// The stream of `table`, whose readers look for more whenever `written` changes.
    pub(crate) fn open(
        database: Database,
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
            arn,
            shard,
            written,
        })
    }

    /// Reads on from the write with the sequence number `after`, where there may be such a one, and
    /// else from the latest.
    pub(crate) async fn read(&self, after: Option<&str>) -> Records {
        self.read_from(after, "LATEST").await
    }

    /// The same, and else from the oldest that is kept.
    pub(crate) async fn read_all(&self, after: Option<&str>) -> Records {
        self.read_from(after, "TRIM_HORIZON").await
    }

    /// Tells when something may have been written.
    pub(crate) fn watch(&self) -> watch::Receiver<()> {
        self.written.clone()
    }

    async fn read_from(&self, after: Option<&str>, otherwise: &str) -> Records {
        let kept = match after {
            Some(number) => self.iterator("AFTER_SEQUENCE_NUMBER", Some(number)).await,
            None => None,
        };
        let iterator = match kept {
            Some(iterator) => Some(iterator),
            None => self.iterator(otherwise, None).await,
        };
        Records {
            stream: self.clone(),
            iterator,
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
    /// Waits for the next record. `None` once nothing more can come.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(record) = self.written().await {
                return Some(record);
            }
            self.iterator.as_ref()?;
            self.stream.written.changed().await.ok()?;
        }
    }

    /// The next record, where there is one by now.
    pub(crate) async fn written(&mut self) -> Option<Value> {
        if self.page.is_empty() {
            // Before the look, so that what is written after it is noticed.
            self.stream.written.borrow_and_update();
            self.read_page().await?;
        }
        self.page.pop_front()
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
            .inspect_err(|error| tracing::error!(%error, "the table's stream cannot be read on"))
            .ok()?;
        let records = answer.records.into_iter();
        self.page = records
            .filter_map(|record| serde_json::to_value(record).ok())
            .collect();
        self.iterator = answer.next_shard_iterator;
        Some(())
    }
}
