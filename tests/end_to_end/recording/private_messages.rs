//! A message that was ever private stays private.

use futures_util::future::join_all;
use serde_json::json;
use tests::{Caller, Stack, message, note};

use crate::recording::{SENT_AT, messages, record};

fn entry(text: &str, visibility: &str) -> (String, String) {
    (text.to_owned(), visibility.to_owned())
}

/// Sends a transcript of `c1` and returns the mail.
async fn mail(stack: &Stack, agent: &Caller) -> String {
    agent.send_transcript("c1").await.expect(201);
    stack.outbox().await.pop().unwrap().to_string()
}

#[tokio::test]
async fn a_message_made_private_is_shown_to_agents_and_not_mailed() {
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
    let expected = [
        entry("Hello", "public"),
        entry("My card is 4111", "private"),
    ];
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
    let before = stack.all_data().await;

    let copies = [
        message("m2", SENT_AT, "Refund secretly"),
        message("m3", SENT_AT, "Good day"),
    ];
    let body = record(&platform, &copies[..1]).await.expect(200);
    assert_eq!(body, json!({ "recorded": 1 }));
    assert_eq!(stack.all_data().await, before);

    // The same among other messages, which are recorded.
    let body = record(&platform, &copies).await.expect(200);
    assert_eq!(body, json!({ "recorded": 2 }));
    let mail = mail(&stack, &stack.agent("kim").await).await;
    assert!(mail.contains("Good day") && !mail.contains("secretly"));
}

#[tokio::test]
async fn of_concurrent_public_and_private_copies_the_private_one_wins() {
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
    let expected = [entry("Hello", "public"), entry("Secret", "private")];
    assert_eq!(messages(&stack.agent("kim").await).await, expected);
}
