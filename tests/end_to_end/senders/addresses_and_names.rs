//! The addresses and names that a claim accepts.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Reply, SENDER};

use crate::senders::{list, path_of, stack};

#[tokio::test]
async fn case_and_percent_encoding_of_an_address_make_no_difference() {
    let (_stack, _aws, agent) = stack().await;
    let claimed = agent
        .put("/v1/senders/Support%2BChat%40Example.COM", json!({}))
        .await
        .expect(201);
    assert_eq!(claimed["sender"]["address"], "support+chat@example.com");
    let again = agent.put("/v1/senders/support+chat@example.com", json!({}));
    again.await.expect(200);
    assert_eq!(list(&agent).await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_address_that_can_be_claimed_can_be_released() {
    let (stack, _aws, agent) = stack().await;
    for (path, address) in [
        ("a+b%40example.com", "a+b@example.com"),
        ("a%2Bc@example.com", "a+c@example.com"),
        ("a%23b@example.com", "a#b@example.com"),
        ("%7Bo'neill%7D&x=y@example.com", "{o'neill}&x=y@example.com"),
        ("sales@xn--bcher-kva.example", "sales@xn--bcher-kva.example"),
    ] {
        let path = format!("/v1/senders/{path}");
        let claimed = agent.put(&path, json!({})).await.expect(201);
        assert_eq!(claimed["sender"]["address"], address);
        assert_eq!(agent.delete(&path).await.status, 204, "{address}");
    }
    assert_eq!(list(&agent).await, json!([]));
    assert_eq!(stack.items().await, [] as [Value; 0]);
}

#[tokio::test]
async fn an_address_that_a_path_cannot_contain_is_refused() {
    let (stack, aws, agent) = stack().await;
    for address in [
        "50%2541@example.com",
        "a%25b@example.com",
        "a%252Fb@example.com",
    ] {
        for method in [Method::PUT, Method::DELETE] {
            let path = format!("/v1/senders/{address}");
            let reply = Reply::of(agent.request(method, &path)).await;
            let problem = reply.expect_problem(422, "invalid_request");
            assert_eq!(problem["field"], "address", "{address}");
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.contains("%, / or ?"), "{detail}");
        }
    }
    // The gateway has no such route, or truncates the path.
    let reply = agent.put("/v1/senders/a%2Fb@example.com", json!({})).await;
    assert_eq!(reply.status, 404);
    let reply = agent.put("/v1/senders/a%3Fb@example.com", json!({})).await;
    reply.expect_problem(422, "invalid_request");
    assert_eq!(stack.items().await, [] as [Value; 0]);
    assert_eq!(aws.calls().len(), 0);
}

#[tokio::test]
async fn an_invalid_address_or_name_is_refused() {
    let (stack, aws, agent) = stack().await;
    for address in [
        "nobody",
        "a@@example.com",
        "a%0D%0Ab@example.com",
        "%C3%A4@example.com",
    ] {
        let problem = agent
            .put(&path_of(address), json!({}))
            .await
            .expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "address", "{address}");
    }
    for name in [
        "",
        "Acme\r\nBcc: a@example.net",
        "ceo@example.com",
        "\"Acme\"",
    ] {
        let problem = agent
            .put(&path_of(SENDER), json!({ "name": name }))
            .await
            .expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "name", "{name}");
    }
    assert_eq!(stack.items().await, [] as [Value; 0]);
    assert_eq!(aws.calls().len(), 0);
}

#[tokio::test]
async fn a_name_that_is_too_long_for_the_from_header_is_refused() {
    let (stack, _aws, agent) = stack().await;
    let label = "d".repeat(60);
    let long = format!("{}@{label}.{label}.example.com", "l".repeat(60));
    let name = "a".repeat(128);
    for (address, name) in [(SENDER, "😊".repeat(128)), (long.as_str(), name.clone())] {
        let problem = agent
            .put(&path_of(address), json!({ "name": name }))
            .await
            .expect_problem(422, "invalid_sender_name");
        assert_eq!(problem["field"], "name", "{address}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("320 bytes"), "{detail}");
    }
    assert_eq!(stack.items().await, [] as [Value; 0]);
    let named = json!({ "name": name });
    agent.put(&path_of(SENDER), named).await.expect(201);
}
