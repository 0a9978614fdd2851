use std::time::Duration;

use local::Options;
use serde_json::{Value, json};
use store::CountedBy;
use tests::{DataDirectory, Stack, total};

/// The engine's file in a data directory.
fn database(directory: &DataDirectory) -> rusqlite::Connection {
    rusqlite::Connection::open(directory.path().join("dynamodb.sqlite")).unwrap()
}

async fn requests_counted(stack: &Stack) -> u64 {
    total(&stack.counts("main", CountedBy::Agent).await)[0]
}

/// Whether the stream has a record of a rating request in the conversation.
async fn is_in_the_stream(stack: &Stack, conversation: &str) -> bool {
    let records = stack.stream_records().await;
    let keys = records
        .iter()
        .map(|record| &record["dynamodb"]["Keys"]["pk"]["S"]);
    let mut keys = keys.filter_map(Value::as_str);
    keys.any(|key| key.ends_with(&format!("#{conversation}")))
}

#[tokio::test]
async fn a_restart_loses_nothing() {
    let directory = DataDirectory::new();
    let stack = directory.start_with(Stack::options()).await;
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    stack.advance(30 * 24 * 60 * 60).await;
    stack.begin_an_hour().await;
    let request = agent.ask_for_id("c1").await;
    let answer = json!({ "score": 4, "comment": "Thanks" });
    visitor.rate(&request, answer).await.expect(201);
    agent.send_transcript("c1").await.expect(201);
    let before = stack.all_data().await;
    let read = agent.conversation("c1").await;
    let now = stack.now().await;
    stack.stop().await;

    let stack = directory.start_with(Stack::options()).await;
    assert_eq!(stack.all_data().await, before);
    assert_eq!(before["mails"].as_array().unwrap().len(), 1);
    // The clock does not go back, so no write is in the future.
    assert!(stack.now().await >= now);

    // The tokens of the first run are still valid.
    let agent = stack.bearer(agent.token());
    assert_eq!(agent.conversation("c1").await, read);
    let visitor = stack.bearer(visitor.token());
    assert_eq!(visitor.rating_request().await["rating"]["score"], 4);

    // The cooldown and the quota still apply, and the sender is still verified.
    agent
        .ask("c1")
        .await
        .expect_problem(429, "rating_already_requested");
    let sent = agent.send_transcript("c1").await.expect(201);
    assert_eq!(sent["quota"]["remaining"], 3);
    stack.stop().await;
}

#[tokio::test]
async fn a_pending_sender_verification_continues_after_a_restart() {
    let directory = DataDirectory::new();
    let stack = directory.start_with(Stack::options()).await;
    let agent = stack.agent("kim").await;
    let path = "/v1/senders/sales@example.com";
    agent.put(path, json!({})).await.expect(201);
    stack.stop().await;

    let stack = directory.start_with(Stack::options()).await;
    stack.identity("sales@example.com", true).await;
    stack.advance(60).await;
    let agent = stack.bearer(agent.token());
    let listed = agent.get("/v1/senders").await.expect(200);
    assert_eq!(listed["senders"][0]["verification"], "verified");
    stack.stop().await;
}

#[tokio::test]
async fn after_a_change_to_one_organisation_tokens_of_other_organisations_are_refused() {
    let directory = DataDirectory::new();
    let several = Options {
        organisations: true,
        ..Stack::options()
    };
    let stack = directory.start_with(several).await;
    let main = stack.conversation_of("main", "c1").await;
    let red = stack.conversation_of("red", "c1").await;
    stack.stop().await;

    let stack = directory.start_with(Stack::options()).await;
    stack.bearer(main.token()).rating_request().await;
    stack
        .bearer(red.token())
        .get("/v1/visitor/rating-request")
        .await
        .expect_problem(401, "invalid_visitor_token");
    stack.stop().await;
}

#[tokio::test]
async fn the_demo_is_loaded_only_once() {
    let directory = DataDirectory::new();
    let with_demo = Options {
        demo: true,
        ..Stack::options()
    };
    let stack = directory.start_with(with_demo.clone()).await;
    let agent = stack.agent("kim").await;
    let demo = agent.conversation("demo").await;
    assert!(demo["thread"]["entries"].as_array().unwrap().len() > 5);
    let action = &demo["actions"]["send_transcript"];
    assert_eq!(action["state"], "enabled");

    let body = json!({ "status": "resolved" });
    let platform = stack.platform().await;
    let path = "/v1/conversations/demo";
    platform.put(path, body).await.expect(200);
    let before = stack.all_data().await;
    stack.stop().await;

    let stack = directory.start_with(with_demo).await;
    assert_eq!(stack.all_data().await, before);
    stack.stop().await;
}

