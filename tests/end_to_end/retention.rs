//! Retention with `RetentionDays`. No caller sees an item after its expiry, and DynamoDB deletes it
//! later. The engine deletes by real time, so items that expire by the tests' clock stay in the table.

use local::Options;
use serde_json::{Value, json};
use tests::{AwsCall, Caller, Stack, message, transcript_with_faces};

const CONVERSATION: &str = "/v1/conversations/c1";
const DAY: u64 = 24 * 60 * 60;

fn with_retention(days: u32) -> Options {
    Stack::options_with(&[("RetentionDays", &days.to_string())])
}

async fn record(platform: &Caller, id: &str) {
    let body = json!({ "messages": [message(id, "2026-01-05T09:30:00Z", id)] });
    platform
        .post(&format!("{CONVERSATION}/messages"), body)
        .await
        .expect(200);
}

/// The ids of the messages that an agent sees.
async fn visible_messages(agent: &Caller) -> Vec<String> {
    let read = agent.conversation("c1").await;
    let entries = read["thread"]["entries"].as_array().unwrap().iter();
    let messages = entries.filter(|entry| entry["kind"] == "message");
    messages
        .map(|entry| entry["id"].as_str().unwrap().to_owned())
        .collect()
}

/// The time at which an item expires, in seconds since 1970.
fn expiry(item: &Value) -> i64 {
    let seconds = item["expires_at"]["N"].as_str();
    seconds.expect("an item with a TTL").parse().unwrap()
}

fn timestamp(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).unwrap().to_string()
}

#[tokio::test]
async fn conversations_do_not_expire_by_default() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let request = agent.ask_for_id("c1").await;
    visitor
        .rate(&request, json!({ "score": 4 }))
        .await
        .expect(201);
    agent.send_transcript("c1").await.expect(201);
    let expiring: Vec<_> = stack
        .items()
        .await
        .into_iter()
        .filter(|item| item.get("expires_at").is_some())
        .map(|item| item["sk"]["S"].as_str().unwrap().to_owned())
        .collect();
    let is_limit = |sk: &String| sk.starts_with("ASK#") || sk.starts_with("QUOTA#");
    assert!(expiring.iter().all(is_limit), "{expiring:?}");
    stack.advance(100 * 365 * DAY).await;
    assert_eq!(visible_messages(&agent).await, ["m1"]);
}

#[tokio::test]
async fn all_items_of_a_conversation_expire_after_the_retention_period() {
    let stack = Stack::start_with(with_retention(30)).await;
    stack.stop_clock();
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let request = agent.ask_for_id("c1").await;
    visitor
        .rate(&request, json!({ "score": 4 }))
        .await
        .expect(201);
    agent.send_transcript("c1").await.expect(201);
    let jo = stack.agent("jo").await;
    jo.send_transcript_as("c1", transcript_with_faces())
        .await
        .expect(201);
    let now: jiff::Timestamp = stack.now().await.parse().unwrap();
    let days_30 = now.as_second() + 30 * DAY.cast_signed();
    let mut expiring = 0;
    for item in stack.items().await {
        let (pk, sk) = (item["pk"]["S"].as_str(), item["sk"]["S"].as_str());
        let (pk, sk) = (pk.unwrap(), sk.unwrap());
        let is_limit = sk.starts_with("ASK#") || sk.starts_with("QUOTA#");
        if is_limit || !pk.contains('#') || pk.starts_with("SENDER#") {
            continue;
        }
        expiring += 1;
        // The visitor's link to the conversation expires a day later.
        let longer = if pk.contains("#VISITOR#") { 86_400 } else { 0 };
        assert_eq!(expiry(&item), days_30 + longer, "{sk}");
    }
    // The conversation, the visitor's link to it, two requests, two transcripts, and a thread of one
    // message and five events.
    assert_eq!(expiring, 2 + 2 + 2 + 1 + 5);
}

