//! The order of messages with the same `sent_at` in the thread, its pages and the mail.

use std::collections::BTreeSet;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use domain::{ArrivalOrder, Timestamp, UniqueId};
use serde_json::{Value, json};
use tests::{AwsProxy, Caller, Stack, message};

const AT: &str = "2026-01-05T10:00:00.000Z";

/// An entry as it is stored in the table.
#[derive(Clone, Debug)]
struct StoredEntry {
    at: String,
    id: String,
    text: String,
    arrival: Option<String>,
    is_public: bool,
}

impl StoredEntry {
    /// A public message of [`AT`] that the former version wrote.
    fn new(id: &str) -> Self {
        Self {
            at: AT.to_owned(),
            id: id.to_owned(),
            text: format!("[{id}]"),
            arrival: None,
            is_public: true,
        }
    }

    fn at(mut self, at: &str) -> Self {
        at.clone_into(&mut self.at);
        self
    }

    fn private(mut self) -> Self {
        self.is_public = false;
        self
    }

    /// Sets the order of arrival: the number of the request, and the position in its body.
    fn arrived(mut self, body: usize, position: usize) -> Self {
        let body = i64::try_from(body).unwrap();
        let time = Timestamp::parse("2026-01-05T11:00:00Z").unwrap();
        let time = time.plus_seconds(body);
        let id = UniqueId::derived_from(&[&body.to_string()]);
        self.arrival = Some(ArrivalOrder::new(time, &id, position).to_string());
        self
    }

    fn with_text(mut self, text: String) -> Self {
        self.text = text;
        self
    }

    fn item(&self) -> Value {
        let key = format!("{}#{}", self.at, self.id);
        let visibility = if self.is_public { "public" } else { "private" };
        let mut item = json!({
            "pk": { "S": "main#c1" },
            "sk": { "S": format!("ENTRY#{key}") },
            "kind": { "S": "message" },
            "id": { "S": self.id },
            "at": { "S": self.at },
            "visibility": { "S": visibility },
            "author": { "M": { "kind": { "S": "visitor" } } },
            "text": { "S": self.text },
        });
        if self.is_public {
            item["public_at"] = json!({ "S": key });
        }
        if let Some(arrival) = &self.arrival {
            item["arrival"] = json!({ "S": arrival });
        }
        item
    }
}

async fn put(stack: &Stack, entries: &[StoredEntry]) {
    let items: Vec<_> = entries.iter().map(StoredEntry::item).collect();
    stack.put_items(&items).await;
}

/// A stack with a verified sender and a conversation without messages.
async fn begin() -> (Stack, Caller) {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    begin_conversation(&stack).await;
    let agent = stack.agent("kim").await;
    (stack, agent)
}

async fn begin_conversation(stack: &Stack) {
    let visitor = json!({ "email": "ana@example.org" });
    let conversation = json!({ "channel": "widget", "visitor": visitor });
    let platform = stack.platform().await;
    let path = "/v1/conversations/c1";
    platform.put(path, conversation).await.expect(201);
}

async fn record(stack: &Stack, messages: &[Value]) {
    let body = json!({ "messages": messages });
    let path = "/v1/conversations/c1/messages";
    let platform = stack.platform().await;
    platform.post(path, body).await.expect(200);
}

/// Reads the page after a cursor. Returns its ids and the next cursor.
async fn page(agent: &Caller, limit: usize, cursor: Option<&str>) -> (Vec<String>, Option<String>) {
    let cursor = cursor.map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
    let path = format!("/v1/conversations/c1?limit={limit}{cursor}");
    let thread = agent.get(&path).await.expect(200)["thread"].take();
    let entries = thread["entries"].as_array().unwrap();
    assert!(entries.len() <= limit);
    let ids = entries.iter().map(|entry| entry["id"].as_str().unwrap());
    let next = thread.get("next_cursor");
    (
        ids.map(str::to_owned).collect(),
        next.map(|next| next.as_str().unwrap().to_owned()),
    )
}

