//! `RetentionDays` changes between two writes to a conversation. The conversation never expires before
//! its items, and a conversation that is recorded again shows only its own entries.

use local::Options;
use serde_json::{Value, json};
use tests::{Caller, DataDirectory, Stack, message};

const CONVERSATION: &str = "/v1/conversations/c1";
const DAY: u64 = 24 * 60 * 60;

/// Advances the clock by `days` and a second.
async fn advance_days(stack: &Stack, days: u64) {
    stack.advance(days * DAY + 1).await;
}

fn with_retention(days: u32) -> Options {
    Stack::options_with(&[("RetentionDays", &days.to_string())])
}

/// The texts of the messages in the thread of `c1`.
async fn texts(agent: &Caller) -> Vec<String> {
    let read = agent.conversation("c1").await;
    let entries = read["thread"]["entries"].as_array().unwrap().iter();
    let messages = entries.filter(|entry| entry["kind"] == "message");
    messages
        .map(|entry| entry["text"].as_str().unwrap().to_owned())
        .collect()
}

async fn record_for_bob(stack: &Stack) -> tests::Reply {
    let bob =
        json!({ "channel": "widget", "visitor": { "name": "Bob", "email": "bob@example.org" } });
    stack.platform().await.put(CONVERSATION, bob).await
}

async fn record_message(stack: &Stack, id: &str, text: &str) {
    let body = json!({ "messages": [message(id, "2026-01-05T10:00:00Z", text)] });
    let platform = stack.platform().await;
    platform
        .post(&format!("{CONVERSATION}/messages"), body)
        .await
        .expect(200);
}

/// The writes that extend the expiry of a conversation.
const WRITES: [&str; 5] = ["status", "message", "ask", "rate", "transcript"];

async fn write(stack: &Stack, visitor: &Caller, kind: &str) {
    let agent = stack.agent("kim").await;
    match kind {
        "status" => {
            let platform = stack.platform().await;
            let status = json!({ "status": "resolved" });
            platform.put(CONVERSATION, status).await.expect(200);
        }
        "message" => record_message(stack, "m2", "Later").await,
        "ask" => {
            agent.ask_for_id("c1").await;
        }
        "rate" => {
            let shown = visitor.rating_request().await;
            let request = shown["rating_request"]["id"].as_str().unwrap();
            visitor
                .rate(request, json!({ "score": 4 }))
                .await
                .expect(201);
        }
        _ => {
            agent.send_transcript("c1").await.expect(201);
        }
    }
}

#[tokio::test]
async fn enabling_retention_does_not_expire_a_conversation_before_its_messages() {
    for kind in WRITES {
        let data = DataDirectory::new();
        let stack = data.start_with(with_retention(0)).await;
        stack.begin_an_hour().await;
        stack.verified_sender().await;
        let visitor = stack.conversation("c1").await;
        if kind == "rate" {
            stack.agent("jo").await.ask_for_id("c1").await;
        }
        let stack = stack.restart_with(&[("RetentionDays", "1")]).await;
        let visitor = stack.bearer(visitor.token());
        write(&stack, &visitor, kind).await;
        advance_days(&stack, 1).await;

        let agent = stack.agent("kim").await;
        assert_eq!(texts(&agent).await.first().unwrap(), "Hello", "{kind}");
        let item = stack.item("main#c1", "CONVERSATION").await;
        assert!(item.get("expires_at").is_none(), "{kind}: {item}");
        // It is still the same conversation, and it can be erased.
        record_for_bob(&stack).await.expect(200);
        let visitor = "/v1/visitors/ana@example.org";
        let erased = agent.delete(visitor).await.expect(200);
        assert_eq!(erased["kept"], json!(["c1"]), "{kind}");
        agent.delete(CONVERSATION).await.expect(200);
        agent
            .get(CONVERSATION)
            .await
            .expect_problem(404, "conversation_not_found");
        assert_eq!(count_entries(&stack).await, 0, "{kind}");
    }
}

/// The number of entries in the partition of `c1`.
async fn count_entries(stack: &Stack) -> usize {
    let items = stack.items().await.into_iter();
    let of_c1 = items.filter(|item| item["pk"]["S"] == "main#c1");
    of_c1
        .filter(|item| item["sk"]["S"].as_str().unwrap().starts_with("ENTRY#"))
        .count()
}

#[tokio::test]
async fn shortening_retention_keeps_the_later_expiry() {
    let data = DataDirectory::new();
    let stack = data.start_with(with_retention(30)).await;
    stack.conversation("c1").await;
    let stack = stack.restart_with(&[("RetentionDays", "1")]).await;
    let status = json!({ "status": "resolved" });
    let platform = stack.platform().await;
    platform.put(CONVERSATION, status).await.expect(200);
    advance_days(&stack, 28).await;
    let agent = stack.agent("kim").await;
    assert_eq!(texts(&agent).await, ["Hello"]);
    // The visitor's link expires as late.
    let visitor = "/v1/visitors/ana@example.org";
    let erased = agent.delete(visitor).await.expect(200);
    assert_eq!(erased["done"], true);
    assert_eq!(count_entries(&stack).await, 0);
}