#[tokio::test]
async fn a_conversation_is_accessible_until_the_second_in_which_it_expires() {
    let stack = Stack::start_with(with_retention(2)).await;
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    let expires_at = expiry(&stack.item("main#c1", "CONVERSATION").await);
    stack
        .stop_clock_a_second_before(&timestamp(expires_at))
        .await;
    assert_eq!(visible_messages(&agent).await, ["m1"]);
    visitor.rating_request().await;

    stack.advance(1).await;
    let before = stack.all_data().await;
    let body = json!({ "messages": [message("m2", "2026-01-05T09:30:00Z", "Late")] });
    let messages = platform
        .post(&format!("{CONVERSATION}/messages"), body)
        .await;
    for reply in [
        agent.get(CONVERSATION).await,
        agent.ask("c1").await,
        agent.send_transcript("c1").await,
        messages,
    ] {
        reply.expect_problem(404, "conversation_not_found");
    }
    visitor
        .get("/v1/visitor/rating-request")
        .await
        .expect_problem(401, "invalid_visitor_token");
    let problem = platform
        .put(CONVERSATION, json!({ "status": "open" }))
        .await
        .expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "channel");
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn recording_an_expired_conversation_creates_a_new_one() {
    for body in [
        json!({ "channel": "widget" }),
        json!({ "channel": "widget", "visitor": { "email": "ana@example.org" } }),
    ] {
        let stack = Stack::start_with(with_retention(1)).await;
        let old = stack.conversation("c1").await;
        let platform = stack.platform().await;
        let agent = stack.agent("kim").await;
        let request = agent.ask_for_id("c1").await;
        old.rate(&request, json!({ "score": 5 })).await.expect(201);
        stack.advance(DAY + 1).await;

        let recorded = platform.put(CONVERSATION, body.clone()).await.expect(201);
        assert!(recorded["conversation"]["visitor"].get("name").is_none());
        old.get("/v1/visitor/rating-request")
            .await
            .expect_problem(401, "invalid_visitor_token");
        let new = stack.bearer(recorded["visitor_token"].as_str().unwrap());
        let shown = new.rating_request().await;
        assert_eq!(
            shown,
            json!({ "rating_request": null, "rating": null, "transcript": { "state": "hidden" } })
        );
        let read = agent.conversation("c1").await;
        assert_eq!(read["thread"]["entries"], json!([]));
        assert_eq!(read["rating"], Value::Null);
        assert_eq!(read["transcripts"], json!([]));
        platform.put(CONVERSATION, body).await.expect(200);
    }
}

#[tokio::test]
async fn every_write_renews_the_conversation_and_the_visitors_link_to_it() {
    let stack = Stack::start_with(with_retention(10)).await;
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    let mut request = String::new();
    for turn in 0..8 {
        stack.advance(9 * DAY).await;
        match turn {
            0 => record(&platform, "m2").await,
            1 => request = agent.ask_for_id("c1").await,
            2 | 3 => {
                let reply = visitor.rate(&request, json!({ "score": turn })).await;
                if turn == 2 {
                    reply.expect(201);
                } else {
                    reply.expect_problem(409, "rating_closed");
                    record(&platform, "m3").await;
                }
            }
            4 => {
                agent.send_transcript("c1").await.expect(201);
            }
            5 => {
                let change = json!({ "status": "resolved" });
                platform.put(CONVERSATION, change).await.expect(200);
            }
            _ => record(&platform, &format!("m{turn}")).await,
        }
        let conversation = stack.item("main#c1", "CONVERSATION").await;
        let links: Vec<_> = stack
            .items()
            .await
            .into_iter()
            .filter(|item| item["pk"]["S"].as_str().unwrap().contains("#VISITOR#"))
            .collect();
        assert_eq!(links.len(), 1);
        assert!(expiry(&links[0]) >= expiry(&conversation), "turn {turn}");
    }
    // Messages that are older than ten days are left out, although nothing has deleted them.
    assert_eq!(visible_messages(&agent).await, ["m6", "m7"]);
    let body = agent
        .delete("/v1/visitors/ana@example.org")
        .await
        .expect(200);
    assert_eq!(body["done"], true);
    let left = stack.items().await.into_iter();
    let left: Vec<_> = left
        .map(|item| item["pk"]["S"].as_str().unwrap().to_owned())
        .filter(|pk| pk.contains('#') && !pk.starts_with("SENDER#"))
        .collect();
    assert_eq!(left, ["main#c1", "main#c1"], "a tombstone and a request");
}

#[tokio::test]
async fn the_visitors_link_to_a_conversation_is_renewed_at_most_once_a_day() {
    let (stack, aws) = Stack::start_behind_proxy(with_retention(10)).await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let writes = |call: &AwsCall| call.mentions("#VISITOR#");
    aws.forget();
    for hours in [1, 22, 2, 1, 20, 4] {
        stack.advance(hours * 3_600).await;
        record(&platform, "m2").await;
    }
    assert_eq!(aws.count(|call| writes(call)), 2);
}

