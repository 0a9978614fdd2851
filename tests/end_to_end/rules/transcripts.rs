use serde_json::json;
use tests::{SENDER, Stack};

use super::{DAY, HOUR, WINDOW, advance, events, record, resolve, sending, start};

#[tokio::test]
async fn a_rule_sends_the_transcript_after_a_conversation_was_resolved() {
    let (stack, _) = start(sending()).await;
    resolve(&stack).await;
    advance(&stack, HOUR - 1).await;
    assert_eq!(stack.outbox().await.len(), 0);
    advance(&stack, WINDOW).await;
    let mails = stack.outbox().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0]["to"], json!(["ana@example.org"]));
    assert!(mails[0]["from"].as_str().unwrap().contains(SENDER));
    assert!(mails[0]["text"].as_str().unwrap().contains("Hello"));
    let sent = events(&stack, "transcript_sent").await;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["agent"]["id"], "jo");
    assert_eq!(stack.agent("kim").await.remaining("c1").await, 4);
}

#[tokio::test]
async fn doubled_schedules_and_events_send_one_mail() {
    let (stack, _) = start(sending()).await;
    let mut listener = stack.listen().await;
    stack
        .set_scheduler(json!({ "next_firings": ["twice"] }))
        .await;
    resolve(&stack).await;
    let resolved = listener.next().await.data;
    advance(&stack, HOUR + WINDOW).await;
    stack.put_events(&[resolved]).await;
    advance(&stack, DAY).await;
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_conversation_that_was_opened_again_gets_no_mail() {
    let (stack, _) = start(sending()).await;
    resolve(&stack).await;
    stack.settle().await;
    record(&stack, json!({ "status": "open" })).await;
    advance(&stack, DAY).await;
    assert_eq!(stack.outbox().await.len(), 0);
}

#[tokio::test]
async fn a_mail_that_meets_the_limit_of_the_conversation_is_sent_later() {
    let (stack, _) = start(sending()).await;
    stack.begin_an_hour().await;
    resolve(&stack).await;
    stack.settle().await;
    stack.advance(HOUR).await;
    let kim = stack.agent("kim").await;
    for _ in 0..5 {
        kim.send_transcript("c1").await.expect(201);
    }
    stack.settle().await;
    assert_eq!(stack.outbox().await.len(), 5);
    advance(&stack, HOUR + WINDOW).await;
    assert_eq!(stack.outbox().await.len(), 6);
    assert_eq!(events(&stack, "mail_given_up").await.len(), 0);
}

#[tokio::test]
async fn a_mail_that_ses_never_takes_is_given_up_after_a_day_of_attempts() {
    let (stack, _) = start(sending()).await;
    resolve(&stack).await;
    for _ in 0..25 {
        // Each attempt calls SES twice.
        stack.next_sends(&["throttle", "throttle"]).await;
        advance(&stack, HOUR + WINDOW).await;
    }
    assert_eq!(stack.outbox().await.len(), 0);
    let given_up = events(&stack, "mail_given_up").await;
    assert_eq!(given_up.len(), 1);
    assert_eq!(given_up[0]["mail"], "transcript");
    assert_eq!(stack.schedules().await.len(), 0);
    assert_eq!(stack.agent("kim").await.remaining("c1").await, 5);
}

#[tokio::test]
async fn attempts_end_with_the_round() {
    let (stack, _) = start(sending()).await;
    resolve(&stack).await;
    stack.settle().await;
    stack.next_sends(&["throttle", "throttle"]).await;
    advance(&stack, HOUR + WINDOW).await;
    record(&stack, json!({ "status": "open" })).await;
    advance(&stack, DAY).await;
    assert_eq!(stack.outbox().await.len(), 0);
    assert_eq!(events(&stack, "mail_given_up").await.len(), 0);
}

#[tokio::test]
async fn a_mail_whose_reply_was_lost_is_not_sent_again() {
    let (stack, _) = start(sending()).await;
    resolve(&stack).await;
    stack.settle().await;
    stack.next_sends(&["lost_reply"]).await;
    advance(&stack, HOUR + WINDOW).await;
    advance(&stack, DAY).await;
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn without_an_address_or_a_message_nothing_is_sent() {
    let stack = Stack::start().await;
    stack.stop_clock();
    stack.verified_sender().await;
    super::store(&stack, sending()).await;
    record(&stack, json!({ "channel": "widget", "status": "resolved" })).await;
    advance(&stack, DAY).await;
    assert_eq!(stack.outbox().await.len(), 0);
    assert_eq!(events(&stack, "mail_given_up").await.len(), 0);
}

#[tokio::test]
async fn a_rule_without_the_conditions_sends_nothing() {
    let mut settings = sending();
    settings["transcripts"]["on_resolve"]["conditions"] = json!({ "labels_any": ["mail"] });
    let (stack, _) = start(settings).await;
    resolve(&stack).await;
    advance(&stack, DAY).await;
    assert_eq!(stack.outbox().await.len(), 0);
}
