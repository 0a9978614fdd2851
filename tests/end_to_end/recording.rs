use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use local::Options;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Caller, FrozenClock, Reply, Stack, message, note};

const CONVERSATION: &str = "/v1/conversations/c1";
const MESSAGES: &str = "/v1/conversations/c1/messages";

/// When the messages of these tests were sent.
const SENT_AT: &str = "2026-01-05T09:30:00.000Z";

async fn record(platform: &Caller, messages: &[Value]) -> Reply {
    let body = json!({ "messages": messages });
    platform.post(MESSAGES, body).await
}

/// The messages of `c1` as an agent sees them: text and visibility, oldest first.
async fn messages(agent: &Caller) -> Vec<(String, String)> {
    let read = agent.conversation("c1").await;
    let entries = read["thread"]["entries"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    entries
        .filter(|entry| entry["kind"] == "message")
        .map(|entry| (text(&entry["text"]), text(&entry["visibility"])))
        .collect()
}

fn seen(text: &str, visibility: &str) -> (String, String) {
    (text.to_owned(), visibility.to_owned())
}

/// What the visitor gets when `c1` is mailed now.
async fn mail(stack: &Stack, agent: &Caller) -> String {
    agent.send_transcript("c1").await.expect(201);
    stack.outbox().await.pop().unwrap().to_string()
}

fn at(offset: SignedDuration, now: &str) -> String {
    let now: Timestamp = now.parse().unwrap();
    format!("{:.3}", now + offset)
}

#[tokio::test]
async fn a_new_conversation_is_answered_whole_with_its_visitors_token() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let told = json!({
        "channel": "widget",
        "visitor": {
            "name": "Ana Reis",
            "email": "ana@example.org",
            "time_zone": "europe/lisbon",
            "language": "pt-PT",
        },
        "assignee": { "id": "kim", "name": "Kim Sato" },
        "status": "resolved",
    });
    let body = platform.put(CONVERSATION, told).await.expect(201);
    let recorded_at = &body["conversation"]["recorded_at"];
    assert_eq!(
        body,
        json!({
            "conversation": {
                "id": "c1",
                "channel": "widget",
                "status": "resolved",
                "visitor": {
                    "name": "Ana Reis",
                    "email": "ana@example.org",
                    "time_zone": "Europe/Lisbon",
                    "language": "pt-PT",
                },
                "assignee": { "id": "kim", "name": "Kim Sato" },
                "recorded_at": recorded_at,
                "updated_at": recorded_at,
            },
            "visitor_token": body["visitor_token"],
        })
    );
    let visitor = stack.bearer(body["visitor_token"].as_str().unwrap());
    assert_eq!(
        visitor.rating_request().await["rating_request"],
        Value::Null
    );
}

#[tokio::test]
async fn a_channel_is_all_that_a_new_conversation_needs() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let told = json!({ "channel": "voice" });
    let body = platform.put(CONVERSATION, told).await.expect(201);
    let conversation = &body["conversation"];
    assert_eq!(conversation["status"], "open");
    assert_eq!(conversation["visitor"], json!({}));
    assert!(conversation.get("assignee").is_none());
}

#[tokio::test]
async fn a_conversation_is_not_made_without_a_channel() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let before = stack.kept().await;
    for told in [
        json!({}),
        json!({ "visitor": { "name": "Ana" }, "status": "open" }),
    ] {
        let problem = platform
            .put(CONVERSATION, told)
            .await
            .expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "channel");
    }
    assert_eq!(stack.kept().await, before);
}

