use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Stack, transcript_with_faces};

use super::{
    CONVERSATION, DAY, MINUTE, SECOND, advance, asking, record, requests, resolve, start, store,
};

#[tokio::test]
async fn a_rule_asks_so_many_minutes_after_a_conversation_was_resolved() {
    let (stack, visitor) = start(asking(&json!({}))).await;
    resolve(&stack).await;
    advance(&stack, 14 * MINUTE).await;
    assert_eq!(requests(&stack).await.len(), 0);
    assert_eq!(
        visitor.rating_request().await["rating_request"],
        Value::Null
    );

    advance(&stack, MINUTE + SECOND).await;
    let shown = visitor.rating_request().await;
    assert_eq!(shown["rating_request"]["agent_name"], "Jo");
    let requests = requests(&stack).await;
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0]["by"], "rule");
    assert_eq!(requests[0]["agent"], json!({ "id": "jo", "name": "Jo" }));
    assert_eq!(stack.schedules().await.len(), 0);
    let id = shown["rating_request"]["id"].as_str().unwrap();
    visitor.rate(id, json!({ "score": 5 })).await.expect(201);
}

#[tokio::test]
async fn a_repeated_resolve_does_not_ask_again_or_later() {
    let (stack, _) = start(asking(&json!({}))).await;
    resolve(&stack).await;
    advance(&stack, 10 * MINUTE).await;
    resolve(&stack).await;
    advance(&stack, 5 * MINUTE + SECOND).await;
    assert_eq!(requests(&stack).await.len(), 1);
    resolve(&stack).await;
    advance(&stack, DAY).await;
    assert_eq!(requests(&stack).await.len(), 1);
}

#[tokio::test]
async fn without_minutes_a_rule_asks_at_once() {
    let mut settings = asking(&json!({}));
    settings["asking"]["on_resolve"]["after_minutes"] = json!(0);
    let (stack, _) = start(settings).await;
    resolve(&stack).await;
    stack.settle().await;
    assert_eq!(requests(&stack).await.len(), 1);
}

#[tokio::test]
async fn a_conversation_that_was_opened_again_is_not_asked_about() {
    let (stack, _) = start(asking(&json!({}))).await;
    resolve(&stack).await;
    stack.settle().await;
    assert_eq!(stack.schedules().await.len(), 1);
    record(&stack, json!({ "status": "open" })).await;
    stack.settle().await;
    assert_eq!(stack.schedules().await.len(), 0, "the schedule was deleted");
    advance(&stack, DAY).await;
    assert_eq!(requests(&stack).await.len(), 0);

    // The next round has its own time.
    resolve(&stack).await;
    advance(&stack, 14 * MINUTE).await;
    assert_eq!(requests(&stack).await.len(), 0);
    advance(&stack, MINUTE + SECOND).await;
    assert_eq!(requests(&stack).await.len(), 1);
}

#[tokio::test]
async fn a_schedule_that_was_not_deleted_changes_nothing_in_a_later_round() {
    let (stack, _) = start(asking(&json!({}))).await;
    resolve(&stack).await;
    stack.settle().await;
    record(&stack, json!({ "status": "open" })).await;
    stack.advance(5 * MINUTE).await;
    resolve(&stack).await;
    // The event of the opened conversation comes too late.
    stack.advance(10 * MINUTE + SECOND).await;
    stack.fire_due_schedules().await;
    assert_eq!(requests(&stack).await.len(), 0);
    advance(&stack, 5 * MINUTE + SECOND).await;
    assert_eq!(requests(&stack).await.len(), 1);
}

#[tokio::test]
async fn a_schedule_that_fires_twice_asks_once() {
    let (stack, _) = start(asking(&json!({}))).await;
    for firing in ["twice", "once"] {
        stack
            .set_scheduler(json!({ "next_firings": [firing] }))
            .await;
    }
    resolve(&stack).await;
    advance(&stack, 15 * MINUTE + SECOND).await;
    assert_eq!(requests(&stack).await.len(), 1);
}

