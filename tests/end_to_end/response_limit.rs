//! Responses stay below Lambda's limit of 6 MB, however much is stored.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tests::{Caller, Contract, Stack, message};

/// A character that takes one byte in the table and seven in Lambda's response.
const CONTROL: &str = "\u{1}";

/// Reads the conversation `c1` and asserts that the response conforms to the contract.
async fn conversation(agent: &Caller) -> Value {
    let reply = agent.get("/v1/conversations/c1").await;
    assert_eq!(
        Contract::load().recognize("readConversation", &reply),
        "readConversation 200"
    );
    reply.body
}

/// Reads the whole thread of `c1`. Returns its entries and the number of pages.
async fn read_thread(agent: &Caller, limit: usize) -> (Vec<Value>, usize) {
    let mut entries = Vec::new();
    let mut cursor = String::new();
    let mut pages = 0;
    loop {
        let path = format!("/v1/conversations/c1?limit={limit}{cursor}");
        let mut thread = agent.get(&path).await.expect(200)["thread"].take();
        let page = thread["entries"].as_array_mut().unwrap();
        assert!((1..=limit).contains(&page.len()), "{}", page.len());
        entries.append(page);
        pages += 1;
        match thread.get("next_cursor") {
            Some(next) => cursor = format!("&cursor={}", next.as_str().unwrap()),
            None => return (entries, pages),
        }
    }
}

fn ids(entries: &[Value]) -> Vec<&str> {
    let ids = entries.iter().map(|entry| entry["id"].as_str().unwrap());
    ids.collect()
}

async fn record(stack: &Stack, message: &Value) {
    let platform = stack.platform().await;
    let body = json!({ "messages": [message] });
    let path = "/v1/conversations/c1/messages";
    platform.post(path, body).await.expect(200);
}

#[tokio::test]
async fn a_thread_of_control_characters_is_returned_completely() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let text = CONTROL.repeat(32_000);
    let expected: Vec<_> = (0..70).map(|number| format!("n{number:02}")).collect();
    for (number, id) in expected.iter().enumerate() {
        // The messages of the second half have the same time.
        let at = format!("2026-01-05T10:00:{:02}Z", number.min(35));
        record(&stack, &message(id, &at, &text)).await;
    }
    let agent = stack.agent("kim").await;
    for limit in [100, 500] {
        let (entries, pages) = read_thread(&agent, limit).await;
        assert_eq!(ids(&entries)[1..], expected, "{limit}");
        assert!(pages > 2, "{pages}");
    }
}

#[tokio::test]
async fn the_largest_message_fits_on_a_page() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let attachment = json!({
        "name": "\"".repeat(255),
        "url": format!("https://example.com/{}", "x".repeat(2_000)),
        "content_type": "\"".repeat(255),
        "bytes": 1,
    });
    let mut largest = message("m2", "2026-01-05T10:00:00Z", &CONTROL.repeat(32_000));
    largest["author"] =
        json!({ "kind": "agent", "id": "\"".repeat(255), "name": "\"".repeat(200) });
    largest["attachments"] = json!(vec![attachment; 32]);
    record(&stack, &largest).await;
    let agent = stack.agent("kim").await;
    let (entries, _) = read_thread(&agent, 1).await;
    assert_eq!(entries[1]["text"], largest["text"]);
    assert_eq!(entries[1]["attachments"], largest["attachments"]);
}

#[tokio::test]
async fn rating_changes_with_long_comments_are_returned_completely() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let comment = CONTROL.repeat(2_000);
    let value = |score: u8, sentiment: &str| {
        json!({ "M": {
            "score": { "N": score.to_string() },
            "sentiment": { "S": sentiment },
            "comment": { "S": comment },
        } })
    };
    let events: Vec<_> = (0..400)
        .map(|number| {
            let at = format!("2026-01-05T10:{:02}:{:02}.000Z", number / 60, number % 60);
            let id = format!("rating_changed/{number:032x}");
            json!({
                "pk": { "S": "main#c1" },
                "sk": { "S": format!("ENTRY#{at}#{id}") },
                "kind": { "S": "event" },
                "id": { "S": id },
                "at": { "S": at },
                "visibility": { "S": "private" },
                "event": { "M": {
                    "type": { "S": "rating_changed" },
                    "rating_request_id": { "S": "0".repeat(32) },
                    "old": value(1, "negative"),
                    "new": value(5, "positive"),
                } },
            })
        })
        .collect();
    stack.put_items(&events).await;
    let (entries, pages) = read_thread(&stack.agent("kim").await, 500).await;
    assert_eq!(entries.len(), 1 + 400);
    assert!(pages > 1);
}