/// The ids of the whole thread, read in pages of at most `limit`.
async fn ids(agent: &Caller, limit: usize) -> Vec<String> {
    ids_after(agent, limit, None).await
}

async fn ids_after(agent: &Caller, limit: usize, cursor: Option<String>) -> Vec<String> {
    let mut ids = Vec::new();
    let mut cursor = cursor;
    loop {
        let (read, next) = page(agent, limit, cursor.as_deref()).await;
        assert!(!read.is_empty() || (ids.is_empty() && next.is_none()));
        ids.extend(read);
        match next {
            Some(next) => cursor = Some(next),
            None => return ids,
        }
    }
}

/// Mails `c1` and returns the texts in brackets, in the order of the mail's text. Asserts that the HTML
/// has the same order. The HTML of a long mail has only the latest messages.
async fn mailed(stack: &Stack, agent: &Caller) -> Vec<String> {
    agent.send_transcript("c1").await.expect(201);
    let mails = stack.outbox().await;
    let mail = mails.last().unwrap();
    let [text, html] = ["text", "html"].map(|part| {
        let parts = mail[part].as_str().unwrap().split('[').skip(1);
        let shown = parts.filter_map(|part| Some(part.split_once(']')?.0.to_owned()));
        shown.collect::<Vec<_>>()
    });
    assert!(!html.is_empty() && text.ends_with(&html), "{html:?}");
    text
}

/// Four messages whose ids are numbers of different length.
fn numbered_messages() -> [Value; 4] {
    ["9", "10", "11", "100"].map(|id| message(id, AT, &format!("[{id}]")))
}

#[tokio::test]
async fn messages_of_one_request_keep_the_order_of_the_request() {
    let (stack, agent) = begin().await;
    record(&stack, &numbered_messages()).await;
    assert_eq!(ids(&agent, 100).await, ["9", "10", "11", "100"]);
    assert_eq!(mailed(&stack, &agent).await, ["9", "10", "11", "100"]);
}

#[tokio::test]
async fn messages_of_several_requests_are_in_the_order_of_arrival() {
    let (stack, agent) = begin().await;
    let expected = ["f0e1", "07aa", "9c32", "1b00", "d4d4", "0000"];
    for body in expected.chunks(2) {
        let messages = body
            .iter()
            .map(|id| message(id, AT, &format!("[{id}]")))
            .collect::<Vec<_>>();
        record(&stack, &messages).await;
        stack.advance(1).await;
    }
    assert_eq!(ids(&agent, 100).await, expected);
    assert_eq!(mailed(&stack, &agent).await, expected);
}

#[tokio::test]
async fn a_message_that_is_recorded_again_or_edited_keeps_its_position() {
    let (stack, agent) = begin().await;
    record(&stack, &numbered_messages()).await;
    stack.advance(1).await;
    record(&stack, &[message("9", AT, "[9]")]).await;
    record(
        &stack,
        &[message("11", AT, "[11]"), message("0", AT, "[0]")],
    )
    .await;
    let edited = message("10", AT, "[10], no, 11");
    record(&stack, &[edited]).await;
    assert_eq!(ids(&agent, 100).await, ["9", "10", "11", "100", "0"]);
    assert_eq!(mailed(&stack, &agent).await, ["9", "10", "11", "100", "0"]);
}

#[tokio::test]
async fn messages_of_the_former_version_are_first_in_the_order_of_their_ids() {
    let (stack, agent) = begin().await;
    let mut entries: Vec<_> = ["7", "z", "10"].map(StoredEntry::new).into();
    entries.extend([
        StoredEntry::new("9").arrived(1, 0),
        StoredEntry::new("5").arrived(0, 10),
        StoredEntry::new("6").arrived(0, 9),
    ]);
    // An invalid `arrival` is ignored.
    entries[2].arrival = Some(entries[2].id.clone());
    put(&stack, &entries).await;
    let expected = ["10", "7", "z", "6", "5", "9"];
    assert_eq!(ids(&agent, 100).await, expected);
    assert_eq!(mailed(&stack, &agent).await, expected);
}

