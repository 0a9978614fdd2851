//! This version reads and uses the data of the former version. `tests/upgrade` contains a table that
//! the former version's functions wrote, and the values that its callers received.

mod write;

use std::fs;

use local::Options;
use reqwest::Method;
use serde_json::{Value, json};
use store::CountedBy;
use tests::{Caller, FrozenClock, Reply, SENDER, Stack, mail_event, recount, total, transcript};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/upgrade/table.jsonl");
const KNOWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/upgrade/known.json");

/// The start of the table's history. It is far in the future, because the embedded engine deletes
/// expired items by the machine's clock.
const START: &str = "2040-01-02T09:00:00Z";

const DAY: u64 = 24 * 60 * 60;

/// The parameters of the stack on the history's last day. Before, nothing expired and visitors had no
/// cooldown.
fn parameters() -> [(&'static str, &'static str); 2] {
    [("RetentionDays", "400"), ("VisitorAskIntervalDays", "30")]
}

/// The two agents of the history, kim and jo.
async fn agents(stack: &Stack) -> [Caller; 2] {
    let kim = json!({ "sub": "kim", "name": "Kim Lee" });
    let jo = json!({ "sub": "jo", "name": "Jo Okafor" });
    [stack.with_claims(kim).await, stack.with_claims(jo).await]
}

fn path_of(conversation: &str) -> String {
    format!("/v1/conversations/{conversation}")
}

/// A stack of this version with the former version's table, at the time at which the history ends.
struct Upgraded {
    stack: Stack,
    kim: Caller,
    /// The values that callers received from the former version.
    known: Value,
}

impl Upgraded {
    async fn start() -> Self {
        let known: Value = serde_json::from_str(&fs::read_to_string(KNOWN).unwrap()).unwrap();
        let now = known["now"].as_str().unwrap();
        let stack = Stack::start_with(Options {
            clock: FrozenClock::at(now.parse().unwrap()),
            ..Stack::options_with(&parameters())
        })
        .await;
        stack.identity(SENDER, true).await;
        stack.identity("billing@example.com", false).await;
        let table = fs::read_to_string(TABLE).unwrap();
        let items: Vec<Value> = table
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        for batch in items.chunks(25) {
            let puts = batch
                .iter()
                .map(|item| json!({ "PutRequest": { "Item": item } }));
            let puts: Vec<_> = puts.collect();
            let batch = json!({ "RequestItems": { "afterchat": puts } });
            let written = stack.dynamodb_as("owner", "BatchWriteItem", batch).await;
            written.expect(200);
        }
        let [kim, _jo] = agents(&stack).await;
        Self { stack, kim, known }
    }

    fn text<'a>(&'a self, kind: &str, conversation: &str) -> &'a str {
        let text = self.known[kind][conversation].as_str();
        text.unwrap_or_else(|| panic!("no {kind} of {conversation}"))
    }

    fn visitor(&self, conversation: &str) -> Caller {
        self.stack.bearer(self.text("visitors", conversation))
    }

    /// Answers the current rating request of a conversation.
    async fn rate(&self, visitor: &Caller, conversation: &str, score: u8) -> Reply {
        let request = self.text("requests", conversation);
        visitor.rate(request, json!({ "score": score })).await
    }

    async fn state(&self, conversation: &str) -> String {
        let read = self.kim.conversation(conversation).await;
        let state = read["transcripts"][0]["state"].as_str();
        state.unwrap().to_owned()
    }
}

/// How many columns the CSV table of ratings has in addition to those of the former version: the
/// reasons, who asked, the inbox, the team and the labels.
const NEW_COLUMNS: usize = 5;

/// A page of a CSV table without its last columns, which the former version did not have.
fn without_new_columns(page: Value) -> String {
    let rows = page.as_str().unwrap().split("\r\n");
    let rows = rows.map(|row| row.rsplitn(NEW_COLUMNS + 1, ',').last().unwrap_or(row));
    rows.collect::<Vec<_>>().join("\r\n")
}

/// The names and values of the members of an object.
fn members(known: &Value) -> impl Iterator<Item = (&String, &Value)> {
    known.as_object().unwrap().iter()
}

/// Asserts that a response has all members that the former version returned. It may have more.
#[track_caller]
fn assert_keeps(current: &Value, former: &Value, path: &str) {
    match (current, former) {
        (Value::Object(current), Value::Object(former)) => {
            // The `request_id` of a problem differs between invocations. The former version showed the
            // labels of the faces in English, whatever the language is.
            let former = former
                .iter()
                .filter(|(name, _)| !matches!(&***name, "request_id" | "label" | "language"));
            for (name, former) in former {
                let path = format!("{path}/{name}");
                let current = current.get(name);
                let current = current.unwrap_or_else(|| panic!("{path} is missing"));
                assert_keeps(current, former, &path);
            }
        }
        (Value::Array(current), Value::Array(former)) => {
            assert_eq!(current.len(), former.len(), "{path}");
            for (number, (current, former)) in current.iter().zip(former).enumerate() {
                assert_keeps(current, former, &format!("{path}/{number}"));
            }
        }
        (current, former) => assert_eq!(current, former, "{path}"),
    }
}