/// An e-mail address of the maximum length.
fn address(number: usize) -> String {
    let domain = ["d".repeat(60), "e".repeat(60), "f".repeat(40)].join(".");
    let local = format!("{number:06}{}", "x".repeat(58));
    format!("{local}@{domain}.example.com")
}

#[tokio::test]
async fn the_newest_transcripts_are_shown_with_a_flag_if_there_are_more() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let transcript = |number: usize| {
        let id = format!("{:032x}", number * 7_919 % 3_000);
        json!({
            "pk": { "S": "main#c1" },
            "sk": { "S": format!("TRANSCRIPT#{id}") },
            "transcript_id": { "S": id },
            "state": { "S": "sent" },
            "to": { "S": address(number) },
            "from": { "S": address(number) },
            "sender_name": { "S": "名".repeat(128) },
            "agent": { "M": { "id": { "S": "kim" } } },
            "message_count": { "N": "1" },
            "sent_at": { "S": format!("2026-01-05T{:02}:{:02}:{:02}.000Z", number / 3_600, number / 60 % 60, number % 60) },
        })
    };
    let transcripts: Vec<_> = (0..3_000).map(transcript).collect();
    stack.put_items(&transcripts[..50]).await;
    let few = conversation(&agent).await;
    assert_eq!(few["transcripts"].as_array().unwrap().len(), 50);
    assert!(few.get("has_more_transcripts").is_none());

    stack.put_items(&transcripts).await;
    let many = conversation(&agent).await;
    let shown = many["transcripts"].as_array().unwrap();
    assert!(shown.len() > 250, "{}", shown.len());
    let times: Vec<_> = shown.iter().map(|it| &it["sent_at"]).collect();
    let newest: Vec<_> = transcripts[3_000 - shown.len()..]
        .iter()
        .map(|it| &it["sent_at"]["S"])
        .collect();
    assert_eq!(times, newest);
    assert_eq!(many["has_more_transcripts"], true);
}

#[tokio::test]
async fn ten_thousand_senders_are_listed_in_pages_and_only_some_are_offered() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let senders: Vec<_> = (0..10_000)
        .map(|number| {
            json!({
                "pk": { "S": "main" },
                "sk": { "S": format!("SENDER#{}", address(number)) },
                "address": { "S": address(number) },
                "name": { "S": "名".repeat(128) },
                "verification": { "S": "verified" },
                "checked_at": { "S": "2026-01-05T10:00:00.000Z" },
                "made_identity": { "BOOL": false },
            })
        })
        .collect();
    stack.put_items(&senders).await;

    let mut listed = Vec::new();
    let mut cursor = String::new();
    loop {
        let reply = agent.get(&format!("/v1/senders{cursor}")).await;
        assert_eq!(
            Contract::load().recognize("listSenders", &reply),
            "listSenders 200"
        );
        let page = reply.body;
        let senders = page["senders"].as_array().unwrap();
        listed.extend(
            senders
                .iter()
                .map(|it| it["address"].as_str().unwrap().to_owned()),
        );
        match page.get("next_cursor") {
            Some(next) => cursor = format!("?cursor={}", next.as_str().unwrap()),
            None => break,
        }
    }
    let all: Vec<_> = (0..10_000).map(address).collect();
    assert_eq!(listed, all);
    for cursor in ["", "%23", &BASE64_URL_SAFE_NO_PAD.encode("nobody")] {
        let refused = agent.get(&format!("/v1/senders?cursor={cursor}")).await;
        let problem = refused.expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "cursor");
    }

    let read = conversation(&agent).await;
    let action = &read["actions"]["send_transcript"];
    let offered = action["senders"].as_array().unwrap();
    assert!((400..10_000).contains(&offered.len()), "{}", offered.len());
    assert_eq!(action["has_more_senders"], true);
}

#[tokio::test]
async fn the_longest_comment_is_returned_to_the_visitor() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let request = stack.agent("kim").await.ask_for_id("c1").await;
    let comment = CONTROL.repeat(2_000);
    let rating = json!({ "score": 1, "comment": comment });
    visitor.rate(&request, rating).await.expect(201);
    assert_eq!(visitor.rating_request().await["rating"]["comment"], comment);
}
