//! The cooldown of a visitor: with `VisitorAskIntervalDays`, no agent can ask a visitor again within the
//! interval in any conversation.

use futures_util::future::join_all;
use local::Options;
use serde_json::{Value, json};
use tests::{AwsProxy, Reply, Stack, transcript_with_faces};

const A_DAY_SECONDS: u64 = 24 * 60 * 60;

fn options(days: &str) -> Options {
    Stack::options_with(&[("VisitorAskIntervalDays", days)])
}

/// A stack with this `VisitorAskIntervalDays`.
async fn stack_with(days: &str) -> Stack {
    Stack::start_with(options(days)).await
}

/// A stack with an interval of 30 days, behind a proxy.
async fn proxied_stack() -> (Stack, AwsProxy) {
    Stack::start_behind_proxy(options("30")).await
}

/// Creates or updates a conversation.
async fn record(stack: &Stack, conversation: &str, change: Value) -> Reply {
    let path = format!("/v1/conversations/{conversation}");
    stack.platform().await.put(&path, change).await
}

async fn record_visitor(stack: &Stack, conversation: &str, email: &str) {
    let visitor = json!({ "channel": "widget", "visitor": { "email": email } });
    record(stack, conversation, visitor).await.expect_success();
}

fn ask_rating_action(read: &Value) -> &Value {
    &read["actions"]["ask_rating"]
}

#[tokio::test]
async fn another_agent_in_another_conversation_is_refused_with_the_time_of_the_next_request() {
    let stack = stack_with("30").await;
    stack.stop_clock();
    stack.conversation("c1").await;
    stack.conversation("c2").await;
    stack.agent("kim").await.ask_for_id("c1").await;
    let requested_at: jiff::Timestamp = stack.now().await.parse().unwrap();

    let jo = stack.agent("jo").await;
    let problem = jo
        .ask("c2")
        .await
        .expect_problem(409, "visitor_asked_recently");
    let available_at: jiff::Timestamp = problem["available_at"].as_str().unwrap().parse().unwrap();
    let days = jiff::SignedDuration::from_hours(30 * 24);
    // Cooldowns start at the whole second.
    let requested_second = jiff::Timestamp::from_second(requested_at.as_second()).unwrap();
    assert_eq!(available_at, requested_second + days);

    let read = jo.conversation("c2").await;
    assert_eq!(
        *ask_rating_action(&read),
        json!({
            "state": "disabled",
            "reason": "visitor_asked_recently",
            "available_at": problem["available_at"],
        })
    );
    assert!(jo.events("c2", "rating_requested").await.is_empty());
}

#[tokio::test]
async fn a_visitor_can_be_asked_again_in_the_second_in_which_the_interval_ends() {
    let stack = stack_with("10").await;
    stack.conversation("c1").await;
    stack.conversation("c2").await;
    stack.agent("kim").await.ask_for_id("c1").await;
    let jo = stack.agent("jo").await;
    let problem = jo
        .ask("c2")
        .await
        .expect_problem(409, "visitor_asked_recently");

    let available_at = problem["available_at"].as_str().unwrap();
    stack.stop_clock_a_second_before(available_at).await;
    jo.ask("c2")
        .await
        .expect_problem(409, "visitor_asked_recently");
    stack.advance(1).await;
    assert_eq!(
        ask_rating_action(&jo.conversation("c2").await)["state"],
        "enabled"
    );
    jo.ask("c2").await.expect(201);
}

#[tokio::test]
async fn if_two_cooldowns_apply_the_one_that_ends_later_is_reported() {
    let stack = stack_with("30").await;
    stack.conversation("c1").await;
    let kim = stack.agent("kim").await;
    kim.ask_for_id("c1").await;
    kim.ask("c1")
        .await
        .expect_problem(409, "visitor_asked_recently");

    let stack = stack_with("2").await;
    stack.conversation("c1").await;
    let kim = stack.agent("kim").await;
    kim.ask_for_id("c1").await;
    kim.ask("c1")
        .await
        .expect_problem(429, "rating_already_requested");
    stack.advance(2 * A_DAY_SECONDS).await;
    stack.agent("jo").await.ask("c1").await.expect(201);
    kim.ask("c1")
        .await
        .expect_problem(429, "rating_already_requested");
}

#[tokio::test]
async fn of_100_concurrent_requests_to_one_visitor_in_100_conversations_one_is_created() {
    let stack = stack_with("30").await;
    let conversations: Vec<String> = (0..100).map(|number| format!("c{number}")).collect();
    for conversation in &conversations {
        record_visitor(&stack, conversation, "ana@example.org").await;
    }
    let agents = join_all((0..100).map(|number| {
        let stack = &stack;
        async move { stack.agent(&format!("agent-{number}")).await }
    }))
    .await;
    let asks = agents.iter().zip(&conversations);
    let replies = join_all(asks.map(|(agent, conversation)| agent.ask(conversation))).await;
    let created = replies.iter().filter(|reply| reply.status == 201).count();
    let refused = replies.iter().filter(|reply| reply.status == 409).count();
    assert_eq!((created, refused), (1, 99));
}