#[tokio::test]
async fn everything_that_the_former_version_returned_is_still_returned() {
    let upgraded = Upgraded::start().await;
    for (conversation, former) in members(&upgraded.known["conversations"]) {
        let response = upgraded.kim.conversation(conversation).await;
        assert_keeps(&response, former, conversation);
    }
    for (conversation, former) in members(&upgraded.known["shown"]) {
        let visitor = upgraded.visitor(conversation);
        let shown = visitor.get("/v1/visitor/rating-request").await;
        assert_eq!(former["status"], shown.status, "{conversation}");
        assert_keeps(&shown.body, &former["answer"], conversation);
    }
    for (path, former) in members(&upgraded.known["answers"]) {
        let response = upgraded.kim.get(path).await.expect(200);
        assert_keeps(&response, former, path);
    }
}

#[tokio::test]
async fn a_cursor_of_the_former_version_leads_to_the_next_page() {
    let upgraded = Upgraded::start().await;
    for (path, former) in members(&upgraded.known["pages"]) {
        if path == "csv" {
            let path = former["path"].as_str().unwrap();
            let request = upgraded.kim.request(Method::GET, path);
            let page = Reply::of(request.header("accept", "text/csv")).await;
            assert_eq!(
                without_new_columns(page.expect(200)),
                former["answer"],
                "{path}"
            );
        } else {
            let page = upgraded.kim.get(path).await.expect(200);
            assert_keeps(&page, former, path);
        }
    }
}

#[tokio::test]
async fn a_retry_of_a_request_to_the_former_version_is_replayed() {
    let upgraded = Upgraded::start().await;
    for former in upgraded.known["replays"].as_array().unwrap() {
        let text = |name: &str| former[name].as_str().unwrap();
        let (path, key) = (text("path"), text("key"));
        let reply = upgraded
            .kim
            .post_with_key(path, key, former["body"].clone())
            .await;
        if key == "state-reserved-key" {
            // The send of this transcript was never recorded.
            reply.expect_problem(409, "idempotency_key_in_use");
            continue;
        }
        assert_eq!(
            reply.header("idempotent-replayed"),
            "true",
            "{key}: {reply:?}"
        );
        assert_eq!(former["status"], reply.status, "{key}");
        assert_keeps(&reply.body, &former["answer"], key);
    }
    assert!(upgraded.stack.outbox().await.is_empty());
}

#[tokio::test]
async fn visitors_can_answer_rating_requests_of_the_former_version() {
    let upgraded = Upgraded::start().await;
    for (conversation, status) in [
        ("unanswered", 201),
        ("superseded", 201),
        ("link", 201),
        ("uncounted", 200),
        ("kept", 200),
        ("open", 200),
    ] {
        let visitor = upgraded.visitor(conversation);
        let rated = upgraded.rate(&visitor, conversation, 1).await;
        rated.expect(status);
        let read = upgraded.kim.conversation(conversation).await;
        assert_eq!(read["rating"]["score"], 1, "{conversation}");
    }
    for (conversation, status, code) in [
        ("thread", 409, "rating_closed"),
        ("withdrawn", 410, "rating_request_withdrawn"),
    ] {
        let visitor = upgraded.visitor(conversation);
        let rated = upgraded.rate(&visitor, conversation, 1).await;
        rated.expect_problem(status, code);
    }
    let former = upgraded.known["superseded"].as_str().unwrap();
    let visitor = upgraded.visitor("superseded");
    let rated = visitor.rate(former, json!({ "score": 1 })).await;
    rated.expect_problem(410, "rating_request_superseded");
}

#[tokio::test]
async fn rating_links_of_the_former_version_work_and_its_revoked_tokens_are_refused() {
    let upgraded = Upgraded::start().await;
    let stack = &upgraded.stack;
    let link = stack.bearer(upgraded.text("links", "link"));
    upgraded.rate(&link, "link", 5).await.expect(201);
    upgraded.rate(&link, "link", 4).await.expect(200);
    let link = stack.bearer(upgraded.text("links", "link-rated"));
    let late = upgraded.rate(&link, "link-rated", 5).await;
    late.expect_problem(409, "rating_closed");

    let erased = &upgraded.known["erased"];
    for token in [&upgraded.known["renewed_token"], &erased["token"]] {
        let visitor = stack.bearer(token.as_str().unwrap());
        let shown = visitor.get("/v1/visitor/rating-request").await;
        shown.expect_problem(401, "invalid_visitor_token");
    }
}