#[tokio::test]
async fn an_event_that_is_delivered_again_asks_once() {
    let (stack, _) = start(asking(&json!({}))).await;
    let mut listener = stack.listen().await;
    resolve(&stack).await;
    let resolved = listener.next().await.data;
    advance(&stack, 15 * MINUTE + SECOND).await;
    stack.put_events(&[resolved.clone(), resolved]).await;
    advance(&stack, DAY).await;
    assert_eq!(requests(&stack).await.len(), 1);
}

#[tokio::test]
async fn a_schedule_that_was_not_created_is_created_by_the_repeat_of_the_event() {
    let (stack, _) = start(asking(&json!({}))).await;
    let faults = json!({ "next_calls": ["error", "error", "error", "lost_reply"] });
    stack.set_scheduler(faults).await;
    resolve(&stack).await;
    advance(&stack, 15 * MINUTE + SECOND).await;
    assert_eq!(requests(&stack).await.len(), 1);
}

#[tokio::test]
async fn a_schedule_that_fires_early_or_late_asks_once_and_not_before_the_time() {
    for (behavior, before, after) in [
        (json!({ "early_seconds": 59 }), 15 * MINUTE - 1, 2 * MINUTE),
        (json!({ "late_seconds": 60 }), 15 * MINUTE + 59, 1),
        (
            json!({ "late_seconds": 60, "accepts_past_times": true, "ignores_client_tokens": true }),
            15 * MINUTE + 59,
            1,
        ),
    ] {
        let (stack, _) = start(asking(&json!({}))).await;
        stack.set_scheduler(behavior.clone()).await;
        resolve(&stack).await;
        // In steps, because a schedule that fires early leads to another one.
        for seconds in [before - 58, 29, 29] {
            advance(&stack, seconds).await;
        }
        assert_eq!(requests(&stack).await.len(), 0, "{behavior}");
        for _ in 0..3 {
            advance(&stack, after).await;
        }
        assert_eq!(requests(&stack).await.len(), 1, "{behavior}");
        assert_eq!(stack.schedules().await.len(), 0, "{behavior}");
    }
}

#[tokio::test]
async fn a_rule_does_not_ask_in_a_round_in_which_an_agent_asked() {
    let (stack, _) = start(asking(&json!({}))).await;
    resolve(&stack).await;
    stack.agent("kim").await.ask_for_id("c1").await;
    advance(&stack, DAY).await;
    let requests = requests(&stack).await;
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0]["by"], "agent");
}

#[tokio::test]
async fn a_rule_asks_in_a_later_round_than_an_agent() {
    let (stack, _) = start(asking(&json!({}))).await;
    stack.agent("kim").await.ask_for_id("c1").await;
    resolve(&stack).await;
    advance(&stack, DAY).await;
    assert_eq!(requests(&stack).await.len(), 2);
}

#[tokio::test]
async fn the_assignee_counts_as_the_asking_agent_for_seven_days() {
    let (stack, _) = start(asking(&json!({}))).await;
    stack.agent("jo").await.ask_for_id("c1").await;
    resolve(&stack).await;
    advance(&stack, DAY).await;
    assert_eq!(requests(&stack).await.len(), 1, "jo asked before");

    record(&stack, json!({ "status": "open" })).await;
    advance(&stack, 7 * DAY).await;
    resolve(&stack).await;
    advance(&stack, DAY).await;
    assert_eq!(requests(&stack).await.len(), 2);
    let jo = stack.agent("jo").await;
    jo.ask("c1")
        .await
        .expect_problem(429, "rating_already_requested");
}

#[tokio::test]
async fn without_an_assignee_the_brand_asks() {
    let mut settings = asking(&json!({}));
    settings["brand"] = json!({ "name": "Acme" });
    let (stack, visitor) = start(settings).await;
    record(&stack, json!({ "status": "resolved" })).await;
    advance(&stack, 15 * MINUTE + SECOND).await;
    let requests = requests(&stack).await;
    let agent = &requests[0]["agent"];
    assert_eq!(*agent, json!({ "id": "automatic", "name": "Acme" }));
    let shown = visitor.rating_request().await;
    assert_eq!(shown["rating_request"]["agent_name"], "Acme");
}

