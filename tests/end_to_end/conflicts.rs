//! Failures of DynamoDB that the embedded engine does not have: conflicting transactions, lost responses and exceeded
//! throughput.

use futures_util::future::join_all;
use serde_json::json;
use tests::{AwsCall, AwsError, AwsProxy, Caller, FaultInjection, Stack};

/// How often a transaction is attempted if every attempt conflicts.
const ATTEMPTS: usize = 6;

/// A stack behind a proxy, in a new hour, with a verified sender, the conversation `c1`, its visitor and an
/// agent.
async fn stack() -> (Stack, AwsProxy, Caller, Caller) {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    aws.forget();
    (stack, aws, visitor, agent)
}

fn transacts(call: &AwsCall) -> bool {
    call.is("dynamodb:TransactWriteItems")
}

/// Whether it is the transaction that reserves a transcript's slot.
fn reserves_slot(call: &AwsCall) -> bool {
    transacts(call) && call.mentions("ADD ids")
}

/// Whether it is the transaction that records that a transcript was sent.
fn records_send(call: &AwsCall) -> bool {
    transacts(call) && call.mentions("transcript_sent")
}

/// Matches four of five calls that `which` matches.
fn four_of_five(which: fn(&AwsCall) -> bool) -> impl FnMut(&AwsCall) -> bool + Send + 'static {
    let mut count = 0;
    move |call| {
        which(call) && {
            count += 1;
            count % 5 != 1
        }
    }
}

fn conflict() -> FaultInjection {
    FaultInjection::Refuse(AwsError::TransactionConflict)
}

