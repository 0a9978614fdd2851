//! Bodies that are small on the wire and large in memory, or that two parsers could read differently.

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use tests::{Caller, Reply, Stack, message};

const CONVERSATION: &str = "/v1/conversations/c1";
const MESSAGES: &str = "/v1/conversations/c1/messages";

/// The length of the longest response that a refused body may get.
const MAX_RESPONSE_LENGTH: usize = 1_000;

async fn stack() -> (Stack, Caller) {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    (stack, platform)
}

/// A body of at most `length` bytes that repeats `opening`.
fn repeated(opening: &str, length: usize) -> String {
    opening.repeat(length / opening.len())
}

#[tokio::test]
async fn deep_nesting_and_many_members_are_refused_with_a_short_response() {
    let (stack, platform) = stack().await;
    let before = stack.all_data().await;
    let deep = |opening: &str, end: &str| {
        format!("{}0{}", repeated(opening, 400_000), repeated(end, 400_000))
    };
    for body in [
        repeated("[", 999_999),
        repeated("{\"a\":", 999_999),
        repeated("[{\"a\":", 999_999),
        deep("[", "]"),
        format!("{{\"visitor\":{}}}", deep("[", "]")),
        format!("{{\"visitor\":{}0}}", repeated("{\"name\":", 900_000)),
        format!("{{\"visitor\":[{}0]}}", repeated("0,", 999_000)),
        format!("{{\"visitor\":[{}[]]}}", repeated("[],", 990_000)),
        format!("{{{}\"z\":0}}", repeated("\"a\":{},", 990_000)),
        format!("{{\"{}\":0}}", repeated("\\u0061", 990_000)),
        format!("{{\"channel\":\"{}\"}}", repeated("\\u0000", 990_000)),
        format!("{{\"channel\":{}}}", "9".repeat(990_000)),
        format!("{{\"channel\":0.{}e9}}", "0".repeat(990_000)),
    ] {
        let reply = platform.send(Method::PUT, CONVERSATION, body.clone()).await;
        assert!((400..=422).contains(&reply.status), "{}", &body[..40]);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        assert!(
            reply.body.to_string().len() < MAX_RESPONSE_LENGTH,
            "{}",
            reply.body
        );
    }
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn a_number_out_of_range_is_refused() {
    let (stack, platform) = stack().await;
    let before = stack.all_data().await;
    for number in [
        "1e400",
        "-1e400",
        "1e999999999",
        "123456789012345678901234567890",
        "1e-400",
    ] {
        let mut message = message("m2", "2026-01-05T09:30:00Z", "Hi");
        message["attachments"] =
            json!([{ "name": "a", "url": "https://a.example/", "bytes": 7.5 }]);
        let body = json!({ "messages": [message] }).to_string();
        let body = body.replace("7.5", number);
        let reply = platform.send(Method::POST, MESSAGES, body).await;
        // A number that is too small to differ from 0 counts as 0.
        let accepted = number == "1e-400" && reply.status == 200;
        assert!(
            accepted || [400, 422].contains(&reply.status),
            "{number}: {}",
            reply.body
        );
        if !accepted {
            assert_eq!(stack.all_data().await, before, "{number}");
        }
    }
}

#[tokio::test]
async fn the_last_value_of_a_repeated_field_counts() {
    let (stack, platform) = stack().await;
    let send = async |body: &'static str| platform.send(Method::PUT, CONVERSATION, body).await;
    let body = send(r#"{"status":"open","status":"resolved"}"#)
        .await
        .expect(200);
    assert_eq!(body["conversation"]["status"], "resolved");
    let body = send(r#"{"status":"resolved","st\u0061tus":"open"}"#)
        .await
        .expect(200);
    assert_eq!(body["conversation"]["status"], "open");

    let before = stack.all_data().await;
    send(r#"{"status":"open","status":"closed"}"#)
        .await
        .expect_problem(422, "invalid_request");
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn an_incomplete_character_is_invalid_json() {
    let (stack, platform) = stack().await;
    let before = stack.all_data().await;
    for text in [
        r"\ud800",
        r"\udc00",
        r"\ud800\ud800",
        r"\ud83d x",
        r"\uD83",
        r"\x41",
        "\u{1}",
    ] {
        let body = json!({ "messages": [message("m2", "2026-01-05T09:30:00Z", "TEXT")] });
        let body = body.to_string().replace("TEXT", text);
        platform
            .send(Method::POST, MESSAGES, body)
            .await
            .expect_problem(400, "invalid_json");
    }
    for bytes in [
        &b"\xed\xa0\x80"[..],
        b"\xc0\x80",
        b"\xf4\x90\x80\x80",
        b"\xff\xfe",
        b"\xe2\x82",
    ] {
        let body = json!({ "messages": [message("m2", "2026-01-05T09:30:00Z", "TEXT")] });
        let body = body.to_string();
        let (start, end) = body.split_once("TEXT").unwrap();
        let body = [start.as_bytes(), bytes, end.as_bytes()].concat();
        platform
            .send(Method::POST, MESSAGES, body)
            .await
            .expect_problem(400, "invalid_json");
    }
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn a_message_with_any_character_is_returned_unchanged() {
    let (stack, platform) = stack().await;
    let text =
        "\0\u{1}\u{7f}\u{85}\u{2028}\u{202e}\u{feff}\u{fffd}\u{ffff}\u{10ffff}=1+1\r\n<b>&amp;";
    let messages = json!({ "messages": [message("m2", "2026-01-05T09:30:00Z", text)] });
    platform.post(MESSAGES, messages).await.expect(200);
    let agent = stack.agent("kim").await;
    let read = agent.conversation("c1").await;
    assert_eq!(read["thread"]["entries"][1]["text"], text);
}

#[tokio::test]
async fn headers_do_not_change_how_a_body_is_read() {
    let (stack, platform) = stack().await;
    let before = stack.all_data().await;
    for (name, value) in [
        ("content-encoding", "gzip"),
        ("content-encoding", "deflate"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("content-type", "multipart/form-data; boundary=a"),
        ("content-type", "application/json; charset=utf-16"),
        ("content-type", "text/xml"),
    ] {
        for body in [
            // One kilobyte of zeros, compressed.
            b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x63\x60\x18\x05\xa3\x60\x14\x0c\x77\x00\x00\x0a\xfd\x88\x2e\x00\x04\x00\x00".to_vec(),
            b"status=resolved".to_vec(),
            b"{\x00\"\x00a\x00".to_vec(),
            b"<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>".to_vec(),
        ] {
            let request = platform.request(Method::PUT, CONVERSATION).body(body);
            let request = request.header(CONTENT_TYPE, "application/json").header(name, value);
            Reply::of(request).await.expect_problem(400, "invalid_json");
        }
    }
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn a_repeated_header_is_joined_to_one_value_and_validated() {
    let (stack, _) = stack().await;
    let agent = stack.agent("kim").await;
    let ask = |keys: [&str; 2]| {
        let request = agent.request(Method::POST, "/v1/conversations/c1/rating-requests");
        let request = request.json(&json!({}));
        let [first, second] = keys;
        request
            .header("idempotency-key", first)
            .header("idempotency-key", second)
    };
    let long = "k".repeat(200);
    Reply::of(ask([&long, &long]))
        .await
        .expect_problem(422, "invalid_request");
    let first = Reply::of(ask(["one", "two"])).await.expect(201);
    // The key is the joined value, so each half is another key.
    for key in ["one", "two"] {
        let path = "/v1/conversations/c1/rating-requests";
        let other_key = agent.post_with_key(path, key, json!({})).await;
        other_key.expect_problem(429, "rating_already_requested");
    }
    let retry = Reply::of(ask(["one", "two"])).await;
    assert_eq!(retry.header("idempotent-replayed"), "true");
    assert_eq!(retry.expect(201), first);

    // Two `authorization` headers are read as one token or refused.
    let other = stack.agent("lee").await;
    let request = agent.request(Method::GET, CONVERSATION);
    let request = request.header("authorization", format!("Bearer {}", other.token()));
    let reply = Reply::of(request).await;
    assert!([200, 401].contains(&reply.status), "{}", reply.body);
    assert_ne!(reply.body, Value::Null);
}
