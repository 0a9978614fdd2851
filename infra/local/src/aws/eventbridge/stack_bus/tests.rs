use std::time::Duration;

use dynoxide::Database;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::watch;

use super::*;
use crate::aws::dynamodb_file::DatabaseFile;
use crate::aws::dynamodb_file::tests::{Directory, TABLE, database_with_table, put};
use crate::aws::dynamodb_stream::TableStream;
use crate::aws::eventbridge::{Pipe, PipeProperties};
use crate::fakes::FakeFunction;
use crate::functions::Functions;
use crate::template::{Bus, Rule};

/// A table whose new items become events. The partition key of the item is the event's type.
struct Fixture {
    database: Database,
    written: watch::Sender<()>,
    feed: EventFeed,
    function: FakeFunction,
    rules: Vec<Rule>,
}

impl Fixture {
    fn new(storage: &Storage) -> Self {
        let (database, file) = database_with_table(storage);
        Self::of(database, file)
    }

    fn of(database: Database, file: DatabaseFile) -> Self {
        let (written, writes) = watch::channel(());
        let stream = TableStream::open(database.clone(), file, TABLE, writes).unwrap();
        let pipe = json!({
            "SourceParameters": {"FilterCriteria": {"Filters": [
                {"Pattern": r#"{"eventName": ["INSERT"]}"#},
            ]}},
            "TargetParameters": {
                "InputTemplate": r#"{"key": <$.dynamodb.NewImage.pk.S>}"#,
                "EventBridgeEventBusParameters": {
                    "Source": "afterchat",
                    "DetailType": "$.dynamodb.NewImage.pk.S",
                },
            },
        });
        let pipe = Pipe::new(&PipeProperties::deserialize(&pipe).unwrap()).unwrap();
        let rule = |bus, kinds: &[&str]| Rule {
            bus,
            pattern: json!({"source": ["afterchat"], "detail-type": kinds}),
            function: "follow-up".to_owned(),
        };
        Self {
            database,
            written,
            feed: EventFeed::new(stream, pipe),
            function: FakeFunction::default(),
            rules: vec![
                rule(Bus::Stack, &["a", "b", "c"]),
                rule(Bus::Default, &["d"]),
            ],
        }
    }

    async fn bus(&self, storage: &Storage) -> Arc<StackBus> {
        let functions = Functions::of([self.function.named("follow-up")]);
        let bus = EventBus::new(Bus::Stack, &self.rules, &functions).unwrap();
        StackBus::open(bus, &self.feed, storage).await.unwrap()
    }

    fn received(&self) -> Vec<String> {
        let events = self.function.events().into_iter();
        let keys = events.map(|event| event["detail"]["key"].as_str().unwrap().to_owned());
        keys.collect()
    }
}

#[tokio::test]
async fn the_events_of_the_pipe_are_delivered_in_order_by_the_rules_of_the_bus() {
    let fixture = Fixture::new(&Storage::Memory);
    let bus = fixture.bus(&Storage::Memory).await;
    for key in ["b", "x", "a", "d"] {
        put(&fixture.database, key);
    }
    let results = bus.deliver_waiting().await;
    let matched: Vec<_> = results.iter().map(Vec::len).collect();
    assert_eq!(matched, [1, 0, 1, 0]);
    assert_eq!(fixture.received(), ["b", "a"]);
    assert!(bus.deliver_waiting().await.is_empty());
    assert_eq!(fixture.function.events()[0]["source"], "afterchat");
}

#[tokio::test]
async fn rules_of_the_default_bus_do_not_receive_events_of_the_stack() {
    let fixture = Fixture::new(&Storage::Memory);
    let functions = Functions::of([fixture.function.named("follow-up")]);
    let bus = EventBus::new(Bus::Default, &fixture.rules, &functions).unwrap();
    let event =
        |kind: &str| json!({"source": "afterchat", "detail-type": kind, "detail": {"key": kind}});
    assert!(bus.put(&event("a")).await.is_empty());
    assert_eq!(bus.put(&event("d")).await.len(), 1);
    assert_eq!(fixture.received(), ["d"]);
}

#[tokio::test]
async fn an_event_that_fails_is_retried_twice_and_does_not_block_the_next() {
    let fixture = Fixture::new(&Storage::Memory);
    let bus = fixture.bus(&Storage::Memory).await;
    put(&fixture.database, "a");
    put(&fixture.database, "b");
    fixture.function.fail(3);
    let results = bus.deliver_waiting().await;
    assert!(!results[0][0].succeeded && results[1][0].succeeded);
    assert_eq!(fixture.received(), ["a", "a", "a", "b"]);
}

#[tokio::test]
async fn the_next_run_continues_after_the_last_delivered_event() {
    let directory = Directory::new();
    let storage = directory.storage();
    let fixture = Fixture::new(&storage);
    put(&fixture.database, "a");
    fixture.bus(&storage).await.deliver_waiting().await;
    put(&fixture.database, "b");
    put(&fixture.database, "c");
    fixture.bus(&storage).await.deliver_waiting().await;
    assert_eq!(fixture.received(), ["a", "b", "c"]);
    fixture.bus(&storage).await.deliver_waiting().await;
    assert_eq!(fixture.received(), ["a", "b", "c"]);
}

#[tokio::test]
async fn events_are_delivered_in_the_background() {
    let fixture = Fixture::new(&Storage::Memory);
    let bus = fixture.bus(&Storage::Memory).await;
    let running = tokio::spawn(async move { bus.run().await });
    put(&fixture.database, "a");
    fixture.written.send_replace(());
    let received = async {
        while fixture.received() != ["a"] {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let received = tokio::time::timeout(Duration::from_secs(60), received);
    received.await.unwrap();
    running.abort();
}
