use super::*;
use crate::aws::dynamodb_file::tests::{TABLE, database_with_table, put};
use crate::storage::Storage;

fn stream() -> (Database, DatabaseFile, TableStream) {
    let (database, file) = database_with_table(&Storage::Memory);
    // No reader waits for this record.
    let (_, written) = watch::channel(());
    let stream = TableStream::open(database.clone(), file.clone(), TABLE, written);
    (database, file, stream.unwrap())
}

/// Treats every record so far as old.
async fn trim(stream: &TableStream) {
    stream.trim(SystemClock.now().plus_seconds(60)).await;
}

async fn kept(stream: &TableStream) -> Vec<String> {
    written(&mut stream.read_all(None).await).await
}

async fn written(records: &mut Records) -> Vec<String> {
    let mut keys = Vec::new();
    while let Some(record) = records.next_if_any().await {
        let key = record.pointer("/dynamodb/Keys/pk/S");
        keys.push(key.and_then(Value::as_str).unwrap().to_owned());
    }
    keys
}

#[tokio::test]
async fn a_record_is_kept_until_every_reader_has_read_it() {
    let (database, _file, stream) = stream();
    put(&database, "a");
    let mut new = stream.read(None).await;
    let mut all = stream.read_all(None).await;
    put(&database, "b");
    put(&database, "c");
    trim(&stream).await;
    assert_eq!(kept(&stream).await, ["a", "b", "c"]);

    assert_eq!(written(&mut all).await, ["a", "b", "c"]);
    trim(&stream).await;
    assert_eq!(kept(&stream).await, ["b", "c"]);
    assert_eq!(written(&mut new).await, ["b", "c"]);
    put(&database, "d");
    trim(&stream).await;
    assert_eq!(kept(&stream).await, ["d"]);
    assert_eq!(written(&mut all).await, ["d"]);
}

#[tokio::test]
async fn a_dropped_reader_keeps_no_records() {
    let (database, _file, stream) = stream();
    let reader = stream.read_all(None).await;
    let bookmark = stream.bookmark(None);
    put(&database, "a");
    put(&database, "b");
    trim(&stream).await;
    drop(reader);
    trim(&stream).await;
    assert_eq!(kept(&stream).await, ["a", "b"]);
    drop(bookmark);
    trim(&stream).await;
    assert_eq!(kept(&stream).await, ["b"]);
}

#[tokio::test]
async fn a_bookmark_keeps_the_records_after_it() {
    let (database, _file, stream) = stream();
    put(&database, "a");
    put(&database, "b");
    put(&database, "c");
    let mut records = stream.read_all(None).await;
    let first = records.next_if_any().await.unwrap();
    let number = sequence_number(&first).unwrap();
    let bookmark = stream.bookmark(Some(number));
    drop(records);
    trim(&stream).await;
    assert_eq!(kept(&stream).await, ["b", "c"]);

    // Its reader continues from its position, although that record was deleted.
    let mut records = stream.read(Some(number)).await;
    assert_eq!(written(&mut records).await, ["b", "c"]);
    drop(bookmark);
}

#[tokio::test]
async fn a_reader_of_new_records_starts_after_the_existing_ones() {
    let (database, _file, stream) = stream();
    let mut from_the_first = stream.read(None).await;
    put(&database, "a");
    let mut from_the_second = stream.read(None).await;
    let mut without_a_place = stream.read(Some("no number")).await;
    put(&database, "b");
    assert_eq!(written(&mut from_the_first).await, ["a", "b"]);
    assert_eq!(written(&mut from_the_second).await, ["b"]);
    assert_eq!(written(&mut without_a_place).await, ["b"]);
}
