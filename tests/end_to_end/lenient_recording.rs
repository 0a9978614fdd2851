//! Common mistakes of chat platforms do not cause a refusal. The value is recorded as absent, shortened or corrected,
//! and the response contains a warning.

use serde_json::{Value, json};
use tests::{Caller, Stack, message};

const CONVERSATION: &str = "/v1/conversations/c1";
const MESSAGES: &str = "/v1/conversations/c1/messages";
const SENT_AT: &str = "2026-01-05T09:30:00.000Z";

/// The members that the response's warnings name.
fn warned_fields(recorded: &Value) -> Vec<&str> {
    let warnings = recorded["warnings"].as_array();
    let fields = warnings.into_iter().flatten().map(|warning| {
        assert!(!warning["detail"].as_str().unwrap().is_empty());
        warning["field"].as_str().unwrap()
    });
    fields.collect()
}

async fn record(platform: &Caller, conversation: Value) -> Value {
    let recorded = platform.put(CONVERSATION, conversation).await;
    recorded.expect_success()
}

/// Records one message with the members `changes`, and returns the response and the message as an agent
/// reads it.
async fn record_message(stack: &Stack, changes: Value) -> (Value, Value) {
    let mut body = message("m9", SENT_AT, "Hello");
    let members = body.as_object_mut().unwrap();
    members.extend(changes.as_object().unwrap().clone());
    let platform = stack.platform().await;
    let body = json!({ "messages": [body] });
    let recorded = platform.post(MESSAGES, body).await.expect(200);
    let read = stack.agent("kim").await.conversation("c1").await;
    let entries = read["thread"]["entries"].as_array().unwrap();
    let shown = entries.iter().find(|entry| entry["id"] == "m9").unwrap();
    (recorded, shown.clone())
}

#[tokio::test]
async fn an_unknown_time_zone_is_recorded_as_absent() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let known = json!({ "channel": "widget", "visitor": { "time_zone": "Asia/Tokyo" } });
    let recorded = record(&platform, known).await;
    assert!(recorded.get("warnings").is_none());
    for zone in [
        "",
        "Mars/Olympus_Mons",
        "Europe/Lisboa",
        "+01:00",
        "UTC+1",
        "../../etc/passwd",
        "Europe/Lisbon\0",
        " Europe/Lisbon",
        "Pacific Standard Time",
        &"z".repeat(5_000),
    ] {
        let sent = json!({ "visitor": { "name": "Ana", "time_zone": zone } });
        let recorded = record(&platform, sent).await;
        assert_eq!(warned_fields(&recorded), ["visitor.time_zone"], "{zone:?}");
        let visitor = &recorded["conversation"]["visitor"];
        assert_eq!(visitor["time_zone"], "Asia/Tokyo", "{zone:?}");
        assert_eq!(visitor["name"], "Ana");
    }
}

#[tokio::test]
async fn a_malformed_language_is_recorded_as_the_closest_one_or_as_absent() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    record(&platform, json!({ "channel": "widget" })).await;
    for (sent, tag) in [
        ("english!", None),
        ("C", None),
        ("日本", None),
        ("en_US", Some("en-US")),
        ("en-US@posix", Some("en-US")),
        ("pt_BR.UTF-8", Some("pt-BR")),
        ("pt-BR-BR", Some("pt-BR")),
    ] {
        let body = json!({ "visitor": { "language": sent } });
        let recorded = record(&platform, body).await;
        assert_eq!(warned_fields(&recorded), ["visitor.language"], "{sent}");
        let language = recorded["conversation"]["visitor"]["language"].as_str();
        assert_eq!(language, tag, "{sent}");
    }
    let body = json!({ "visitor": { "language": "zh-Hant-TW" } });
    let recorded = record(&platform, body).await;
    assert!(recorded.get("warnings").is_none());
}