#[tokio::test]
async fn the_demo_is_loaded_only_if_the_option_is_set() {
    let stack = Stack::start().await;
    assert_eq!(stack.items().await, [] as [Value; 0]);
}

#[tokio::test]
async fn a_stack_in_memory_loses_everything_on_a_restart() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let token = visitor.token().to_owned();
    stack.stop().await;

    let stack = Stack::start().await;
    assert_eq!(stack.items().await, [] as [Value; 0]);
    stack
        .bearer(&token)
        .get("/v1/visitor/rating-request")
        .await
        .expect_problem(401, "invalid_visitor_token");
}

#[tokio::test]
async fn a_restart_with_another_parameter_applies_it_to_the_existing_data() {
    let directory = DataDirectory::new();
    let options = Stack::options_with(&[("MailSubject", "Your chat with {brand}")]);
    let stack = directory.start_with(options).await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    stack.advance(3 * 24 * 60 * 60).await;
    let before = stack.now().await;

    let stack = stack.restart_with(&[("BrandName", "Acme")]).await;
    assert!(stack.now().await >= before);
    stack
        .agent("kim")
        .await
        .send_transcript("c1")
        .await
        .expect(201);
    // The other parameter keeps its value.
    assert_eq!(stack.outbox().await[0]["subject"], "Your chat with Acme");
    stack.stop().await;
}

#[tokio::test]
async fn a_data_directory_of_the_former_version_loses_no_undelivered_stream_record() {
    let directory = DataDirectory::new();
    let stack = directory.start_with(Stack::options()).await;
    let agent = stack.agent("kim").await;
    stack.conversation("c1").await;
    agent.ask_for_id("c1").await;
    assert!(stack.deliver_stream().await);
    stack.deliver_events().await;
    assert_eq!(requests_counted(&stack).await, 1);
    for conversation in ["c2", "c3"] {
        stack.conversation(conversation).await;
        agent.ask_for_id(conversation).await;
    }
    assert!(is_in_the_stream(&stack, "c1").await);
    stack.stop().await;

    // The former version had no index. The records become three days old.
    let file = database(&directory);
    file.execute_batch(
        "DROP INDEX stream_records_in_order;
         UPDATE _stream_records SET created_at = created_at - 3 * 86400;",
    )
    .unwrap();
    drop(file);

    let running = Options {
        runs_background_functions: true,
        ..Stack::options()
    };
    let stack = directory.start_with(running).await;
    let trimmed_and_counted = async {
        while is_in_the_stream(&stack, "c1").await || requests_counted(&stack).await < 3 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), trimmed_and_counted)
        .await
        .expect("the old record is trimmed, the others are counted");
    assert_eq!(requests_counted(&stack).await, 3);
    stack.stop().await;

    let index = "SELECT COUNT(*) FROM sqlite_master WHERE name = 'stream_records_in_order'";
    let indexes = database(&directory).query_row(index, [], |row| row.get::<_, u32>(0));
    assert_eq!(indexes.unwrap(), 1);
}

#[tokio::test]
async fn delivered_stream_records_are_kept_for_a_day() {
    let directory = DataDirectory::new();
    let stack = directory.start_with(Stack::options()).await;
    let agent = stack.agent("kim").await;
    for conversation in ["c1", "c2"] {
        stack.conversation(conversation).await;
        agent.ask_for_id(conversation).await;
    }
    assert!(stack.deliver_stream().await);
    // Records have the time of the machine's clock, not of the functions' clock.
    stack.advance(30 * 24 * 60 * 60).await;
    stack.stop().await;
    let file = database(&directory);
    let hours = "UPDATE _stream_records SET created_at = created_at - 23 * 3600";
    file.execute_batch(hours).unwrap();
    drop(file);

    let running = Options {
        runs_background_functions: true,
        ..Stack::options()
    };
    let stack = directory.start_with(running).await;
    // The stream is trimmed at the start.
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(is_in_the_stream(&stack, "c1").await);
    stack.stop().await;
}
