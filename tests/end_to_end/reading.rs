use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::{Caller, SENDER, Stack, message, note, transcript};

/// Reads the whole thread of `c1` in pages of at most `limit` entries.
async fn read_in_pages(agent: &Caller, limit: usize) -> Vec<Value> {
    let mut entries = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/v1/conversations/c1?limit={limit}{cursor}");
        let mut thread = agent.get(&path).await.expect(200)["thread"].take();
        let page = thread["entries"].as_array_mut().unwrap();
        assert!((1..=limit).contains(&page.len()), "{}", page.len());
        entries.append(page);
        match thread.get("next_cursor") {
            Some(next) => cursor = format!("&cursor={}", next.as_str().unwrap()),
            None => return entries,
        }
    }
}

/// The time and the id of an entry, by which threads are sorted.
fn sort_key(entry: &Value) -> (&str, &str) {
    (entry["at"].as_str().unwrap(), entry["id"].as_str().unwrap())
}

async fn record(stack: &Stack, messages: &[Value]) {
    let platform = stack.platform().await;
    for batch in messages.chunks(100) {
        let body = json!({ "messages": batch });
        let path = "/v1/conversations/c1/messages";
        platform.post(path, body).await.expect(200);
    }
}

async fn ask_rating_action(agent: &Caller) -> Value {
    agent.conversation("c1").await["actions"]["ask_rating"].take()
}

async fn send_transcript_action(agent: &Caller) -> Value {
    agent.conversation("c1").await["actions"]["send_transcript"].take()
}

/// When the clock hour of `moment` ends.
fn end_of_hour(moment: &str) -> String {
    let moment: Timestamp = moment.parse().unwrap();
    let second = moment.as_second();
    let end = Timestamp::from_second(second - second.rem_euclid(3_600) + 3_600).unwrap();
    format!("{end:.3}")
}

#[tokio::test]
async fn a_new_conversation_is_returned_with_all_its_fields() {
    let stack = Stack::start().await;
    stack.begin_an_hour().await;
    stack.conversation("c1").await;
    let now = stack.now().await;
    let body = stack.agent("kim").await.conversation("c1").await;
    let conversation = &body["conversation"];
    assert_eq!(
        body,
        json!({
            "conversation": {
                "id": "c1",
                "channel": "widget",
                "status": "open",
                "visitor": { "name": "Ana", "email": "ana@example.org" },
                "recorded_at": conversation["recorded_at"],
                "updated_at": conversation["recorded_at"],
            },
            "rating": null,
            "thread": {
                "entries": [{
                    "id": "m1",
                    "at": "2026-01-05T09:00:00.000Z",
                    "kind": "message",
                    "visibility": "public",
                    "author": { "kind": "visitor", "name": "Ana" },
                    "text": "Hello",
                }],
            },
            "transcripts": [],
            "actions": {
                "ask_rating": { "state": "enabled" },
                "send_transcript": {
                    "state": "disabled",
                    "reason": "no_verified_sender",
                    "default_to": "ana@example.org",
                    "senders": [],
                    "remaining": 5,
                    "resets_at": end_of_hour(&now),
                },
            },
        })
    );
}

#[tokio::test]
async fn the_visitors_token_is_not_shown_to_agents() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let secret = visitor.token().rsplit('.').next().unwrap();
    let body = stack.agent("kim").await.conversation("c1").await;
    assert!(!body.to_string().contains(secret));
}

#[tokio::test]
async fn reading_an_unknown_conversation_returns_404() {
    let stack = Stack::start().await;
    let agent = stack.agent("kim").await;
    agent
        .get("/v1/conversations/nowhere")
        .await
        .expect_problem(404, "conversation_not_found");
}

#[tokio::test]
async fn a_conversation_without_messages_has_an_empty_thread() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let new = json!({ "channel": "widget" });
    platform.put("/v1/conversations/c1", new).await.expect(201);
    let body = stack.agent("kim").await.conversation("c1").await;
    assert_eq!(body["thread"], json!({ "entries": [] }));
}