#[tokio::test]
async fn a_rule_acts_as_it_is_then_but_after_the_minutes_that_it_had() {
    let (stack, _) = start(asking(&json!({}))).await;
    resolve(&stack).await;
    stack.settle().await;
    let mut later = asking(&json!({}));
    later["asking"]["on_resolve"]["after_minutes"] = json!(600);
    store(&stack, later).await;
    advance(&stack, 15 * MINUTE + SECOND).await;
    assert_eq!(requests(&stack).await.len(), 1);

    let (stack, _) = start(asking(&json!({}))).await;
    resolve(&stack).await;
    stack.settle().await;
    store(&stack, json!({})).await;
    advance(&stack, DAY).await;
    assert_eq!(requests(&stack).await.len(), 0);
}

#[tokio::test]
async fn a_request_by_a_rule_replaces_the_one_of_an_agent_and_its_limits_hold_for_visitors() {
    let options = Stack::options_with(&[("VisitorAskIntervalDays", "30")]);
    let stack = Stack::start_with(options).await;
    stack.stop_clock();
    store(&stack, asking(&json!({}))).await;
    stack.conversation("c1").await;
    stack.agent("kim").await.ask_for_id("c1").await;
    resolve(&stack).await;
    advance(&stack, DAY).await;
    assert_eq!(
        requests(&stack).await.len(),
        1,
        "the visitor was asked recently"
    );
}

#[tokio::test]
async fn an_erased_conversation_is_not_asked_about() {
    let (stack, _) = start(asking(&json!({}))).await;
    resolve(&stack).await;
    stack.settle().await;
    let agent = stack.agent("kim").await;
    agent.delete(CONVERSATION).await.expect(200);
    advance(&stack, DAY).await;
    let items = stack.items().await;
    let requests = items
        .iter()
        .filter(|item| item["sk"]["S"].as_str().unwrap().starts_with("REQUEST#"));
    assert_eq!(requests.count(), 0);
}

#[tokio::test]
async fn forty_conversations_that_are_resolved_at_once_are_asked_about_once_each() {
    let (stack, _) = start(asking(&json!({}))).await;
    let platform = stack.platform().await;
    let paths: Vec<_> = (0..40)
        .map(|number| format!("/v1/conversations/n{number}"))
        .collect();
    let resolved = || json!({ "channel": "widget", "status": "resolved" });
    for reply in join_all(paths.iter().map(|path| platform.put(path, resolved()))).await {
        reply.expect(201);
    }
    // Every second one is opened again.
    for path in paths.iter().step_by(2) {
        platform
            .put(path, json!({ "status": "open" }))
            .await
            .expect(200);
    }
    advance(&stack, 15 * MINUTE + SECOND).await;
    let items = stack.items().await;
    let requests = items
        .iter()
        .filter(|item| item["sk"]["S"].as_str().unwrap().starts_with("REQUEST#"));
    assert_eq!(requests.count(), 20);
}

#[tokio::test]
async fn a_rule_does_not_ask_if_an_earlier_request_was_mailed_in_the_round() {
    let (stack, _) = start(asking(&json!({}))).await;
    let kim = stack.agent("kim").await;
    stack.next_sends(&["reject"]).await;
    let unsent = kim.send_transcript_as("c1", transcript_with_faces()).await;
    unsent.expect_problem(502, "email_refused");
    resolve(&stack).await;
    let sent = kim.send_transcript_as("c1", transcript_with_faces()).await;
    sent.expect(201);
    advance(&stack, DAY).await;
    let requests = requests(&stack).await;
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0]["by"], "agent");
}

#[tokio::test]
async fn asking_takes_one_round_trip_after_reading() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    store(&stack, asking(&json!({}))).await;
    stack.conversation("c1").await;
    resolve(&stack).await;
    // The settings are read, and the schedule is created.
    let (_, trips) = aws.round_trips(stack.deliver_events()).await;
    assert_eq!(trips, 2);
    stack.advance(15 * MINUTE + SECOND).await;
    let (_, trips) = aws.round_trips(stack.fire_due_schedules()).await;
    assert_eq!(trips, 2);
    assert_eq!(requests(&stack).await.len(), 1);
}
