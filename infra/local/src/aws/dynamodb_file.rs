//! The engine's database file. This server opens its own connection to it, because the engine has
//! no index on its stream records and never deletes one.

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
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) enum DatabaseFileError {
    /// The engine returned an error.
    Engine(#[from] DynoxideError),
    /// SQLite returned an error.
    Sqlite(#[from] rusqlite::Error),
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
    /// the number `processed_up_to` that were written before `before`.
    ///
    /// The last record is never deleted, because the next number continues from it even if the
    /// system clock was set back.
    pub(crate) fn trim(
        &self,
        table: &str,
        processed_up_to: i64,
        before: Timestamp,
    ) -> Result<usize, DatabaseFileError> {
        let Some(end) =
            self.with(|connection| trim_end(connection, table, processed_up_to, before))?
        else {
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
    processed_up_to: i64,
    before: Timestamp,
) -> rusqlite::Result<Option<i64>> {
    let Some(last) = last_record(connection, table)? else {
        return Ok(None);
    };
    let first_recent: Option<i64> = connection
        .query_row(
            "SELECT CAST(sequence_number AS INTEGER) FROM _stream_records
             WHERE table_name = :table AND created_at >= :before
             ORDER BY CAST(sequence_number AS INTEGER) LIMIT 1",
            named_params! { ":table": table, ":before": before.epoch_seconds() },
            |row| row.get(0),
        )
        .optional()?;
    let first_unprocessed = processed_up_to.saturating_add(1);
    Ok(Some(
        last.min(first_unprocessed)
            .min(first_recent.unwrap_or(i64::MAX)),
    ))
}

#[cfg(test)]
pub(super) mod tests;