#[tokio::test]
async fn pages_of_any_size_return_each_entry_once_in_chronological_order() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let first: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
    // Not in chronological order, four in each second, some private.
    let messages: Vec<_> = (0..298)
        .map(|number| number * 101 % 298)
        .map(|number| {
            let at = first + SignedDuration::from_secs(number / 4);
            let record = if number % 3 == 0 { note } else { message };
            record(&format!("n{number:03}"), &at.to_string(), "Hi")
        })
        .collect();
    record(&stack, &messages).await;
    agent.ask_for_id("c1").await;

    let whole = read_in_pages(&agent, 500).await;
    assert_eq!(whole.len(), 1 + 298 + 1);
    assert!(whole.is_sorted_by_key(|entry| sort_key(entry).0));
    let keys: BTreeSet<_> = whole.iter().map(sort_key).collect();
    assert_eq!(keys.len(), whole.len());
    assert_eq!(whole[299]["event"]["type"], "rating_requested");
    for limit in [37, 100, 299, 300] {
        assert_eq!(read_in_pages(&agent, limit).await, whole, "{limit}");
    }
}

#[tokio::test]
async fn pages_of_one_entry_return_each_entry_once() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let messages = ["n1", "n2", "n3"].map(|id| message(id, "2026-01-05T09:30:00Z", "Hi"));
    record(&stack, &messages).await;
    let agent = stack.agent("kim").await;
    let entries = read_in_pages(&agent, 1).await;
    let ids: Vec<_> = entries.iter().map(|entry| sort_key(entry).1).collect();
    assert_eq!(ids, ["m1", "n1", "n2", "n3"]);
}

#[tokio::test]
async fn a_page_has_100_entries_by_default() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let messages: Vec<_> = (0..100)
        .map(|number| message(&format!("n{number}"), "2026-01-05T09:30:00Z", "Hi"))
        .collect();
    record(&stack, &messages).await;
    let thread = &stack.agent("kim").await.conversation("c1").await["thread"];
    assert_eq!(thread["entries"].as_array().unwrap().len(), 100);
    assert!(thread["next_cursor"].is_string());
}

#[tokio::test]
async fn long_messages_produce_shorter_pages_without_losing_entries() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let text = "漢".repeat(32_000);
    for number in 0..24 {
        let id = format!("n{number:02}");
        record(&stack, &[message(&id, "2026-01-05T09:30:00Z", &text)]).await;
    }
    let agent = stack.agent("kim").await;
    let entries = read_in_pages(&agent, 500).await;
    let ids: Vec<_> = entries.iter().map(|entry| sort_key(entry).1).collect();
    let expected: Vec<_> = (0..24).map(|number| format!("n{number:02}")).collect();
    assert_eq!(ids[0], "m1");
    assert_eq!(ids[1..], expected);
    let first_page = agent
        .get("/v1/conversations/c1?limit=500")
        .await
        .expect(200);
    assert!(first_page["thread"]["next_cursor"].is_string());
}

#[tokio::test]
async fn a_message_added_while_pages_are_read_appears_in_chronological_order() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let at = |minute: u32| format!("2026-01-05T10:{minute:02}:00Z");
    record(
        &stack,
        &[message("n1", &at(1), "Hi"), message("n3", &at(3), "Hi")],
    )
    .await;
    let agent = stack.agent("kim").await;
    let page = agent.get("/v1/conversations/c1?limit=2").await.expect(200);
    let cursor = page["thread"]["next_cursor"].as_str().unwrap();

    record(
        &stack,
        &[message("n2", &at(2), "Hi"), message("n0", &at(0), "Hi")],
    )
    .await;
    let path = format!("/v1/conversations/c1?limit=2&cursor={cursor}");
    let page = agent.get(&path).await.expect(200);
    let entries = page["thread"]["entries"].as_array().unwrap();
    let ids: Vec<_> = entries.iter().map(|entry| sort_key(entry).1).collect();
    assert_eq!(ids, ["n2", "n3"]);
}