#[tokio::test]
async fn a_visitor_is_identified_by_the_address_without_regard_to_case() {
    let stack = stack_with("30").await;
    record_visitor(&stack, "c1", "ana@example.org").await;
    record_visitor(&stack, "c2", "Ana@Example.ORG").await;
    record_visitor(&stack, "c3", "ben@example.org").await;
    let kim = stack.agent("kim").await;
    kim.ask_for_id("c1").await;
    kim.ask("c2")
        .await
        .expect_problem(409, "visitor_asked_recently");
    kim.ask("c3").await.expect(201);
}

#[tokio::test]
async fn visitors_without_an_address_have_no_cooldown() {
    let stack = stack_with("30").await;
    for conversation in ["c1", "c2"] {
        record(&stack, conversation, json!({ "channel": "widget" }))
            .await
            .expect(201);
    }
    let kim = stack.agent("kim").await;
    kim.ask_for_id("c1").await;
    kim.ask_for_id("c2").await;
}

#[tokio::test]
async fn the_cooldown_of_a_visitor_applies_only_in_its_organisation() {
    let stack = Stack::start_with(Options {
        organisations: true,
        ..options("30")
    })
    .await;
    stack.conversation_of("acme", "c1").await;
    stack.conversation_of("zeta", "c1").await;
    stack.agent_of("acme", "kim").await.ask_for_id("c1").await;
    stack.agent_of("zeta", "kim").await.ask_for_id("c1").await;
}

#[tokio::test]
async fn a_refused_request_starts_no_cooldown() {
    let stack = stack_with("30").await;
    let visitor = json!({ "email": "ana@example.org" });
    let phone = json!({ "channel": "voice", "visitor": visitor });
    record(&stack, "phone", phone).await.expect(201);
    stack.conversation("c1").await;
    let kim = stack.agent("kim").await;
    kim.ask("phone")
        .await
        .expect_problem(409, "channel_not_supported");
    kim.ask("c1").await.expect(201);
}

#[tokio::test]
async fn a_retry_with_the_same_idempotency_key_is_replayed_within_the_interval() {
    let stack = stack_with("30").await;
    stack.conversation("c1").await;
    let kim = stack.agent("kim").await;
    let path = "/v1/conversations/c1/rating-requests";
    let first = kim.post_with_key(path, "key", json!({})).await.expect(201);
    let again = kim.post_with_key(path, "key", json!({})).await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.expect(201), first);
}

#[tokio::test]
async fn a_transcript_to_a_recently_asked_visitor_is_sent_without_faces() {
    let stack = stack_with("30").await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    stack.conversation("c2").await;
    stack.agent("kim").await.ask_for_id("c1").await;
    let sent = stack
        .agent("jo")
        .await
        .send_transcript_as("c2", transcript_with_faces())
        .await
        .expect(201);
    let refused = json!({ "refused": { "code": "visitor_asked_recently" } });
    assert_eq!(sent["rating_request"], refused);
    assert!(stack.link_tokens().await.is_empty());
}

#[tokio::test]
async fn erasing_a_visitor_removes_the_cooldown() {
    let stack = stack_with("30").await;
    stack.conversation("c1").await;
    let kim = stack.agent("kim").await;
    kim.ask_for_id("c1").await;
    kim.delete("/v1/visitors/ana@example.org").await.expect(200);
    stack.conversation("c2").await;
    kim.ask_for_id("c2").await;
}

#[tokio::test]
async fn with_an_interval_asking_and_reading_take_two_round_trips() {
    let (stack, aws) = proxied_stack().await;
    stack.conversation("c1").await;
    let kim = stack.agent("kim").await;
    let (created, trips) = aws.round_trips(kim.ask("c1")).await;
    created.expect(201);
    assert_eq!(trips, 2);
    let (_, trips) = aws.round_trips(kim.conversation("c1")).await;
    assert_eq!(trips, 2);
}

#[tokio::test]
async fn if_the_address_changes_during_a_request_the_cooldown_applies_to_the_new_one() {
    let (stack, aws) = proxied_stack().await;
    record_visitor(&stack, "c1", "ana@example.org").await;
    record_visitor(&stack, "c2", "ben@example.org").await;
    let kim = stack.agent("kim").await;
    let held = aws.hold(|call| call.mentions("rating_requested"));
    let (created, ()) = tokio::join!(kim.ask("c1"), async {
        held.arrived().await;
        record_visitor(&stack, "c1", "ben@example.org").await;
        held.release();
    });
    created.expect(201);
    kim.ask("c2")
        .await
        .expect_problem(409, "visitor_asked_recently");
}