#[tokio::test]
async fn lengthening_or_disabling_retention_extends_the_life_of_a_conversation() {
    for (days, later_days) in [("30", 28), ("0", 3_650)] {
        let data = DataDirectory::new();
        let stack = data.start_with(with_retention(1)).await;
        stack.conversation("c1").await;
        let stack = stack.restart_with(&[("RetentionDays", days)]).await;
        record_message(&stack, "m2", "Later").await;
        advance_days(&stack, later_days).await;
        let agent = stack.agent("kim").await;
        assert_eq!(texts(&agent).await, ["Later"], "{days}");
        let visitor = "/v1/visitors/ana@example.org";
        agent.delete(visitor).await.expect(200);
        let items = json!(stack.items().await).to_string();
        assert!(!items.contains("#VISITOR#"), "{items}");
    }
}

#[tokio::test]
async fn an_address_added_after_enabling_retention_can_be_erased() {
    let data = DataDirectory::new();
    let stack = data.start_with(with_retention(0)).await;
    stack.conversation("c1").await;
    let stack = stack.restart_with(&[("RetentionDays", "1")]).await;
    record_for_bob(&stack).await.expect(200);
    advance_days(&stack, 3).await;
    let agent = stack.agent("kim").await;
    let erased = agent
        .delete("/v1/visitors/bob@example.org")
        .await
        .expect(200);
    assert_eq!(erased["done"], true);
    assert_eq!(count_entries(&stack).await, 0);
}

/// Creates `c1` as the former version could leave it: the conversation has expired, its messages have
/// no expiry.
async fn create_leftovers(stack: &Stack) {
    stack.conversation("c1").await;
    stack
        .agent("kim")
        .await
        .send_transcript("c1")
        .await
        .expect(201);
    stack
        .change("main#c1", "CONVERSATION", |item| {
            item["expires_at"] = json!({ "N": "1767225600" });
        })
        .await;
}

#[tokio::test]
async fn a_conversation_recorded_over_leftovers_shows_and_mails_only_its_own_entries() {
    for is_deleted in [false, true] {
        let stack = Stack::start_with(with_retention(0)).await;
        stack.begin_an_hour().await;
        stack.verified_sender().await;
        create_leftovers(&stack).await;
        if is_deleted {
            stack.delete_expired("main#c1", "CONVERSATION").await;
        }
        let recorded = record_for_bob(&stack).await.expect(201);
        assert_eq!(recorded["conversation"]["visitor"]["name"], "Bob");
        let agent = stack.agent("jo").await;
        let read = agent.conversation("c1").await;
        assert_eq!(read["thread"]["entries"], json!([]));
        assert_eq!(read["transcripts"], json!([]));
        agent
            .send_transcript("c1")
            .await
            .expect_problem(422, "nothing_to_send");
        record_message(&stack, "m9", "Bob here").await;
        agent.send_transcript("c1").await.expect(201);
        let mail: Value = stack.outbox().await.pop().unwrap();
        assert!(!mail.to_string().contains("Hello"), "{mail}");
    }
}

#[tokio::test]
async fn entries_that_outlived_their_conversation_can_be_erased() {
    for path in [CONVERSATION, "/v1/visitors/ana@example.org"] {
        for is_deleted in [false, true] {
            let stack = Stack::start_with(with_retention(0)).await;
            stack.begin_an_hour().await;
            stack.verified_sender().await;
            create_leftovers(&stack).await;
            if is_deleted {
                stack.delete_expired("main#c1", "CONVERSATION").await;
            }
            let agent = stack.agent("kim").await;
            let erased = agent.delete(path).await.expect(200);
            assert_eq!(erased["done"], true);
            let items = stack.items().await;
            let of_c1 = items.iter().filter(|item| item["pk"]["S"] == "main#c1");
            let left: Vec<_> = of_c1.map(|item| item["sk"]["S"].clone()).collect();
            assert_eq!(left, ["CONVERSATION"], "{path}");
            record_for_bob(&stack)
                .await
                .expect_problem(410, "conversation_erased");
        }
    }
}

#[tokio::test]
async fn erasing_leftovers_removes_the_visitors_link_to_the_conversation() {
    for is_recorded_again in [false, true] {
        let stack = Stack::start_with(with_retention(0)).await;
        stack.begin_an_hour().await;
        stack.verified_sender().await;
        create_leftovers(&stack).await;
        stack.delete_expired("main#c1", "CONVERSATION").await;
        if is_recorded_again {
            record_for_bob(&stack).await.expect(201);
        }
        let agent = stack.agent("kim").await;
        agent.delete(CONVERSATION).await.expect(200);
        let erased = agent.delete("/v1/visitors/ana@example.org").await;
        assert_eq!(erased.expect(200)["done"], true);
        let items = json!(stack.items().await).to_string();
        assert!(!items.contains("#VISITOR#"), "{items}");
    }
}

#[tokio::test]
async fn concurrent_recordings_over_leftovers_lose_nothing() {
    let (stack, aws) = Stack::start_behind_proxy(with_retention(0)).await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    create_leftovers(&stack).await;
    stack.delete_expired("main#c1", "CONVERSATION").await;
    // The first recording has listed the leftovers and is about to delete them.
    let held = aws.hold(|call| call.is("dynamodb:TransactWriteItems") && call.mentions("Delete"));
    let second = held.meanwhile(async {
        record_for_bob(&stack).await.expect(201);
        let body = json!({ "messages": [message("m1", "2026-01-05T09:00:00Z", "Bob here")] });
        let platform = stack.platform().await;
        let messages = format!("{CONVERSATION}/messages");
        platform.post(&messages, body).await.expect(200);
    });
    let (first, ()) = tokio::join!(record_for_bob(&stack), second);
    first.expect(200);
    assert_eq!(texts(&stack.agent("kim").await).await, ["Bob here"]);
}