#[tokio::test]
async fn a_limit_that_is_not_a_number_from_1_to_500_is_refused() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    for limit in [
        "",
        "0",
        "501",
        "-1",
        "1.5",
        "ten",
        "65537",
        "%201",
        "1&limit=2",
    ] {
        let path = format!("/v1/conversations/c1?limit={limit}");
        let problem = agent
            .get(&path)
            .await
            .expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "limit", "{limit:?}");
    }
}

#[tokio::test]
async fn a_cursor_that_no_page_returned_is_refused() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    record(&stack, &[message("m2", "2026-01-05T09:30:00Z", "Hi")]).await;
    let agent = stack.agent("kim").await;
    let page = agent.get("/v1/conversations/c1?limit=1").await.expect(200);
    let good = page["thread"]["next_cursor"].as_str().unwrap();
    let cut = &good[..good.len() / 2];
    let long = "A".repeat(2_000);
    for cursor in [
        "",
        "x",
        cut,
        "%00",
        "bTE",
        "2026-01-05T09:00:00.000Z%23m1",
        &long,
    ] {
        let path = format!("/v1/conversations/c1?cursor={cursor}");
        let problem = agent
            .get(&path)
            .await
            .expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "cursor", "{cursor:?}");
    }
}

#[tokio::test]
async fn private_notes_are_shown_to_agents_and_marked() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    record(
        &stack,
        &[note("m2", "2026-01-05T09:30:00Z", "A friend of ours")],
    )
    .await;
    let body = stack.agent("kim").await.conversation("c1").await;
    assert_eq!(
        body["thread"]["entries"][1],
        json!({
            "id": "m2",
            "at": "2026-01-05T09:30:00.000Z",
            "kind": "message",
            "visibility": "private",
            "author": { "kind": "agent", "id": "kim", "name": "Kim" },
            "text": "A friend of ours",
        })
    );
}

#[tokio::test]
async fn the_action_is_disabled_for_the_agent_who_asked_until_the_cooldown_ends() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let (kim, lee) = (stack.agent("kim").await, stack.agent("lee").await);
    let created = kim.ask("c1").await.expect(201);
    let next = &created["rating_request"]["next_request_at"];

    let disabled = json!({
        "state": "disabled",
        "reason": "rating_already_requested",
        "available_at": next,
    });
    assert_eq!(ask_rating_action(&kim).await, disabled);
    assert_eq!(ask_rating_action(&lee).await, json!({ "state": "enabled" }));

    let next = next.as_str().unwrap();
    stack.stop_clock_a_second_before(next).await;
    assert_eq!(ask_rating_action(&kim).await, disabled);
    stack.advance(1).await;
    assert_eq!(ask_rating_action(&kim).await, json!({ "state": "enabled" }));
}

#[tokio::test]
async fn the_action_is_hidden_for_voice_and_disabled_on_other_channels_than_the_widget() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let platform = stack.platform().await;
    // The channel takes precedence over the cooldown.
    agent.ask_for_id("c1").await;
    for (channel, state) in [
        ("voice", "hidden"),
        ("messenger", "disabled"),
        ("instagram", "disabled"),
        ("sms", "disabled"),
    ] {
        let change = json!({ "channel": channel });
        platform
            .put("/v1/conversations/c1", change)
            .await
            .expect(200);
        let expected = json!({ "state": state, "reason": "channel_not_supported" });
        assert_eq!(ask_rating_action(&agent).await, expected, "{channel}");
    }
}

#[tokio::test]
async fn only_verified_senders_are_offered_for_a_transcript() {
    let stack = Stack::start().await;
    stack.begin_an_hour().await;
    stack.conversation("c1").await;
    stack.verified_sender().await;
    stack.identity("sales@example.com", true).await;
    let agent = stack.agent("kim").await;
    for (address, name) in [
        ("sales@example.com", json!({})),
        ("pending@example.com", json!({ "name": "Pending" })),
    ] {
        agent
            .put(&format!("/v1/senders/{address}"), name)
            .await
            .expect(201);
    }
    assert_eq!(
        send_transcript_action(&agent).await,
        json!({
            "state": "enabled",
            "default_to": "ana@example.org",
            "senders": [
                { "address": "sales@example.com" },
                { "address": SENDER, "name": "Acme" },
            ],
            "remaining": 5,
            "resets_at": end_of_hour(&stack.now().await),
        })
    );
}