#[tokio::test]
async fn null_and_a_blank_name_are_recorded_as_absent() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let visitor = json!({ "name": null, "email": null, "time_zone": null, "language": null });
    let sent = json!({
        "channel": "widget",
        "visitor": visitor,
        "status": null,
        "as_of": null,
        "renew_visitor_token": null,
        "assignee": { "id": "kim", "name": " \u{a0}" },
    });
    let recorded = record(&platform, sent).await;
    let mut fields = warned_fields(&recorded);
    fields.sort_unstable();
    let expected = [
        "as_of",
        "assignee.name",
        "renew_visitor_token",
        "status",
        "visitor.email",
        "visitor.language",
        "visitor.name",
        "visitor.time_zone",
    ];
    assert_eq!(fields, expected);
    let conversation = &recorded["conversation"];
    assert_eq!(conversation["visitor"], json!({}));
    assert_eq!(conversation["status"], "open");
    assert_eq!(conversation["assignee"], json!({ "id": "kim" }));

    let sent = json!({ "channel": null, "visitor": null });
    let recorded = record(&platform, sent).await;
    assert_eq!(warned_fields(&recorded), ["channel", "visitor"]);
    assert_eq!(recorded["conversation"]["channel"], "widget");
    let sent = json!({ "visitor": { "name": "  " } });
    let recorded = record(&platform, sent).await;
    assert_eq!(warned_fields(&recorded), ["visitor.name"]);
}

#[tokio::test]
async fn a_new_conversation_needs_a_channel_that_is_not_null() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let refused = platform.put(CONVERSATION, json!({ "channel": null })).await;
    let problem = refused.expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "channel");
}

#[tokio::test]
async fn null_removes_the_assignee_and_no_outdated_recording_restores_it() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let at = |hour: u8| format!("2026-01-05T{hour:02}:00:00Z");
    let assigned =
        |hour| json!({ "channel": "widget", "assignee": { "id": "kim" }, "as_of": at(hour) });
    let recorded = record(&platform, assigned(9)).await;
    assert_eq!(recorded["conversation"]["assignee"]["id"], "kim");

    let removed = json!({ "assignee": null, "as_of": at(11) });
    let recorded = record(&platform, removed).await;
    assert!(recorded["conversation"].get("assignee").is_none());
    assert!(recorded.get("warnings").is_none());
    let recorded = record(&platform, assigned(10)).await;
    assert_eq!(recorded["outdated"], true);
    assert!(recorded["conversation"].get("assignee").is_none());
    let read = stack.agent("kim").await.conversation("c1").await;
    assert!(read["conversation"].get("assignee").is_none());

    let recorded = record(&platform, assigned(12)).await;
    assert_eq!(recorded["conversation"]["assignee"]["id"], "kim");
}

#[tokio::test]
async fn an_outdated_recording_does_not_assign_a_conversation_created_without_an_assignee() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let new = json!({ "channel": "widget", "assignee": null, "as_of": "2026-01-05T11:00:00Z" });
    record(&platform, new).await;
    let late = json!({ "assignee": { "id": "kim" }, "as_of": "2026-01-05T10:00:00Z" });
    let recorded = record(&platform, late).await;
    assert_eq!(recorded["outdated"], true);
    assert!(recorded["conversation"].get("assignee").is_none());
}

#[tokio::test]
async fn null_and_a_blank_name_in_a_message_are_recorded_as_absent() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let (recorded, shown) = record_message(
        &stack,
        json!({
            "author": { "kind": "visitor", "id": null, "name": "" },
            "attachments": null,
            "as_of": null,
        }),
    )
    .await;
    let mut fields = warned_fields(&recorded);
    fields.sort_unstable();
    let expected = [
        "messages[0].as_of",
        "messages[0].attachments",
        "messages[0].author.id",
        "messages[0].author.name",
    ];
    assert_eq!(fields, expected);
    assert_eq!(shown["author"], json!({ "kind": "visitor" }));
    assert!(shown.get("attachments").is_none());
}