#[tokio::test]
async fn what_is_absent_stays_as_it_is() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let told = json!({
        "channel": "widget",
        "visitor": { "name": "Ana", "email": "ana@example.org" },
        "assignee": { "id": "kim", "name": "Kim" },
    });
    let first = platform.put(CONVERSATION, told).await.expect(201);
    let mut expected = first["conversation"].clone();
    for (change, place, value) in [
        (json!({}), "/status", json!("open")),
        (
            json!({ "visitor": { "time_zone": "Asia/Tokyo" } }),
            "/visitor/time_zone",
            json!("Asia/Tokyo"),
        ),
        (
            json!({ "visitor": { "name": "Ana Reis" } }),
            "/visitor/name",
            json!("Ana Reis"),
        ),
        (
            json!({ "status": "resolved" }),
            "/status",
            json!("resolved"),
        ),
        (
            json!({ "channel": "messenger" }),
            "/channel",
            json!("messenger"),
        ),
        // An agent's name belongs to the agent: another assignee does not inherit it.
        (
            json!({ "assignee": { "id": "lee" } }),
            "/assignee",
            json!({ "id": "lee" }),
        ),
    ] {
        let body = platform.put(CONVERSATION, change.clone()).await.expect(200);
        let (parent, member) = place.rsplit_once('/').unwrap();
        expected.pointer_mut(parent).unwrap()[member] = value;
        expected["updated_at"] = body["conversation"]["updated_at"].clone();
        assert_eq!(body["conversation"], expected, "{change}");
        assert_eq!(body["visitor_token"], first["visitor_token"]);
    }
}

#[tokio::test]
async fn recording_again_moves_updated_at_and_never_recorded_at() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let told = json!({ "channel": "widget" });
    let first = platform.put(CONVERSATION, told.clone()).await.expect(201);
    stack.advance(60).await;
    let second = platform.put(CONVERSATION, told).await.expect(200);
    let (first, second) = (&first["conversation"], &second["conversation"]);
    assert_eq!(second["recorded_at"], first["recorded_at"]);
    assert!(second["updated_at"].as_str() > first["updated_at"].as_str());
}

#[tokio::test]
async fn renewing_the_token_in_the_moment_of_the_first_recording_makes_no_new_conversation() {
    let stack = Stack::start_with(Options {
        clock: FrozenClock::at("2026-01-05T09:30:00Z".parse().unwrap()),
        ..Stack::options()
    })
    .await;
    let platform = stack.platform().await;
    let told = json!({ "channel": "widget", "renew_visitor_token": true });
    platform.put(CONVERSATION, told.clone()).await.expect(201);
    platform.put(CONVERSATION, told).await.expect(200);
}

#[tokio::test]
async fn of_many_first_recordings_at_once_one_is_new_and_all_have_the_same_token() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let told = json!({ "channel": "widget" });
    let replies = join_all((0..20).map(|_| platform.put(CONVERSATION, told.clone()))).await;
    let new = replies.iter().filter(|reply| reply.status == 201).count();
    assert_eq!(new, 1);
    let token = replies[0].body["visitor_token"].clone();
    for reply in replies {
        assert_eq!(reply.expect_success()["visitor_token"], token);
    }
}

#[tokio::test]
async fn recording_touches_neither_the_current_request_nor_the_rating() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let request = agent.asked("c1").await;
    let answer = json!({ "score": 4, "comment": "Thanks" });
    visitor.rate(&request, answer).await.expect(201);
    let shown = visitor.rating_request().await;
    let read = agent.conversation("c1").await;

    let told = json!({
        "channel": "widget",
        "visitor": { "name": "Ana Reis" },
        "assignee": { "id": "lee" },
        "status": "resolved",
    });
    let platform = stack.platform().await;
    platform.put(CONVERSATION, told).await.expect(200);
    record(&platform, &[message("m2", SENT_AT, "Bye")])
        .await
        .expect(200);
    assert_eq!(visitor.rating_request().await, shown);
    assert_eq!(agent.conversation("c1").await["rating"], read["rating"]);
    agent
        .ask("c1")
        .await
        .expect_problem(429, "rating_already_requested");
}

#[tokio::test]
async fn messages_may_be_recorded_again() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let messages = [message("m2", SENT_AT, "Hi"), note("m3", SENT_AT, "VIP")];
    let body = record(&platform, &messages).await.expect(200);
    assert_eq!(body, json!({ "recorded": 2 }));
    let before = kept_but_the_last_write(&stack).await;
    let body = record(&platform, &messages).await.expect(200);
    assert_eq!(body, json!({ "recorded": 2 }));
    assert_eq!(kept_but_the_last_write(&stack).await, before);
}

/// The table without the names of the writes of messages, of which each has a name of its own.
async fn kept_but_the_last_write(stack: &Stack) -> Vec<Value> {
    let mut items = stack.items().await;
    for item in items.iter_mut().filter_map(Value::as_object_mut) {
        item.remove("thread_version");
        item.remove("written_by");
    }
    items
}