#[tokio::test]
async fn there_is_no_default_recipient_if_the_visitors_address_is_unknown() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    let platform = stack.platform().await;
    let new = json!({ "channel": "voice" });
    platform.put("/v1/conversations/c1", new).await.expect(201);
    let action = send_transcript_action(&stack.agent("kim").await).await;
    assert_eq!(action["state"], "enabled");
    assert!(action.get("default_to").is_none());
}

#[tokio::test]
async fn the_remaining_transcripts_are_counted_down_and_reset_when_the_hour_ends() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    stack.begin_an_hour().await;
    let resets_at = end_of_hour(&stack.now().await);
    for remaining in [4, 3, 2, 1, 0] {
        let sent = agent.send_transcript("c1").await.expect(201);
        assert_eq!(sent["quota"]["remaining"], remaining);
        let action = send_transcript_action(&agent).await;
        assert_eq!(action["remaining"], remaining);
        assert_eq!(action["resets_at"], resets_at);
    }
    let used_up = send_transcript_action(&agent).await;
    assert_eq!(used_up["state"], "disabled");
    assert_eq!(used_up["reason"], "transcript_limit_reached");

    stack.stop_clock_a_second_before(&resets_at).await;
    assert_eq!(send_transcript_action(&agent).await, used_up);
    stack.advance(1).await;
    let action = send_transcript_action(&agent).await;
    assert_eq!(
        (&action["state"], &action["remaining"]),
        (&json!("enabled"), &json!(5))
    );
    assert_eq!(action["resets_at"], end_of_hour(&stack.now().await));
}

#[tokio::test]
async fn transcripts_are_listed_with_full_addresses_and_their_events_mask_them() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let mut expected = Vec::new();
    for to in ["ana@example.org", "boss@example.net"] {
        let mut body = transcript();
        body["to"] = json!(to);
        let mut sent = agent.send_transcript_as("c1", body).await.expect(201);
        sent["transcript"]["state"] = json!("sent");
        expected.push(sent["transcript"].take());
        stack.advance(1).await;
    }
    let body = agent.conversation("c1").await;
    assert_eq!(body["transcripts"], json!(expected));
    let entries = body["thread"]["entries"].as_array().unwrap();
    for (entry, (transcript, masked)) in entries[1..].iter().zip(
        expected
            .iter()
            .zip(["a•••@example.org", "b•••@example.net"]),
    ) {
        let id = transcript["id"].as_str().unwrap();
        assert_eq!(
            *entry,
            json!({
                "id": format!("transcript_sent/{id}"),
                "at": transcript["sent_at"],
                "kind": "event",
                "visibility": "public",
                "event": {
                    "type": "transcript_sent",
                    "transcript_id": id,
                    "to": masked,
                    "agent": { "id": "kim" },
                },
            })
        );
    }
    assert_eq!(entries.len(), 1 + 2);
}

#[tokio::test]
async fn pages_differ_only_in_the_thread() {
    let stack = Stack::start().await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let request = agent.ask_for_id("c1").await;
    visitor
        .rate(&request, json!({ "score": 5 }))
        .await
        .expect(201);
    agent.send_transcript("c1").await.expect(201);

    let mut first = agent.get("/v1/conversations/c1?limit=1").await.expect(200);
    let cursor = first["thread"]["next_cursor"].as_str().unwrap();
    let path = format!("/v1/conversations/c1?limit=1&cursor={cursor}");
    let mut second = agent.get(&path).await.expect(200);
    assert_ne!(first["thread"].take(), second["thread"].take());
    assert_eq!(first, second);
}