#[tokio::test]
async fn an_expired_message_appears_in_no_page_and_no_mail() {
    let stack = Stack::start_with(with_retention(5)).await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    for number in 0..30 {
        record(&platform, &format!("old{number}")).await;
    }
    stack.advance(3 * DAY).await;
    for number in 0..3 {
        record(&platform, &format!("young{number}")).await;
    }
    stack.advance(3 * DAY).await;
    let mut ids = Vec::new();
    let mut path = format!("{CONVERSATION}?limit=2");
    loop {
        let page = agent.get(&path).await.expect(200);
        let entries = page["thread"]["entries"].as_array().unwrap();
        assert!(!entries.is_empty(), "an empty page");
        ids.extend(entries.iter().map(|entry| entry["id"].clone()));
        match page["thread"]["next_cursor"].as_str() {
            Some(cursor) => path = format!("{CONVERSATION}?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(ids, ["young0", "young1", "young2"]);
    let sent = agent.send_transcript("c1").await.expect(201);
    assert_eq!(sent["transcript"]["message_count"], 3);
    let mail = stack.outbox().await.pop().unwrap().to_string();
    assert!(mail.contains("young2") && !mail.contains("old"));
}

#[tokio::test]
async fn an_expired_private_message_does_not_hide_a_public_copy() {
    let stack = Stack::start_with(with_retention(1)).await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let private = tests::note("m2", "2026-01-05T09:30:00Z", "m2");
    let body = json!({ "messages": [private] });
    platform
        .post(&format!("{CONVERSATION}/messages"), body)
        .await
        .expect(200);
    stack.advance(DAY / 2).await;
    record(&platform, "m2").await;
    record(&platform, "m3").await;
    let agent = stack.agent("kim").await;
    let visibility = |read: &Value| read["thread"]["entries"][1]["visibility"].clone();
    assert_eq!(visibility(&agent.conversation("c1").await), "private");
    stack.advance(DAY / 2 + 1).await;
    record(&platform, "m2").await;
    let read = agent.conversation("c1").await;
    assert_eq!(read["thread"]["entries"][0]["visibility"], "public");
}

#[tokio::test]
async fn an_expired_request_is_neither_shown_to_the_visitor_nor_answerable() {
    let stack = Stack::start_with(with_retention(2)).await;
    let visitor = stack.conversation("c1").await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    let request = agent.ask_for_id("c1").await;
    stack.advance(DAY).await;
    record(&platform, "m2").await;
    assert!(visitor.rating_request().await["rating_request"].is_object());
    stack.advance(DAY + 1).await;
    let shown = visitor.rating_request().await;
    assert_eq!(shown["rating_request"], Value::Null);
    visitor
        .rate(&request, json!({ "score": 5 }))
        .await
        .expect_problem(404, "rating_request_not_found");
}

#[tokio::test]
async fn an_expired_conversation_can_still_be_erased() {
    let stack = Stack::start_with(with_retention(1)).await;
    stack.conversation("c1").await;
    stack.advance(DAY + 1).await;
    let agent = stack.agent("kim").await;
    agent
        .get(CONVERSATION)
        .await
        .expect_problem(404, "conversation_not_found");
    let body = agent
        .delete("/v1/visitors/ana@example.org")
        .await
        .expect(200);
    assert_eq!(body, json!({ "done": true, "removed": 3 }));
    assert_eq!(stack.items().await.len(), 1);
}

#[tokio::test]
async fn erasing_a_visitor_removes_links_to_conversations_that_no_longer_exist() {
    let (stack, aws) = Stack::start_behind_proxy(with_retention(1)).await;
    stack.conversation("c1").await;
    stack.conversation("c2").await;
    stack.advance(DAY + 1).await;
    for conversation in ["main#c1", "main#c2"] {
        stack.delete_expired(conversation, "CONVERSATION").await;
        stack
            .delete_expired(conversation, "ENTRY#2026-01-05T09:00:00.000Z#m1")
            .await;
    }
    let agent = stack.agent("kim").await;
    let platform = stack.platform().await;

    // If the conversation is recorded again during the erasure, the next call erases it.
    let checks = |call: &AwsCall| call.mentions("attribute_not_exists(pk)") && call.mentions("c1");
    let held = aws.hold(checks);
    let recording = held.meanwhile(async {
        let body = json!({ "channel": "widget", "visitor": { "email": "ana@example.org" } });
        platform.put(CONVERSATION, body).await.expect(201);
    });
    let visitor = "/v1/visitors/ana@example.org";
    let (erased, ()) = tokio::join!(agent.delete(visitor), recording);
    assert_eq!(erased.expect(202)["done"], false);
    let erased = agent.delete(visitor).await.expect(200);
    assert_eq!(erased["done"], true);
    agent
        .get(CONVERSATION)
        .await
        .expect_problem(404, "conversation_not_found");
    let items = json!(stack.items().await).to_string();
    assert!(!items.contains("#VISITOR#"), "{items}");
}