#[tokio::test]
async fn one_attachment_with_a_long_url_does_not_refuse_the_other_messages() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let mut messages: Vec<_> = (0..100)
        .map(|number| message(&format!("n{number}"), SENT_AT, "Hello"))
        .collect();
    let url = format!("https://files.example.com/{}", "a".repeat(3_000));
    messages[40]["attachments"] = json!([
        { "name": "photo.jpg", "url": url, "content_type": "image/jpeg", "bytes": 48_213 },
        { "name": "b.pdf", "url": "https://files.example.com/b.pdf" },
    ]);
    let body = json!({ "messages": messages });
    let recorded = platform.post(MESSAGES, body).await.expect(200);
    assert_eq!(recorded["recorded"], 100);
    assert_eq!(
        warned_fields(&recorded),
        ["messages[40].attachments[0].url"]
    );

    let agent = stack.agent("kim").await;
    let read = agent
        .get("/v1/conversations/c1?limit=200")
        .await
        .expect(200);
    let entries = read["thread"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 101);
    let shown = entries.iter().find(|entry| entry["id"] == "n40").unwrap();
    let unlinked = json!([{ "name": "photo.jpg", "content_type": "image/jpeg", "bytes": 48_213 }]);
    assert_eq!(shown["unlinked_attachments"], unlinked);
    assert_eq!(shown["attachments"].as_array().unwrap().len(), 1);
    agent.send_transcript("c1").await.expect(201);
    let mail = stack.outbox().await.pop().unwrap();
    for part in ["text", "html"] {
        assert!(mail[part].as_str().unwrap().contains("photo.jpg"), "{part}");
    }
}

#[tokio::test]
async fn an_edit_without_attachments_removes_those_without_a_url_too() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let url = format!("https://files.example.com/{}", "a".repeat(3_000));
    let (_, shown) = record_message(
        &stack,
        json!({ "attachments": [{ "name": "a", "url": url }] }),
    )
    .await;
    assert!(shown.get("unlinked_attachments").is_some());
    let (_, shown) = record_message(&stack, json!({})).await;
    assert!(shown.get("unlinked_attachments").is_none());
}

#[tokio::test]
async fn an_attachments_long_name_is_shortened_and_its_long_content_type_is_left_out() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let file = json!({
        "name": "ü".repeat(300),
        "url": "https://files.example.com/a.pdf",
        "content_type": "a".repeat(256),
        "bytes": null,
    });
    let (recorded, shown) = record_message(&stack, json!({ "attachments": [file] })).await;
    let mut fields = warned_fields(&recorded);
    fields.sort_unstable();
    let members = ["bytes", "content_type", "name"];
    let expected = members.map(|member| format!("messages[0].attachments[0].{member}"));
    assert_eq!(fields, expected);
    let file = json!({ "name": "ü".repeat(255), "url": "https://files.example.com/a.pdf" });
    assert_eq!(shown["attachments"], json!([file]));
}

#[tokio::test]
async fn a_response_has_at_most_100_warnings() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let author = json!({ "kind": "visitor", "id": null, "name": null });
    let messages: Vec<_> = (0..100)
        .map(|number| {
            let mut message = message(&format!("n{number}"), SENT_AT, "Hello");
            message["author"] = author.clone();
            message
        })
        .collect();
    let body = json!({ "messages": messages });
    let recorded = platform.post(MESSAGES, body).await.expect(200);
    assert_eq!(recorded["recorded"], 100);
    assert_eq!(warned_fields(&recorded).len(), 100);
}

#[tokio::test]
async fn an_address_with_misplaced_dots_receives_mail() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    for (number, address) in ["a..b@docomo.ne.jp", ".ab@ezweb.ne.jp", "ab.@docomo.ne.jp"]
        .iter()
        .enumerate()
    {
        let id = format!("d{number}");
        let conversation = format!("/v1/conversations/{id}");
        let sent = json!({ "channel": "widget", "visitor": { "email": address } });
        let recorded = platform.put(&conversation, sent).await.expect(201);
        assert!(recorded.get("warnings").is_none());
        assert_eq!(recorded["conversation"]["visitor"]["email"], *address);
        let body = json!({ "messages": [message("m1", SENT_AT, "Hello")] });
        let messages = format!("{conversation}/messages");
        platform.post(&messages, body).await.expect(200);

        agent.send_transcript(&id).await.expect(201);
        let mail = stack.outbox().await.pop().unwrap();
        assert_eq!(mail["to"], json!([address]));
        let (local, domain) = address.split_once('@').unwrap();
        assert_eq!(mail["headers"]["To"], format!("\"{local}\"@{domain}"));

        let erasure = json!({ "email": address });
        let erased = agent.post("/v1/visitors/erase", erasure).await.expect(200);
        assert_eq!(erased["done"], true);
        agent
            .get(&conversation)
            .await
            .expect_problem(404, "conversation_not_found");
    }
}
