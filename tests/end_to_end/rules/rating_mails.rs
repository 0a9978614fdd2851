use serde_json::{Value, json};
use tests::{SENDER, Stack, mail_event, transcript_with_faces};

use super::{DAY, HOUR, MINUTE, SECOND, WINDOW, advance, asking, events, record, resolve, start};

fn mailing() -> Value {
    json!({
        "asking": { "mail_if_unanswered_after_hours": 24 },
        "transcripts": { "from": SENDER, "sender_name": "Acme" },
    })
}

#[tokio::test]
async fn an_unanswered_request_is_mailed_once_and_its_faces_answer_it() {
    let (stack, _) = start(mailing()).await;
    let id = stack.agent("kim").await.ask_for_id("c1").await;
    advance(&stack, DAY - SECOND).await;
    assert_eq!(stack.outbox().await.len(), 0);
    advance(&stack, WINDOW).await;
    let mails = stack.outbox().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0]["to"], json!(["ana@example.org"]));
    assert!(mails[0]["from"].as_str().unwrap().contains(SENDER));
    let text = mails[0]["text"].as_str().unwrap();
    assert!(!text.contains("Hello"), "no message of the conversation");
    let mailed = events(&stack, "rating_request_mailed").await;
    assert_eq!(mailed.len(), 1);
    assert_eq!(mailed[0]["rating_request_id"], id);
    assert_eq!(mailed[0]["to"], "a•••@example.org");
    assert_eq!(events(&stack, "transcript_sent").await.len(), 0);

    let tokens = stack.link_tokens().await;
    assert_eq!(tokens.len(), 5);
    let visitor = stack.bearer(&tokens[0]);
    visitor.rate(&id, json!({ "score": 2 })).await.expect(201);
    advance(&stack, DAY).await;
    assert_eq!(stack.outbox().await.len(), 1);
    let kim = stack.agent("kim").await;
    let read = kim.conversation("c1").await;
    assert_eq!(read["transcripts"], json!([]), "it is no transcript");
}

#[tokio::test]
async fn a_request_of_a_rule_is_mailed_too() {
    let mut settings = mailing();
    settings["asking"]["on_resolve"] = asking(&json!({}))["asking"]["on_resolve"].clone();
    let (stack, _) = start(settings).await;
    resolve(&stack).await;
    advance(&stack, 15 * MINUTE + SECOND).await;
    advance(&stack, DAY + WINDOW).await;
    assert_eq!(stack.outbox().await.len(), 1);
    assert_eq!(events(&stack, "rating_request_mailed").await.len(), 1);
}

#[tokio::test]
async fn an_answered_or_withdrawn_request_is_not_mailed() {
    let (stack, visitor) = start(mailing()).await;
    let id = stack.agent("kim").await.ask_for_id("c1").await;
    visitor.rate(&id, json!({ "score": 5 })).await.expect(201);
    advance(&stack, 2 * DAY).await;
    assert_eq!(stack.outbox().await.len(), 0);

    let (stack, _) = start(mailing()).await;
    resolve(&stack).await;
    stack.agent("kim").await.ask_for_id("c1").await;
    record(&stack, json!({ "status": "open" })).await;
    advance(&stack, 2 * DAY).await;
    assert_eq!(stack.outbox().await.len(), 0);
}

#[tokio::test]
async fn only_the_current_request_is_mailed() {
    let (stack, _) = start(mailing()).await;
    stack.agent("kim").await.ask_for_id("c1").await;
    stack.advance(HOUR).await;
    let current = stack.agent("jo").await.ask_for_id("c1").await;
    advance(&stack, 2 * DAY).await;
    let mailed = events(&stack, "rating_request_mailed").await;
    assert_eq!(mailed.len(), 1);
    assert_eq!(mailed[0]["rating_request_id"], current);
}

