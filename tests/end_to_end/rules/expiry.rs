use serde_json::{Value, json};
use tests::SENDER;

use super::{DAY, MINUTE, SECOND, advance, asking, events, resolve, start};

fn expiring() -> Value {
    json!({ "asking": { "expires_after_days": 2 } })
}

#[tokio::test]
async fn a_request_expires_after_the_days_of_the_settings() {
    let (stack, visitor) = start(expiring()).await;
    let id = stack.agent("kim").await.ask_for_id("c1").await;
    advance(&stack, 2 * DAY - 1).await;
    assert_eq!(visitor.rating_request().await["rating_request"]["id"], id);
    let mut listener = stack.listen().await;

    advance(&stack, 1).await;
    assert_eq!(
        visitor.rating_request().await["rating_request"],
        Value::Null
    );
    visitor
        .rate(&id, json!({ "score": 5 }))
        .await
        .expect_problem(410, "rating_request_expired");
    let expired = events(&stack, "rating_expired").await;
    assert_eq!(expired.len(), 1);
    assert_eq!(expired[0]["rating_request_id"], id);
    let published = listener.next().await;
    assert_eq!(published.kind, "rating.expired");
    assert_eq!(published.data["detail"]["rating_request_id"], id);
    assert_eq!(published.data["detail"]["agent"]["id"], "kim");
}

#[tokio::test]
async fn a_request_of_a_rule_expires_too() {
    let mut settings = asking(&json!({}));
    settings["asking"]["expires_after_days"] = json!(2);
    let (stack, visitor) = start(settings).await;
    resolve(&stack).await;
    advance(&stack, 15 * MINUTE + SECOND).await;
    let shown = visitor.rating_request().await;
    let id = shown["rating_request"]["id"].as_str().unwrap();
    advance(&stack, 2 * DAY).await;
    visitor
        .rate(id, json!({ "score": 5 }))
        .await
        .expect_problem(410, "rating_request_expired");
    assert_eq!(events(&stack, "rating_expired").await.len(), 1);
}

#[tokio::test]
async fn a_request_expires_even_if_no_schedule_could_be_created() {
    let settings = json!({
        "asking": { "mail_if_unanswered_after_hours": 24, "expires_after_days": 2 },
        "transcripts": { "from": SENDER, "sender_name": "Acme" },
    });
    let (stack, visitor) = start(settings).await;
    stack
        .set_scheduler(json!({ "next_calls": vec!["error"; 60] }))
        .await;
    let id = stack.agent("kim").await.ask_for_id("c1").await;
    advance(&stack, 2 * DAY).await;
    visitor
        .rate(&id, json!({ "score": 5 }))
        .await
        .expect_problem(410, "rating_request_expired");
}

#[tokio::test]
async fn an_answer_in_time_can_still_be_changed_and_does_not_expire() {
    let (stack, visitor) = start(expiring()).await;
    let id = stack.agent("kim").await.ask_for_id("c1").await;
    advance(&stack, 2 * DAY - 1).await;
    visitor.rate(&id, json!({ "score": 2 })).await.expect(201);
    advance(&stack, 60 * MINUTE).await;
    visitor.rate(&id, json!({ "score": 4 })).await.expect(200);
    assert_eq!(events(&stack, "rating_expired").await.len(), 0);
}

#[tokio::test]
async fn a_request_expires_even_if_its_schedule_is_lost() {
    let (stack, visitor) = start(expiring()).await;
    let id = stack.agent("kim").await.ask_for_id("c1").await;
    stack.settle().await;
    stack
        .set_scheduler(json!({ "next_firings": ["lost"] }))
        .await;
    advance(&stack, 2 * DAY).await;
    assert_eq!(events(&stack, "rating_expired").await.len(), 0);
    visitor
        .rate(&id, json!({ "score": 5 }))
        .await
        .expect_problem(410, "rating_request_expired");
}

#[tokio::test]
async fn doubled_schedules_and_events_record_one_expiry_at_one_time() {
    let (stack, _) = start(expiring()).await;
    let mut listener = stack.listen().await;
    stack.agent("kim").await.ask_for_id("c1").await;
    let requested = listener.next().await.data;
    stack.settle().await;
    stack.advance(DAY).await;
    stack.put_events(std::slice::from_ref(&requested)).await;
    stack
        .set_scheduler(json!({ "next_firings": ["twice"] }))
        .await;
    advance(&stack, DAY).await;
    stack.put_events(&[requested]).await;
    advance(&stack, DAY).await;
    assert_eq!(events(&stack, "rating_expired").await.len(), 1);
}

#[tokio::test]
async fn a_superseded_request_expires_without_touching_the_current_one() {
    let (stack, visitor) = start(expiring()).await;
    stack.agent("kim").await.ask_for_id("c1").await;
    let second = stack.agent("jo").await.ask_for_id("c1").await;
    advance(&stack, DAY).await;
    let shown = visitor.rating_request().await;
    assert_eq!(shown["rating_request"]["id"], second);
    visitor
        .rate(&second, json!({ "score": 3 }))
        .await
        .expect(201);
}

#[tokio::test]
async fn without_a_setting_nothing_expires() {
    let (stack, visitor) = start(json!({})).await;
    let id = stack.agent("kim").await.ask_for_id("c1").await;
    advance(&stack, 400 * DAY).await;
    visitor.rate(&id, json!({ "score": 5 })).await.expect(201);
}
