//! The engine's database file. This server opens its own connection to it, because the engine has
//! no index on its stream records and never deletes one.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::Timestamp;
use dynoxide::{Database, DynoxideError};
use lambda::random;
use rusqlite::{Connection, OptionalExtension, named_params};

use crate::storage::Storage;

const FILE: &str = "dynamodb.sqlite";

/// The time that a statement waits for the engine's transactions.
const PATIENCE: Duration = Duration::from_secs(5);

/// The maximum number of records that one transaction deletes. The engine has to wait for the
/// transaction.
const TRIM_BATCH: i64 = 500;

/// An index in the order of the stream. Before each write, the engine looks up the highest record
/// number, which it stores as text. Each read looks up the records after a number. The last two
/// columns let these statements use the index alone.
const INDEX: &str = "
    CREATE INDEX IF NOT EXISTS stream_records_in_order ON _stream_records
    (table_name, CAST(sequence_number AS INTEGER), shard_id, created_at)";

/// A second connection to the engine's database.
#[derive(Clone)]
pub(crate) struct DatabaseFile(Arc<Mutex<Connection>>);

/// The database cannot be opened or maintained.
#[derive(Debug)]
pub(crate) enum DatabaseFileError {
    /// The engine returned an error.
    Engine(DynoxideError),
    /// SQLite returned an error.
    Sqlite(rusqlite::Error),
}