#[tokio::test]
async fn a_request_whose_faces_were_in_a_transcript_is_not_mailed_again() {
    let (stack, _) = start(mailing()).await;
    let kim = stack.agent("kim").await;
    let sent = kim.send_transcript_as("c1", transcript_with_faces()).await;
    sent.expect(201);
    advance(&stack, 2 * DAY).await;
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn doubled_schedules_and_events_mail_the_faces_once() {
    let (stack, _) = start(mailing()).await;
    let mut listener = stack.listen().await;
    stack.agent("kim").await.ask_for_id("c1").await;
    let requested = listener.next().await.data;
    stack.settle().await;
    stack
        .set_scheduler(json!({ "next_firings": ["twice"] }))
        .await;
    advance(&stack, DAY + WINDOW).await;
    stack.put_events(&[requested.clone(), requested]).await;
    advance(&stack, DAY).await;
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_throttled_mail_is_tried_again_with_the_same_links() {
    let (stack, _) = start(mailing()).await;
    let id = stack.agent("kim").await.ask_for_id("c1").await;
    stack.settle().await;
    stack.next_sends(&["throttle", "throttle"]).await;
    advance(&stack, DAY + WINDOW).await;
    assert_eq!(stack.outbox().await.len(), 0);
    advance(&stack, HOUR + WINDOW).await;
    assert_eq!(stack.outbox().await.len(), 1);
    let visitor = stack.bearer(&stack.link_tokens().await[4]);
    visitor.rate(&id, json!({ "score": 5 })).await.expect(201);
}

#[tokio::test]
async fn a_mail_that_ses_refuses_is_given_up() {
    let (stack, _) = start(mailing()).await;
    stack.agent("kim").await.ask_for_id("c1").await;
    stack.settle().await;
    stack.next_sends(&["reject"]).await;
    advance(&stack, DAY + WINDOW).await;
    let given_up = events(&stack, "mail_given_up").await;
    assert_eq!(given_up.len(), 1);
    assert_eq!(given_up[0]["mail"], "rating_request");
    advance(&stack, DAY).await;
    assert_eq!(stack.outbox().await.len(), 0);
}

#[tokio::test]
async fn a_mail_is_given_up_once_even_if_its_schedule_fires_twice() {
    let (stack, _) = start(mailing()).await;
    stack.agent("kim").await.ask_for_id("c1").await;
    stack.settle().await;
    stack.next_sends(&["reject", "reject"]).await;
    stack
        .set_scheduler(json!({ "next_firings": ["twice"] }))
        .await;
    advance(&stack, DAY + WINDOW).await;
    assert_eq!(events(&stack, "mail_given_up").await.len(), 1);
}

/// A request whose transcript, with its faces, was not sent.
async fn unmailed_request(stack: &Stack) {
    stack.next_sends(&["throttle", "throttle"]).await;
    let kim = stack.agent("kim").await;
    let sent = kim.send_transcript_as("c1", transcript_with_faces()).await;
    sent.expect_problem(503, "email_unavailable");
    stack.settle().await;
}

#[tokio::test]
async fn the_faces_of_an_unsent_transcript_are_mailed_and_not_in_the_next_transcript_again() {
    let (stack, _) = start(mailing()).await;
    unmailed_request(&stack).await;
    advance(&stack, DAY + WINDOW).await;
    assert_eq!(stack.outbox().await.len(), 1);
    let kim = stack.agent("kim").await;
    let sent = kim.send_transcript_as("c1", transcript_with_faces()).await;
    sent.expect(201);
    let mails = stack.outbox().await;
    assert_eq!(mails.len(), 2);
    assert!(!mails[1]["text"].as_str().unwrap().contains("/rate"));
}

#[tokio::test]
async fn the_faces_in_a_later_transcript_are_not_mailed_again() {
    let (stack, _) = start(mailing()).await;
    unmailed_request(&stack).await;
    stack.next_sends(&["throttle", "throttle"]).await;
    advance(&stack, DAY + WINDOW).await;
    let kim = stack.agent("kim").await;
    let sent = kim.send_transcript_as("c1", transcript_with_faces()).await;
    sent.expect(201);
    advance(&stack, 2 * DAY).await;
    let mails = stack.outbox().await;
    let with_faces = mails
        .iter()
        .filter(|mail| mail["text"].as_str().unwrap().contains("/rate"));
    assert_eq!(with_faces.count(), 1);
}

#[tokio::test]
async fn a_mail_replaces_the_expired_link_of_an_unsent_transcript() {
    let mut settings = mailing();
    settings["asking"]["mail_if_unanswered_after_hours"] = json!(720);
    let (stack, _) = start(settings).await;
    unmailed_request(&stack).await;
    advance(&stack, 720 * HOUR + WINDOW).await;
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_transcript_does_not_contain_the_faces_of_an_expired_request() {
    let (stack, _) = start(json!({ "asking": { "expires_after_days": 1 } })).await;
    unmailed_request(&stack).await;
    advance(&stack, 2 * DAY).await;
    let kim = stack.agent("kim").await;
    let sent = kim.send_transcript_as("c1", transcript_with_faces()).await;
    sent.expect(201);
    let mails = stack.outbox().await;
    assert!(!mails[0]["text"].as_str().unwrap().contains("/rate"));
}

#[tokio::test]
async fn the_delivery_of_the_mail_is_tracked() {
    let (stack, _) = start(mailing()).await;
    let id = stack.agent("kim").await.ask_for_id("c1").await;
    advance(&stack, DAY + WINDOW).await;
    let items = stack.items().await;
    let mail = items
        .iter()
        .find(|item| item["rating_mail_of"]["S"] == id)
        .unwrap();
    let mail_id = mail["transcript_id"]["S"].as_str().unwrap();
    for name in ["mail-delivered", "mail-bounced"] {
        let event = mail_event(name, "c1", mail_id);
        stack.put_mail_events(&[event.clone(), event]).await;
    }
    let failed = events(&stack, "rating_mail_failed").await;
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0]["rating_request_id"], id);
    assert_eq!(events(&stack, "transcript_bounced").await.len(), 0);
}

#[tokio::test]
async fn an_expired_request_is_not_mailed() {
    let mut settings = mailing();
    settings["asking"]["mail_if_unanswered_after_hours"] = json!(72);
    settings["asking"]["expires_after_days"] = json!(2);
    let (stack, _) = start(settings).await;
    stack.agent("kim").await.ask_for_id("c1").await;
    advance(&stack, 4 * DAY).await;
    assert_eq!(stack.outbox().await.len(), 0);
}