/// A thread with groups of messages of the same time, in the expected order.
fn mixed_thread() -> Vec<StoredEntry> {
    let times = |second: usize| format!("2026-01-05T10:00:{second:02}.000Z");
    let mut entries = Vec::new();
    for (second, ids) in [
        (0, &["a"][..]),
        (1, &["g", "f", "e", "d", "c", "b", "a"]),
        (2, &["z"]),
        (3, &["y", "x"]),
        (4, &["b", "c", "a", "e", "d"]),
    ] {
        for (position, id) in ids.iter().enumerate() {
            let entry = StoredEntry::new(&format!("{second}{id}")).at(&times(second));
            let entry = entry.arrived(second, position);
            entries.push(if position == 1 {
                entry.private()
            } else {
                entry
            });
        }
    }
    entries
}

#[tokio::test]
async fn pages_of_any_size_have_the_same_order_as_one_page() {
    let (stack, agent) = begin().await;
    let thread = mixed_thread();
    put(&stack, &thread).await;
    let expected: Vec<_> = thread.iter().map(|entry| entry.id.clone()).collect();
    for limit in 1..=thread.len() + 1 {
        assert_eq!(ids(&agent, limit).await, expected, "{limit}");
    }
    let public = thread.iter().filter(|entry| entry.is_public);
    let public: Vec<_> = public.map(|entry| entry.id.clone()).collect();
    assert_eq!(mailed(&stack, &agent).await, public);
}

#[tokio::test]
async fn every_page_except_the_last_has_as_many_entries_as_its_limit() {
    let (stack, agent) = begin().await;
    put(&stack, &mixed_thread()).await;
    for limit in 1..=16 {
        let mut cursor = None;
        let mut left = 16;
        while left > 0 {
            let (read, next) = page(&agent, limit, cursor.as_deref()).await;
            assert_eq!(read.len(), limit.min(left), "{limit}");
            left -= read.len();
            assert_eq!(next.is_some(), left > 0, "{limit}");
            cursor = next;
        }
    }
}

#[tokio::test]
async fn up_to_1000_messages_of_one_time_are_in_the_order_of_arrival_and_more_in_the_order_of_ids()
{
    for count in [1_000, 1_001] {
        let (stack, agent) = begin().await;
        let group = (0..count).map(|number| {
            // The messages arrived in the reverse order of their ids.
            StoredEntry::new(&format!("n{number:04}")).arrived(count - number, 0)
        });
        let mut thread: Vec<_> = group.collect();
        thread.insert(0, StoredEntry::new("first").at("2026-01-05T09:00:00.000Z"));
        thread.push(StoredEntry::new("last").at("2026-01-05T11:00:00.000Z"));
        put(&stack, &thread).await;
        let mut expected: Vec<_> = thread.iter().map(|entry| entry.id.clone()).collect();
        if count == 1_000 {
            expected[1..=count].reverse();
        }
        for limit in [97, 499, 500] {
            assert_eq!(ids(&agent, limit).await, expected, "{count} by {limit}");
        }
        assert_eq!(mailed(&stack, &agent).await, expected, "{count}");
    }
}

#[tokio::test]
async fn long_messages_of_one_time_are_in_the_order_of_arrival_and_all_returned() {
    let (stack, agent) = begin().await;
    let group: Vec<_> = (0..70)
        .map(|number| {
            let entry = StoredEntry::new(&format!("n{number:02}")).arrived(70 - number, 0);
            entry.with_text(format!("[n{number:02}]{}", "x".repeat(31_990)))
        })
        .collect();
    put(&stack, &group).await;
    let expected: Vec<_> = (0..70)
        .rev()
        .map(|number| format!("n{number:02}"))
        .collect();
    for limit in [1, 30, 500] {
        assert_eq!(ids(&agent, limit).await, expected, "{limit}");
    }
    assert_eq!(mailed(&stack, &agent).await, expected);
}