impl fmt::Display for DatabaseFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Engine(error) => error.fmt(f),
            Self::Sqlite(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for DatabaseFileError {}

impl From<DynoxideError> for DatabaseFileError {
    fn from(error: DynoxideError) -> Self {
        Self::Engine(error)
    }
}

impl From<rusqlite::Error> for DatabaseFileError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl DatabaseFile {
    /// Opens the engine on the database of `storage`. Creates the database and the index if they do
    /// not exist.
    pub(crate) fn open(storage: &Storage) -> Result<(Database, Self), DatabaseFileError> {
        let name = match storage.path(FILE) {
            Some(path) => path.to_string_lossy().into_owned(),
            // SQLite's `memdb`: all connections of this process with the same name share the
            // database. It is deleted with the last connection.
            None => format!("file:/afterchat-{}?vfs=memdb", random::unique_id()),
        };
        let database = Database::new(&name)?;
        // This syncs the file at each checkpoint, not at each commit. Committed data survives a
        // crash of the process, but might not survive a crash of the machine.
        database.disable_bulk_loading()?;
        let connection = Connection::open(name)?;
        connection.busy_timeout(PATIENCE)?;
        connection.execute_batch("PRAGMA synchronous = NORMAL")?;
        connection.execute_batch(INDEX)?;
        Ok((database, Self(Arc::new(Mutex::new(connection)))))
    }

    /// The number of the last stream record of `table`, or 0 if there is none.
    pub(crate) fn last_record(&self, table: &str) -> Result<i64, DatabaseFileError> {
        Ok(self
            .with(|connection| last_record(connection, table))?
            .unwrap_or_default())
    }

    /// Deletes the oldest stream records of `table`, and returns how many. It deletes records up to
    /// the number `read` that were written before `before`.
    ///
    /// The last record is never deleted, because the next number continues from it even if the
    /// system clock was set back.
    pub(crate) fn trim(
        &self,
        table: &str,
        read: i64,
        before: Timestamp,
    ) -> Result<usize, DatabaseFileError> {
        let Some(end) = self.with(|connection| trim_end(connection, table, read, before))? else {
            return Ok(0);
        };
        let mut trimmed = 0;
        loop {
            let deleted = self.with(|connection| {
                connection.execute(
                    "DELETE FROM _stream_records WHERE id IN (
                        SELECT id FROM _stream_records
                        WHERE table_name = :table AND CAST(sequence_number AS INTEGER) < :end
                        ORDER BY CAST(sequence_number AS INTEGER) LIMIT :batch)",
                    named_params! { ":table": table, ":end": end, ":batch": TRIM_BATCH },
                )
            })?;
            if deleted == 0 {
                return Ok(trimmed);
            }
            trimmed += deleted;
        }
    }

    fn with<T>(&self, run: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        run(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn last_record(connection: &Connection, table: &str) -> rusqlite::Result<Option<i64>> {
    connection.query_row(
        "SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records
         WHERE table_name = :table",
        named_params! { ":table": table },
        |row| row.get(0),
    )
}

/// The number of the oldest record to keep, or `None` if there are no records.
fn trim_end(
    connection: &Connection,
    table: &str,
    read: i64,
    before: Timestamp,
) -> rusqlite::Result<Option<i64>> {
    let Some(last) = last_record(connection, table)? else {
        return Ok(None);
    };
    let young: Option<i64> = connection
        .query_row(
            "SELECT CAST(sequence_number AS INTEGER) FROM _stream_records
             WHERE table_name = :table AND created_at >= :before
             ORDER BY CAST(sequence_number AS INTEGER) LIMIT 1",
            named_params! { ":table": table, ":before": before.epoch_seconds() },
            |row| row.get(0),
        )
        .optional()?;
    let unread = read.saturating_add(1);
    Ok(Some(last.min(unread).min(young.unwrap_or(i64::MAX))))
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::HashMap;
    use std::path::PathBuf;
    use std::time::Instant;

    use dynoxide::AttributeValue;
    use dynoxide::ImportOptions;
    use dynoxide::actions::put_item::PutItemRequest;
    use lambda::clock::{Clock, SystemClock};
    use serde_json::json;

    use super::*;

    pub(in crate::aws) const TABLE: &str = "table";

    /// A data directory that is deleted when it is dropped.
    struct Directory(PathBuf);

    impl Directory {
        fn new() -> Self {
            let name = format!("afterchat-file-{}", random::unique_id());
            let directory = Self(std::env::temp_dir().join(name));
            directory.storage().prepare().unwrap();
            directory
        }

        fn storage(&self) -> Storage {
            Storage::Directory(self.0.clone())
        }

        /// Opens the database as a version without this module does.
        fn database(&self) -> Database {
            Database::new(&self.0.join(FILE).to_string_lossy()).unwrap()
        }
    }

    impl Drop for Directory {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    pub(in crate::aws) fn database_with_table(storage: &Storage) -> (Database, DatabaseFile) {
        let (database, file) = DatabaseFile::open(storage).unwrap();
        create_table(&database);
        (database, file)
    }

    fn create_table(database: &Database) {
        let request = json!({
            "TableName": TABLE,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "StreamSpecification": {
                "StreamEnabled": true,
                "StreamViewType": "NEW_AND_OLD_IMAGES",
            },
        });
        let request = serde_json::from_value(request).unwrap();
        database.create_table(request).unwrap();
    }

    pub(in crate::aws) fn put(database: &Database, key: &str) {
        let request = PutItemRequest {
            table_name: TABLE.to_owned(),
            item: item(key),
            ..PutItemRequest::default()
        };
        database.put_item(request).unwrap();
    }

    fn item(key: &str) -> HashMap<String, AttributeValue> {
        let value = |text: &str| AttributeValue::S(text.to_owned());
        let text = "x".repeat(500);
        HashMap::from([
            ("pk".to_owned(), value(key)),
            ("text".to_owned(), value(&text)),
        ])
    }

    fn put_many(database: &Database, count: usize) {
        let options = ImportOptions {
            record_streams: true,
            set_cached_at: false,
        };
        let items = (0..count).map(|number| item(&number.to_string()));
        database
            .import_items(TABLE, items.collect(), options)
            .unwrap();
    }

    fn count(file: &DatabaseFile) -> i64 {
        let count = "SELECT COUNT(*) FROM _stream_records";
        file.with(|connection| connection.query_row(count, [], |row| row.get(0)))
            .unwrap()
    }

    fn in_a_minute() -> Timestamp {
        SystemClock.now().plus_seconds(60)
    }

    fn median_of_writes(database: &Database) -> Duration {
        let mut times: Vec<_> = (0..31)
            .map(|_| {
                let began = Instant::now();
                put(database, "a");
                began.elapsed()
            })
            .collect();
        times.sort_unstable();
        times[15]
    }

    #[test]
    fn a_write_takes_no_longer_when_the_stream_is_long() {
        let directory = Directory::new();
        for storage in [Storage::Memory, directory.storage()] {
            let (database, _file) = database_with_table(&storage);
            let before = median_of_writes(&database);
            put_many(&database, 30_000);
            let after = median_of_writes(&database);
            // Without the index, this takes at least 30 times as long.
            assert!(after < before * 5, "{before:?} {after:?} {storage:?}");
        }
    }

    #[test]
    fn a_database_of_a_version_without_the_index_is_indexed() {
        let directory = Directory::new();
        let database = directory.database();
        create_table(&database);
        put(&database, "a");
        put_many(&database, 30_000);
        drop(database);

        let (database, file) = DatabaseFile::open(&directory.storage()).unwrap();
        assert_eq!(count(&file), 30_001);
        let with_many = median_of_writes(&database);
        assert!(file.trim(TABLE, i64::MAX, in_a_minute()).unwrap() > 30_000);
        let with_one = median_of_writes(&database);
        assert!(with_many < with_one * 5, "{with_many:?} {with_one:?}");
        drop((database, file));

        // That version can open the database again.
        let database = directory.database();
        put(&database, "b");
        drop(database);
        let (_database, file) = DatabaseFile::open(&directory.storage()).unwrap();
        assert_eq!(count(&file), 33);
    }

    #[test]
    fn databases_in_memory_are_apart() {
        let (one, first) = database_with_table(&Storage::Memory);
        let (_other, second) = database_with_table(&Storage::Memory);
        put(&one, "a");
        assert_eq!((count(&first), count(&second)), (1, 0));
    }

    #[test]
    fn only_records_that_are_read_and_old_are_trimmed() {
        let (database, file) = database_with_table(&Storage::Memory);
        put(&database, "a");
        let read = file.last_record(TABLE).unwrap();
        put(&database, "b");
        put(&database, "c");
        let now = SystemClock.now();
        assert_eq!(
            file.trim(TABLE, i64::MAX, now.plus_seconds(-60)).unwrap(),
            0
        );
        assert_eq!(file.trim(TABLE, read - 1, in_a_minute()).unwrap(), 0);
        assert_eq!(file.trim(TABLE, read, in_a_minute()).unwrap(), 1);
        assert_eq!(file.trim("another", i64::MAX, in_a_minute()).unwrap(), 0);
        assert_eq!(count(&file), 2);
    }

    #[test]
    fn the_last_record_stays_so_that_the_next_one_has_a_greater_number() {
        let (database, file) = database_with_table(&Storage::Memory);
        put_many(&database, 2_000);
        let last = file.last_record(TABLE).unwrap();
        assert_eq!(file.trim(TABLE, i64::MAX, in_a_minute()).unwrap(), 1_999);
        assert_eq!(file.last_record(TABLE).unwrap(), last);
        put(&database, "a");
        assert!(file.last_record(TABLE).unwrap() > last);
    }

    #[test]
    fn a_file_does_not_grow_with_the_records_that_were_written_and_read() {
        let directory = Directory::new();
        let (database, file) = database_with_table(&directory.storage());
        let mut pages = Vec::new();
        for _ in 0..20 {
            put_many(&database, 500);
            file.trim(TABLE, i64::MAX, in_a_minute()).unwrap();
            pages.push(database.db_size_bytes().unwrap());
        }
        assert!(pages[19] < pages[1] * 3 / 2, "{pages:?}");
    }
}
