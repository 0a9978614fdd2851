//! Raw request paths. The tests write them to the socket themselves, because HTTP clients normalize
//! paths.

use reqwest::Method;
use serde_json::json;
use tests::{Reply, Stack, send_raw};

/// Sends a raw GET of `path` and returns the status and the body of the response.
async fn get(stack: &Stack, path: &str) -> (u16, String) {
    let token = stack.agent("kim").await.token().to_owned();
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: afterchat\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
    );
    let response = send_raw(stack.url(), request.as_bytes()).await;
    let status = response.split(' ').nth(1).expect("a status line");
    let body = response.split_once("\r\n\r\n").expect("a head").1;
    (status.parse().expect("a status"), body.to_owned())
}

#[tokio::test]
async fn dot_segments_and_empty_segments_in_a_path_are_not_resolved() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    for path in [
        "/v1/conversations/../senders",
        "/v1/conversations/c1/../c1",
        "/v1/./senders",
        "/v1//senders",
        "//v1/senders",
        "/v1/conversations/c1/./",
        "/v1/conversations/c1;/..",
        "/rate/../v1/senders",
        "/v1/assets/a/../../../Cargo.toml",
        "/v1\\senders",
    ] {
        let (status, body) = get(&stack, path).await;
        assert_eq!(status, 404, "{path}: {body}");
        assert!(body.contains("\"Not Found\""), "{path}: {body}");
    }
}

#[tokio::test]
async fn dots_in_place_of_an_id_are_an_ordinary_id() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    for id in ["..", ".", "%2e%2e", "%2E", "..."] {
        let (status, body) = get(&stack, &format!("/v1/conversations/{id}")).await;
        assert_eq!(status, 404, "{id}: {body}");
        assert!(body.contains("conversation_not_found"), "{id}: {body}");
    }
}

#[tokio::test]
async fn an_id_with_encoded_special_characters_is_refused_and_not_decoded_twice() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    for id in [
        "c1%5C..",
        "c1%23",
        "c1%252Fmessages",
        "%2563%2531",
        "c1%2500",
        "c1%00",
        "c1%0d%0aset-cookie:%20a",
        // Overlong UTF-8 encodings of a dot.
        "%C0%AE%C0%AE",
        "%E0%80%AEc1",
        // An overlong UTF-8 encoding of a slash.
        "..%C0%AFsenders",
        "%u002e",
        "%",
        "%2",
        "%ED%A0%80",
        "%F4%90%80%80",
    ] {
        let (status, body) = get(&stack, &format!("/v1/conversations/{id}")).await;
        assert_eq!(status, 422, "{id}: {body}");
        assert!(body.contains("\"conversation_id\""), "{id}: {body}");
    }
}

/// The local gateway decodes a path before it matches routes, as API Gateway does.
#[tokio::test]
async fn an_encoded_slash_separates_path_segments() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    for path in [
        "/v1/conversations/..%2Fsenders",
        "/v1/conversations/%2e%2e%2fsenders",
        "/v1/conversations/c1%2Fmessages",
        "/v1/conversations/c1%2F",
        "/v1/senders%2F",
    ] {
        let (status, body) = get(&stack, path).await;
        assert_eq!(status, 404, "{path}: {body}");
        assert!(body.contains("\"Not Found\""), "{path}: {body}");
    }
    for path in [
        "/v1%2Fconversations/c1",
        "/%76%31/conversations%2fc1",
        "/v1/sen%64ers",
    ] {
        let (status, body) = get(&stack, path).await;
        assert_eq!(status, 200, "{path}: {body}");
    }
}

#[tokio::test]
async fn an_encoded_question_mark_ends_a_path_without_starting_a_query() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let (status, body) = get(&stack, "/v1/conversations/c1%3Fcursor=none/messages").await;
    assert_eq!(status, 200, "{body}");
    let (status, body) = get(&stack, "/v1/conversations/c1%3F?limit=0").await;
    assert_eq!(status, 422, "{body}");
    assert!(body.contains("\"limit\""), "{body}");
}

#[tokio::test]
async fn only_files_that_are_compiled_in_can_be_fetched() {
    let stack = Stack::start().await;
    let no_route = "\"Not Found\"";
    for (path, refusal) in [
        ("/v1/assets/a/b/..%2F..%2F..%2FCargo.toml", no_route),
        ("/v1/assets/a/..%2F..%2F..%2F..%2Fetc/passwd", no_route),
        ("/v1/assets/a/common/..%2Fcommon%2Fapi.js", no_route),
        ("/v1/assets/a/..%2FCargo.toml", "file_not_found"),
        ("/v1/assets/a/common/..%252Fapi.js", "file_not_found"),
        ("/v1/assets/a/common/api.js%00", "file_not_found"),
        ("/v1/assets/a/common/api.js%2500", "file_not_found"),
        ("/v1/assets/%2e%2e/src/files.rs", "file_not_found"),
        ("/v1/assets/a/src/files.rs", "file_not_found"),
    ] {
        let (status, body) = get(&stack, path).await;
        assert_eq!(status, 404, "{path}: {body}");
        assert!(body.contains(refusal), "{path}: {body}");
    }
}

#[tokio::test]
async fn a_path_that_is_too_long_for_the_gateway_is_refused_by_it() {
    let stack = Stack::start().await;
    let before = stack.all_data().await;
    for length in [12_000, 60_000] {
        let (status, body) =
            get(&stack, &format!("/v1/conversations/{}", "a".repeat(length))).await;
        assert!((414..=431).contains(&status), "{status}: {body}");
    }
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn an_id_in_the_query_or_the_body_is_ignored() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    for path in [
        "/v1/conversations/c2?conversation_id=c1",
        "/v1/conversations/c2#/../c1",
        "/v1/conversations/c2?path=/v1/conversations/c1",
    ] {
        let request = agent
            .request(Method::GET, path)
            .json(&json!({ "conversation_id": "c1" }));
        Reply::of(request)
            .await
            .expect_problem(404, "conversation_not_found");
    }
}

#[tokio::test]
async fn headers_that_override_the_path_method_or_host_are_ignored() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let before = stack.all_data().await;
    for (name, value) in [
        ("x-http-method-override", "PUT"),
        ("x-original-url", "/v1/conversations/c1"),
        ("x-rewrite-url", "/v1/conversations/c1"),
        ("x-forwarded-prefix", "/v1/conversations/c1"),
        ("x-forwarded-host", "evil.example"),
    ] {
        let request = agent
            .request(Method::GET, "/v1/conversations/c2")
            .header(name, value);
        Reply::of(request)
            .await
            .expect_problem(404, "conversation_not_found");
    }
    assert_eq!(stack.all_data().await, before);
}