#[tokio::test]
async fn a_message_is_its_time_and_its_id() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    for sent_at in [SENT_AT, "2026-01-05T09:30:00.001Z"] {
        for id in ["m2", "M2"] {
            let told = message(id, sent_at, &format!("{id} at {sent_at}"));
            record(&platform, &[told]).await.expect(200);
        }
    }
    let agent = stack.agent("kim").await;
    assert_eq!(messages(&agent).await.len(), 1 + 4);
}

#[tokio::test]
async fn a_message_is_kept_whole() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let author = json!({ "kind": "bot", "id": "bot-1", "name": "Möwe 🐦" });
    let attachments = json!([
        {
            "name": "tracking.pdf",
            "url": "https://files.example.com/tracking.pdf?a=1&b=2",
            "content_type": "application/pdf",
            "bytes": 48_213,
        },
        { "name": "photo.jpg", "url": "http://files.example.com/photo.jpg" },
    ]);
    let text = "  two\nlines, a \u{0} and \u{202e}direction  ";
    let told = json!({
        "id": "m2",
        "sent_at": SENT_AT,
        "author": author,
        "visibility": "public",
        "text": text,
        "attachments": attachments,
    });
    record(&platform, &[told]).await.expect(200);
    let read = stack.agent("kim").await.conversation("c1").await;
    assert_eq!(
        read["thread"]["entries"][1],
        json!({
            "id": "m2",
            "at": SENT_AT,
            "kind": "message",
            "visibility": "public",
            "author": author,
            "text": text,
            "attachments": attachments,
        })
    );
}

#[tokio::test]
async fn a_time_with_an_offset_is_the_same_moment_in_utc() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    for sent_at in [
        SENT_AT,
        "2026-01-05T11:30:00+02:00",
        "2026-01-05T04:00:00.0009-05:30",
        "2026-01-05t09:30:00z",
    ] {
        record(&platform, &[message("m2", sent_at, sent_at)])
            .await
            .expect(200);
        let read = stack.agent("kim").await.conversation("c1").await;
        let entries = read["thread"]["entries"].as_array().unwrap();
        assert_eq!(entries.len(), 2, "{sent_at}");
        assert_eq!(entries[1]["at"], SENT_AT);
        assert_eq!(entries[1]["text"], sent_at);
    }
}

#[tokio::test]
async fn a_public_message_made_private_leaves_the_mail_and_stays_with_the_agents() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    let public = message("m2", SENT_AT, "My card is 4111");
    record(&platform, &[public]).await.expect(200);
    assert!(mail(&stack, &agent).await.contains("4111"));

    let private = note("m2", SENT_AT, "My card is 4111");
    record(&platform, &[private]).await.expect(200);
    let mail = mail(&stack, &agent).await;
    assert!(mail.contains("Hello") && !mail.contains("4111"));
    let expected = [seen("Hello", "public"), seen("My card is 4111", "private")];
    assert_eq!(messages(&agent).await, expected);
}

#[tokio::test]
async fn a_late_public_copy_of_a_private_message_changes_nothing() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let private = note("m2", SENT_AT, "Refund secretly");
    record(&platform, &[private]).await.expect(200);
    let before = stack.kept().await;

    let copies = [
        message("m2", SENT_AT, "Refund secretly"),
        message("m3", SENT_AT, "Good day"),
    ];
    let body = record(&platform, &copies[..1]).await.expect(200);
    assert_eq!(body, json!({ "recorded": 1 }));
    assert_eq!(stack.kept().await, before);

    // Beside others, too, and they are recorded.
    let body = record(&platform, &copies).await.expect(200);
    assert_eq!(body, json!({ "recorded": 2 }));
    let mail = mail(&stack, &stack.agent("kim").await).await;
    assert!(mail.contains("Good day") && !mail.contains("secretly"));
}

