//! The number of round trips to AWS that a request takes if no call fails. Concurrent calls are one
//! round trip.

use serde_json::json;
use tests::{SENDER, Stack, message, transcript, transcript_with_faces};

#[tokio::test]
async fn a_rating_request_takes_one_round_trip() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let (created, trips) = aws.round_trips(agent.ask("c1")).await;
    created.expect(201);
    assert_eq!(trips, 1);
    assert_eq!(
        aws.calls().len(),
        1,
        "there is no other call than the transaction"
    );
}

#[tokio::test]
async fn a_refused_rating_request_takes_one_round_trip() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    agent.ask_for_id("c1").await;
    let (created, trips) = aws.round_trips(agent.ask("c1")).await;
    created.expect_problem(429, "rating_already_requested");
    assert_eq!(trips, 1);
}

#[tokio::test]
async fn showing_a_rating_request_to_the_visitor_takes_one_round_trip() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let visitor = stack.conversation("c1").await;
    stack.agent("kim").await.ask_for_id("c1").await;
    let (shown, trips) = aws.round_trips(visitor.rating_request()).await;
    assert!(shown["rating_request"].is_object(), "{shown}");
    assert_eq!(trips, 1);
}

#[tokio::test]
async fn a_first_rating_takes_one_round_trip_and_a_change_two() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let visitor = stack.conversation("c1").await;
    let request = stack.agent("kim").await.ask_for_id("c1").await;

    let (first, trips) = aws
        .round_trips(visitor.rate(&request, json!({ "score": 4 })))
        .await;
    first.expect(201);
    assert_eq!(trips, 1);

    let (change, trips) = aws
        .round_trips(visitor.rate(&request, json!({ "score": 5 })))
        .await;
    change.expect(200);
    assert_eq!(trips, 2);
}

#[tokio::test]
async fn a_rating_with_reasons_takes_one_more_round_trip_only_without_a_copy_of_the_settings() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let agent = stack.agent("kim").await;
    let reason = json!({ "id": "slow", "scores": [1], "labels": { "en": "Slow" } });
    let settings = json!({ "reasons": [reason] });
    agent.put("/v1/settings", settings).await.expect(200);
    for (conversation, expected) in [("c1", 2), ("c2", 1)] {
        let visitor = stack.conversation(conversation).await;
        let request = agent.ask_for_id(conversation).await;
        let answer = json!({ "score": 1, "reasons": ["slow"] });
        let (rated, trips) = aws.round_trips(visitor.rate(&request, answer)).await;
        rated.expect(201);
        assert_eq!(trips, expected, "{conversation}");
    }
}

#[tokio::test]
async fn the_parts_of_a_conversation_are_read_concurrently() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let (read, trips) = aws.round_trips(agent.conversation("c1")).await;
    assert_eq!(read["thread"]["entries"][0]["text"], "Hello");
    assert_eq!(trips, 1);
    assert!(aws.calls().len() > 1, "several calls are expected");
}

#[tokio::test]
async fn a_transcript_takes_four_round_trips_and_one_send() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let (sent, trips) = aws.round_trips(agent.send_transcript("c1")).await;
    sent.expect(201);
    assert_eq!(trips, 4);
    assert_eq!(aws.count(|call| call.is("ses:SendEmail")), 1);
}

#[tokio::test]
async fn a_preview_takes_one_round_trip() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let path = "/v1/conversations/c1/transcripts/preview";
    let (shown, trips) = aws.round_trips(agent.post(path, transcript())).await;
    shown.expect(200);
    assert_eq!(trips, 1);
}

#[tokio::test]
async fn a_visitors_transcript_takes_one_more_round_trip_than_an_agents() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    let offer = json!({ "transcripts": { "from": SENDER, "visitor_may_request": true } });
    let agent = stack.agent("kim").await;
    agent.put("/v1/settings", offer).await.expect(200);
    let request = visitor.post("/v1/visitor/transcripts", json!({}));
    let (sent, trips) = aws.round_trips(request).await;
    sent.expect(201);
    assert_eq!(trips, 5);
}

#[tokio::test]
async fn a_transcript_that_asks_for_a_rating_takes_five_round_trips() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let (sent, trips) = aws
        .round_trips(agent.send_transcript_as("c1", transcript_with_faces()))
        .await;
    sent.expect(201);
    assert_eq!(trips, 5);
}

#[tokio::test]
async fn a_transcript_queries_only_the_public_entries() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    aws.forget();
    agent.send_transcript("c1").await.expect(201);

    let calls = aws.calls();
    let mut queries = calls.iter().filter(|call| call.is("dynamodb:Query"));
    let query = queries.next().expect("a query");
    assert_eq!(query.body["IndexName"], "public_thread");
    assert_eq!(query.body["ConsistentRead"], true);
    assert_eq!(queries.count(), 0);
    assert_eq!(aws.count(|call| call.is("dynamodb:Scan")), 0);
}

#[tokio::test]
async fn recording_takes_one_round_trip_and_two_if_the_conversation_is_new() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let platform = stack.platform().await;
    let path = "/v1/conversations/c1";
    let anonymous = json!({ "channel": "widget" });
    let (recorded, trips) = aws.round_trips(platform.put(path, anonymous)).await;
    recorded.expect(201);
    assert_eq!(trips, 2);

    let path = "/v1/conversations/c2";
    let named = json!({ "channel": "widget", "visitor": { "email": "ana@example.org" } });
    let (recorded, trips) = aws.round_trips(platform.put(path, named.clone())).await;
    recorded.expect(201);
    assert_eq!(trips, 2);
    let (recorded, trips) = aws.round_trips(platform.put(path, named)).await;
    recorded.expect(200);
    assert_eq!(trips, 1);

    let renamed = json!({ "visitor": { "email": "bo@example.org" } });
    let (recorded, trips) = aws.round_trips(platform.put(path, renamed)).await;
    recorded.expect(200);
    assert_eq!(trips, 3);
}

#[tokio::test]
async fn up_to_99_messages_take_one_round_trip_and_100_two() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    for (count, expected) in [(1, 1), (99, 1), (100, 2)] {
        let messages = (0..count).map(|number| {
            let id = format!("n{count}-{number}");
            message(&id, "2026-01-05T09:30:00Z", "Hi")
        });
        let body = json!({ "messages": messages.collect::<Vec<_>>() });
        let path = "/v1/conversations/c1/messages";
        let (recorded, trips) = aws.round_trips(platform.post(path, body)).await;
        assert_eq!(recorded.expect(200), json!({ "recorded": count }));
        assert_eq!(trips, expected, "{count} messages");
    }
}

#[tokio::test]
async fn a_repeated_message_and_a_repeated_resolve_take_two_round_trips_and_a_resolve_one() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let path = "/v1/conversations/c1";
    for expected in [1, 2, 2] {
        let resolved = platform.put(path, json!({ "status": "resolved" }));
        let (recorded, trips) = aws.round_trips(resolved).await;
        recorded.expect(200);
        assert_eq!(trips, expected, "a resolve");
    }
    for expected in [1, 2, 2] {
        let hi = message("n1", "2026-01-05T09:30:00Z", "Hi");
        let body = json!({ "messages": [hi] });
        let recorded = platform.post("/v1/conversations/c1/messages", body);
        let (recorded, trips) = aws.round_trips(recorded).await;
        recorded.expect(200);
        assert_eq!(trips, expected, "a message");
    }
}
