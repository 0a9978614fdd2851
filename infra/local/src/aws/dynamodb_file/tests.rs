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
pub(in crate::aws) struct Directory(PathBuf);

impl Directory {
    pub(in crate::aws) fn new() -> Self {
        let name = format!("afterchat-file-{}", random::unique_id());
        let directory = Self(std::env::temp_dir().join(name));
        directory.storage().prepare().unwrap();
        directory
    }

    pub(in crate::aws) fn storage(&self) -> Storage {
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
fn databases_in_memory_are_separate() {
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
fn the_last_record_is_kept_so_that_the_next_one_has_a_greater_number() {
    let (database, file) = database_with_table(&Storage::Memory);
    put_many(&database, 2_000);
    let last = file.last_record(TABLE).unwrap();
    assert_eq!(file.trim(TABLE, i64::MAX, in_a_minute()).unwrap(), 1_999);
    assert_eq!(file.last_record(TABLE).unwrap(), last);
    put(&database, "a");
    assert!(file.last_record(TABLE).unwrap() > last);
}

#[test]
fn the_file_stops_growing_when_records_are_trimmed() {
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