#[tokio::test]
async fn limits_include_what_the_former_version_counted() {
    let upgraded = Upgraded::start().await;
    let kim = &upgraded.kim;
    for conversation in ["thread", "open"] {
        let problem = kim.ask(conversation).await;
        let problem = problem.expect_problem(429, "rating_already_requested");
        let former = &upgraded.known["conversations"][conversation]["actions"]["ask_rating"];
        assert_eq!(problem["available_at"], former["available_at"]);
    }
    let problem = kim.ask("gated").await;
    problem.expect_problem(409, "visitor_asked_recently");
    kim.send_transcript("quota").await.expect(201);
    let problem = kim.send_transcript("quota").await;
    problem.expect_problem(429, "transcript_limit_reached");
    let pending = json!({ "from": "billing@example.com", "sender_name": "Acme" });
    let problem = kim.send_transcript_as("thread", pending).await;
    problem.expect_problem(422, "sender_not_verified");
    kim.send_transcript_as("thread", transcript())
        .await
        .expect(201);
}

#[tokio::test]
async fn delivery_events_of_mails_that_the_former_version_sent_are_recorded() {
    let upgraded = Upgraded::start().await;
    for (state, event, next) in [
        ("reserved", "sent", "sent"),
        ("unknown", "delivered", "delivered"),
        ("sent", "bounced", "bounced"),
        ("delayed", "delivered", "delivered"),
        ("delivered", "complained", "complained"),
        ("bounced", "delivered", "bounced"),
        ("complained", "bounced", "complained"),
        ("rejected", "delayed", "rejected"),
    ] {
        let conversation = format!("state-{state}");
        assert_eq!(upgraded.state(&conversation).await, state);
        let transcript = upgraded.text("transcripts", &conversation);
        let event = mail_event(&format!("mail-{event}"), &conversation, transcript);
        upgraded.stack.put_mail_events(&[event]).await;
        assert_eq!(upgraded.state(&conversation).await, next);
        let sent = upgraded.kim.events(&conversation, "transcript_sent").await;
        assert_eq!(sent.len(), 1, "{conversation}");
    }
}

#[tokio::test]
async fn counts_include_the_former_versions_counts_and_stream_records() {
    let upgraded = Upgraded::start().await;
    let stack = &upgraded.stack;
    let records = upgraded.known["records"].as_array().unwrap();
    // Each record is delivered twice.
    for _ in 0..2 {
        let response = stack.deliver_records(records).await;
        assert_eq!(response, json!({ "batchItemFailures": [] }));
    }
    let expected = recount(&stack.items().await, "main");
    assert_eq!(total(&expected), [12, 1, 0, 1, 2, 2]);
    assert_eq!(stack.counts("main", CountedBy::Agent).await, expected);
    stack.advance(3 * DAY).await;
    assert!(stack.roll_up().await);
    assert_eq!(stack.counts("main", CountedBy::Agent).await, expected);
    let by_channel = stack.counts("main", CountedBy::Channel).await;
    assert_eq!(total(&by_channel), total(&expected));
}

#[tokio::test]
async fn all_visitor_data_of_the_former_version_can_be_erased() {
    let upgraded = Upgraded::start().await;
    let (stack, kim) = (&upgraded.stack, &upgraded.kim);
    let requests = upgraded.known["requests"].as_object().unwrap().len();
    // A reserved transcript may still be sent for half a minute.
    stack.advance(60).await;
    for (conversation, _) in members(&upgraded.known["visitors"]) {
        let erased = match conversation.as_str() {
            // The visitor of two conversations.
            "kept" => kim.delete("/v1/visitors/kept@example.org").await,
            "gated" => continue,
            other => kim.delete(&path_of(other)).await,
        };
        assert_eq!(erased.expect(200)["done"], true, "{conversation}");
    }
    for conversation in ["thread", "kept", "gated", "erased", "kept-erased"] {
        let body = json!({ "channel": "widget" });
        let again = stack
            .platform()
            .await
            .put(&path_of(conversation), body)
            .await;
        again.expect_problem(410, "conversation_erased");
    }
    let items = stack.items().await;
    let left = json!(items).to_string();
    for text in [
        "Ana",
        "@example.org",
        "parcel",
        "refund",
        "tracking",
        "Slow",
        "Thank you",
    ] {
        assert!(!left.contains(text), "{text} is left");
    }
    // Rating requests are kept for the counts, without data of the visitor.
    let kept = items
        .iter()
        .filter(|item| item["sk"]["S"].as_str().unwrap().starts_with("REQUEST#"));
    assert!(kept.count() >= requests);
}