#[tokio::test]
async fn a_cursor_of_the_former_version_continues_in_the_order_of_ids() {
    let (stack, agent) = begin().await;
    let mut thread: Vec<_> = (0..9)
        .map(|number| StoredEntry::new(&format!("n{number}")).arrived(9 - number, 0))
        .collect();
    for (position, id) in ["z", "y", "x"].into_iter().enumerate() {
        let later = StoredEntry::new(id).at("2026-01-05T11:00:00.000Z");
        thread.push(later.arrived(20, position));
    }
    put(&stack, &thread).await;
    for limit in 1..=12 {
        let cursor = BASE64_URL_SAFE_NO_PAD.encode(format!("{AT}#n3"));
        let read = ids_after(&agent, limit, Some(cursor)).await;
        assert_eq!(
            read,
            ["n4", "n5", "n6", "n7", "n8", "z", "y", "x"],
            "{limit}"
        );
    }
}

#[tokio::test]
async fn a_message_that_is_recorded_between_two_pages_is_in_the_order_of_arrival() {
    let (stack, agent) = begin().await;
    let group = ["m5", "m6", "m7"];
    let group = group.map(|id| StoredEntry::new(id).arrived(1, 0));
    put(&stack, &group).await;
    let (read, cursor) = page(&agent, 2, None).await;
    assert_eq!(read, ["m5", "m6"]);
    let late = [
        StoredEntry::new("m0").arrived(2, 0),
        StoredEntry::new("m9").arrived(2, 1),
    ];
    put(&stack, &late).await;
    assert_eq!(ids_after(&agent, 2, cursor).await, ["m7", "m0", "m9"]);
}

#[tokio::test]
async fn no_message_is_lost_if_a_group_exceeds_1000_messages_between_two_pages() {
    let (stack, agent) = begin().await;
    let group: Vec<_> = (0..1_000)
        .map(|number| StoredEntry::new(&format!("n{number:04}")).arrived(1_000 - number, 0))
        .collect();
    put(&stack, &group).await;
    let (first, cursor) = page(&agent, 400, None).await;
    put(&stack, &[StoredEntry::new("a").arrived(2_000, 0)]).await;
    let rest = ids_after(&agent, 400, cursor).await;
    let read: BTreeSet<_> = first.into_iter().chain(rest).collect();
    assert_eq!(read.len(), 1_001);
}

#[tokio::test]
async fn no_message_is_lost_if_the_entry_of_a_cursor_expires() {
    let (stack, agent) = begin().await;
    let group = ["c", "b", "a"].into_iter().enumerate();
    let group: Vec<_> = group
        .map(|(position, id)| StoredEntry::new(id).arrived(0, position))
        .collect();
    put(&stack, &group).await;
    let (read, cursor) = page(&agent, 2, None).await;
    assert_eq!(read, ["c", "b"]);
    stack
        .delete_expired("main#c1", &format!("ENTRY#{AT}#b"))
        .await;
    // The order of arrival of the expired entry is unknown now.
    assert_eq!(ids_after(&agent, 2, cursor).await, ["c", "a"]);
}

fn queries(aws: &AwsProxy) -> usize {
    aws.count(|call| call.is("dynamodb:Query"))
}

#[tokio::test]
async fn a_page_that_ends_between_two_times_takes_one_query() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    begin_conversation(&stack).await;
    let agent = stack.agent("kim").await;
    let times = (0..40).map(|minute| format!("2026-01-05T10:{minute:02}:00.000Z"));
    let thread: Vec<_> = times
        .map(|at| StoredEntry::new("m").at(&at).arrived(0, 0))
        .collect();
    put(&stack, &thread).await;
    let mut cursor = None;
    for _ in 0..4 {
        aws.forget();
        let (read, next) = page(&agent, 10, cursor.as_deref()).await;
        assert_eq!(read.len(), 10);
        // One query each for the thread, the transcripts and the senders.
        assert_eq!(queries(&aws), 3);
        cursor = next;
    }
    assert_eq!(cursor, None);
}