#[tokio::test]
async fn of_a_public_and_a_private_copy_at_once_the_private_wins() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let copies: Vec<_> = (0..20)
        .map(|turn| match turn % 2 {
            0 => [note("m2", SENT_AT, "Secret")],
            _ => [message("m2", SENT_AT, "Secret")],
        })
        .collect();
    for reply in join_all(copies.iter().map(|copy| record(&platform, copy))).await {
        reply.expect(200);
    }
    let expected = [seen("Hello", "public"), seen("Secret", "private")];
    assert_eq!(messages(&stack.agent("kim").await).await, expected);
}

#[tokio::test]
async fn up_to_100_messages_are_recorded_at_once() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let mut batch: Vec<_> = (0..101)
        .map(|number| message(&format!("n{number}"), SENT_AT, "Hi"))
        .collect();
    let before = stack.items().await;
    for batch in [&batch[..], &[]] {
        let problem = record(&platform, batch)
            .await
            .expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "messages");
    }
    assert_eq!(stack.items().await, before);

    batch.pop();
    let body = record(&platform, &batch).await.expect(200);
    assert_eq!(body, json!({ "recorded": 100 }));
    assert_eq!(stack.items().await.len(), before.len() + 100);
}

#[tokio::test]
async fn a_text_is_measured_in_characters_and_not_in_bytes() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    for character in ["a", "é", "漢", "😀"] {
        let longest = character.repeat(32_000);
        record(&platform, &[message("m2", SENT_AT, &longest)])
            .await
            .expect(200);
        let agent = stack.agent("kim").await;
        assert_eq!(messages(&agent).await[1].0, longest);

        let before = stack.kept().await;
        let too_long = format!("{longest}{character}");
        let problem = record(&platform, &[message("m2", SENT_AT, &too_long)])
            .await
            .expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "messages[0].text");
        assert_eq!(stack.kept().await, before);
    }
}

#[tokio::test]
async fn a_message_may_lie_5_minutes_ahead_and_no_further() {
    let stack = Stack::start().await;
    stack.stop_clock();
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let lead = SignedDuration::from_mins(5);
    let now = stack.now().await;
    let before = stack.kept().await;
    let further = at(lead + SignedDuration::from_millis(1), &now);
    let problem = record(&platform, &[message("m2", &further, "Hi")])
        .await
        .expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "messages[0].sent_at");
    assert_eq!(stack.kept().await, before);
    record(&platform, &[message("m2", &at(lead, &now), "Hi")])
        .await
        .expect(200);
}

#[tokio::test]
async fn an_id_may_not_come_twice_in_one_body() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let before = stack.kept().await;
    let twice = [
        message("m2", SENT_AT, "Hi"),
        message("m3", SENT_AT, "Hi"),
        note("m2", "2026-01-05T09:45:00Z", "Hi"),
    ];
    let problem = record(&platform, &twice)
        .await
        .expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "messages[2].id");
    assert_eq!(stack.kept().await, before);
}

#[tokio::test]
async fn one_bad_message_keeps_the_others_out() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let before = stack.kept().await;
    let batch = [
        message("m2", SENT_AT, "Hi"),
        message("m3", "yesterday", "Hi"),
    ];
    let problem = record(&platform, &batch)
        .await
        .expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "messages[1].sent_at");
    assert_eq!(stack.kept().await, before);
}

#[tokio::test]
async fn an_unknown_conversation_takes_no_messages() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let before = stack.kept().await;
    record(&platform, &[message("m2", SENT_AT, "Hi")])
        .await
        .expect_problem(404, "conversation_not_found");
    assert_eq!(stack.kept().await, before);
}

#[tokio::test]
async fn a_body_of_1_mb_is_read_and_a_longer_one_is_not() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let body = json!({ "messages": [message("m2", SENT_AT, "Hi")] }).to_string();
    let padded = |bytes: usize| format!("{body}{}", " ".repeat(bytes - body.len()));

    let before = stack.kept().await;
    platform
        .send(Method::POST, MESSAGES, padded(1_000_001))
        .await
        .expect_problem(413, "body_too_large");
    // What is far larger the gateway refuses itself.
    let refused = platform
        .send(Method::POST, MESSAGES, padded(11_000_000))
        .await
        .expect(413);
    assert_eq!(refused, json!({ "message": "Request Entity Too Large" }));
    assert_eq!(stack.kept().await, before);

    platform
        .send(Method::POST, MESSAGES, padded(1_000_000))
        .await
        .expect(200);
}