#[tokio::test]
async fn a_rating_request_that_conflicts_with_another_transaction_is_retried_unchanged() {
    let (_stack, aws, _visitor, agent) = stack().await;
    aws.inject(2, transacts, conflict());
    agent.ask("c1").await.expect(201);
    let attempts: Vec<_> = aws.calls().into_iter().map(|call| call.body).collect();
    assert_eq!(attempts.len(), 3);
    assert!(attempts[0]["ClientRequestToken"].is_string());
    let items: Vec<_> = attempts.iter().map(|body| &body["TransactItems"]).collect();
    assert!(items.iter().all(|it| *it == items[0]), "{attempts:?}");
    // AWS does not document that the token of a cancelled transaction can be used again.
    assert_ne!(
        attempts[0]["ClientRequestToken"],
        attempts[1]["ClientRequestToken"]
    );
    assert_eq!(agent.events("c1", "rating_requested").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_many_conflicting_rating_requests_succeeds() {
    let (_stack, aws, _visitor, agent) = stack().await;
    aws.inject_always(four_of_five(transacts), conflict());
    let replies = join_all((0..30).map(|_| agent.ask("c1"))).await;
    let attempts = aws.count(|call| transacts(call));
    assert!(attempts > 30, "conflicts are retried: {attempts} attempts");

    let succeeded = replies.iter().filter(|reply| reply.status == 201);
    assert_eq!(succeeded.count(), 1);
    for reply in replies.into_iter().filter(|reply| reply.status != 201) {
        match reply.status {
            429 => reply.expect_problem(429, "rating_already_requested"),
            _ => reply.expect_problem(503, "storage_unavailable"),
        };
    }
    assert_eq!(agent.events("c1", "rating_requested").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_of_many_conflicting_transcripts_are_sent() {
    let (stack, aws, _visitor, agent) = stack().await;
    aws.inject_always(four_of_five(reserves_slot), conflict());
    let replies = join_all((0..20).map(|_| agent.send_transcript("c1"))).await;
    let attempts = aws.count(|call| reserves_slot(call));
    assert!(attempts > 20, "conflicts are retried: {attempts} attempts");

    let sent = replies.iter().filter(|reply| reply.status == 201);
    assert_eq!(sent.count(), 5);
    assert_eq!(stack.outbox().await.len(), 5);
    for reply in replies.into_iter().filter(|reply| reply.status != 201) {
        match reply.status {
            429 => reply.expect_problem(429, "transcript_limit_reached"),
            _ => reply.expect_problem(503, "storage_unavailable"),
        };
    }
    assert_eq!(agent.remaining("c1").await, 0);
    assert_eq!(agent.events("c1", "transcript_sent").await.len(), 5);
}

#[tokio::test]
async fn if_every_attempt_conflicts_and_no_cooldown_applies_no_rating_is_requested() {
    let (stack, aws, _visitor, agent) = stack().await;
    aws.inject_always(transacts, conflict());
    let before = stack.all_data().await;
    agent
        .ask("c1")
        .await
        .expect_problem(503, "storage_unavailable");
    assert_eq!(aws.count(|call| transacts(call)), ATTEMPTS);
    assert_eq!(stack.all_data().await, before);

    aws.stop_faults();
    agent.ask("c1").await.expect(201);
}

#[tokio::test]
async fn if_every_attempt_conflicts_during_a_cooldown_the_response_says_when_it_ends() {
    let (_stack, aws, _visitor, agent) = stack().await;
    let created = agent.ask("c1").await.expect(201);
    aws.forget();
    aws.inject_always(transacts, conflict());
    let refused = agent.ask("c1").await;
    assert_eq!(aws.count(|call| transacts(call)), ATTEMPTS);
    let problem = refused.expect_problem(429, "rating_already_requested");
    assert_eq!(
        problem["available_at"],
        created["rating_request"]["next_request_at"]
    );
}

#[tokio::test]
async fn if_every_attempt_to_reserve_a_slot_conflicts_no_transcript_is_sent() {
    let (stack, aws, _visitor, agent) = stack().await;
    aws.inject_always(reserves_slot, conflict());
    let before = stack.all_data().await;
    agent
        .send_transcript("c1")
        .await
        .expect_problem(503, "storage_unavailable");
    assert_eq!(aws.count(|call| reserves_slot(call)), ATTEMPTS);
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn if_every_attempt_to_rate_conflicts_no_rating_is_recorded() {
    let (stack, aws, visitor, agent) = stack().await;
    let request = agent.ask_for_id("c1").await;
    aws.inject_always(transacts, conflict());
    let before = stack.all_data().await;
    visitor
        .rate(&request, json!({ "score": 5 }))
        .await
        .expect_problem(503, "storage_unavailable");
    assert_eq!(stack.all_data().await, before);

    aws.stop_faults();
    visitor
        .rate(&request, json!({ "score": 5 }))
        .await
        .expect(201);
}

#[tokio::test]
async fn a_rating_request_whose_dynamodb_response_is_lost_is_created_once() {
    let (_stack, aws, _visitor, agent) = stack().await;
    aws.inject(1, transacts, FaultInjection::LoseReply);
    let created = agent.ask("c1").await;
    assert_eq!(created.header("idempotent-replayed"), "");
    let created = created.expect(201);
    assert_eq!(aws.count(|call| transacts(call)), 2);
    let events = agent.events("c1", "rating_requested").await;
    assert_eq!(events.len(), 1);
    assert_eq!(
        events[0]["rating_request_id"],
        created["rating_request"]["id"]
    );
}

#[tokio::test]
async fn a_rating_whose_dynamodb_response_is_lost_is_recorded_once() {
    let (_stack, aws, visitor, agent) = stack().await;
    let request = agent.ask_for_id("c1").await;
    aws.inject(1, transacts, FaultInjection::LoseReply);
    visitor
        .rate(&request, json!({ "score": 4 }))
        .await
        .expect(201);
    assert_eq!(agent.events("c1", "rating_submitted").await.len(), 1);

    let changes = |call: &AwsCall| transacts(call) && call.mentions("rating_changed");
    aws.inject(1, changes, FaultInjection::LoseReply);
    visitor
        .rate(&request, json!({ "score": 5 }))
        .await
        .expect(200);
    assert_eq!(aws.count(|call| changes(call)), 2);
    assert_eq!(agent.events("c1", "rating_changed").await.len(), 1);
}

#[tokio::test]
async fn a_transcript_whose_dynamodb_responses_are_lost_is_sent_once() {
    let (stack, aws, _visitor, agent) = stack().await;
    aws.inject(1, reserves_slot, FaultInjection::LoseReply);
    aws.inject(1, records_send, FaultInjection::LoseReply);
    let sent = agent.send_transcript("c1").await.expect(201);
    assert_eq!(aws.count(|call| reserves_slot(call)), 2);
    assert_eq!(aws.count(|call| records_send(call)), 2);
    assert_eq!(sent["quota"]["remaining"], 4);
    assert_eq!(agent.remaining("c1").await, 4);
    assert_eq!(stack.outbox().await.len(), 1);
    assert_eq!(agent.events("c1", "transcript_sent").await.len(), 1);
}

#[tokio::test]
async fn a_conversation_whose_dynamodb_response_is_lost_is_created_and_its_token_works() {
    let (stack, aws, ..) = stack().await;
    let platform = stack.platform().await;
    let updates = |call: &AwsCall| call.is("dynamodb:UpdateItem");
    aws.inject(1, updates, FaultInjection::LoseReply);
    let recorded = platform
        .put("/v1/conversations/c2", json!({ "channel": "widget" }))
        .await
        .expect(201);
    assert_eq!(aws.count(|call| updates(call)), 2);
    let token = recorded["visitor_token"].as_str().unwrap();
    stack.bearer(token).rating_request().await;

    aws.inject(1, updates, FaultInjection::LoseReply);
    let renewed = platform
        .put(
            "/v1/conversations/c2",
            json!({ "renew_visitor_token": true }),
        )
        .await
        .expect(200);
    assert_eq!(aws.count(|call| updates(call)), 4);
    let new_token = renewed["visitor_token"].as_str().unwrap();
    assert_ne!(new_token, token);
    stack.bearer(new_token).rating_request().await;
}

#[tokio::test]
async fn messages_whose_dynamodb_response_is_lost_are_recorded_once() {
    let (stack, aws, _visitor, agent) = stack().await;
    let puts = |call: &AwsCall| transacts(call) && call.mentions("Anyone?");
    aws.inject(1, puts, FaultInjection::LoseReply);
    let message = tests::message("m2", "2026-01-05T09:01:00Z", "Anyone?");
    let body = json!({ "messages": [message] });
    let platform = stack.platform().await;
    let path = "/v1/conversations/c1/messages";
    let recorded = platform.post(path, body).await.expect(200);
    assert_eq!(recorded["recorded"], 1);
    assert_eq!(aws.count(|call| puts(call)), 2);
    let read = agent.conversation("c1").await;
    assert_eq!(read["thread"]["entries"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_call_that_exceeds_the_tables_throughput_is_retried() {
    let (_stack, aws, visitor, agent) = stack().await;
    aws.inject(
        1,
        |_| true,
        FaultInjection::Refuse(AwsError::ThroughputExceeded),
    );
    agent.ask("c1").await.expect(201);
    aws.inject(
        1,
        |_| true,
        FaultInjection::Refuse(AwsError::ThroughputExceeded),
    );
    assert!(visitor.rating_request().await["rating_request"].is_object());
    assert_eq!(aws.count(|call| transacts(call)), 2);
}

#[tokio::test]
async fn storage_is_unavailable_if_every_attempt_fails() {
    for error in [AwsError::ThroughputExceeded, AwsError::Internal] {
        let (stack, aws, visitor, agent) = stack().await;
        let before = stack.all_data().await;
        aws.inject_always(|_| true, FaultInjection::Refuse(error));
        let replies = [
            agent.ask("c1").await,
            agent.send_transcript("c1").await,
            agent.get("/v1/conversations/c1").await,
            agent.get("/v1/senders").await,
            visitor.get("/v1/visitor/rating-request").await,
        ];
        for reply in replies {
            reply.expect_problem(503, "storage_unavailable");
        }
        assert_eq!(stack.all_data().await, before);
    }
}

/// How often the SDK attempts a call.
const SDK_ATTEMPTS: usize = 3;

#[tokio::test]
async fn a_transaction_in_progress_is_retried_after_5_seconds_with_the_same_token() {
    let (_stack, aws, _visitor, agent) = stack().await;
    let in_progress = FaultInjection::Refuse(AwsError::TransactionInProgress);
    aws.inject(SDK_ATTEMPTS, transacts, in_progress);
    let started = std::time::Instant::now();
    agent.ask("c1").await.expect(201);
    // AWS completes the transaction if a retry with the same token comes 5 seconds after the first attempt.
    assert!(started.elapsed() >= std::time::Duration::from_secs(5));
    let attempts: Vec<_> = aws.calls().into_iter().map(|call| call.body).collect();
    assert_eq!(attempts.len(), SDK_ATTEMPTS + 1);
    assert!(
        attempts.iter().all(|body| *body == attempts[0]),
        "{attempts:?}"
    );
}

#[tokio::test]
async fn a_transaction_that_stays_in_progress_fails_after_one_more_retry() {
    let (_stack, aws, _visitor, agent) = stack().await;
    let in_progress = FaultInjection::Refuse(AwsError::TransactionInProgress);
    aws.inject_always(transacts, in_progress);
    agent
        .ask("c1")
        .await
        .expect_problem(503, "storage_unavailable");
    assert_eq!(aws.count(|call| transacts(call)), 2 * SDK_ATTEMPTS);
}
