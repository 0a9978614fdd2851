//! Reopening a resolved conversation withdraws its unanswered rating request.

use serde_json::{Value, json};
use tests::{Caller, Stack, transcript_with_faces};

async fn record_status(stack: &Stack, status: &str) -> Value {
    let change = json!({ "status": status });
    let platform = stack.platform().await;
    platform
        .put("/v1/conversations/c1", change)
        .await
        .expect(200)
}

/// A stack with a resolved conversation, its visitor, and the id of its unanswered request.
async fn stack_with_open_request() -> (Stack, Caller, String) {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let request = stack.agent("kim").await.ask_for_id("c1").await;
    record_status(&stack, "resolved").await;
    (stack, visitor, request)
}

#[tokio::test]
async fn an_unanswered_request_is_withdrawn_when_the_conversation_is_reopened() {
    let (stack, visitor, request) = stack_with_open_request().await;
    assert!(visitor.rating_request().await["rating_request"].is_object());
    let recorded = record_status(&stack, "open").await;
    assert_eq!(recorded["conversation"]["status"], "open");

    let nothing =
        json!({ "rating_request": null, "rating": null, "transcript": { "state": "hidden" } });
    assert_eq!(visitor.rating_request().await, nothing);
    visitor
        .rate(&request, json!({ "score": 5 }))
        .await
        .expect_problem(410, "rating_request_withdrawn");
    let kim = stack.agent("kim").await;
    assert!(kim.events("c1", "rating_submitted").await.is_empty());
    assert_eq!(kim.conversation("c1").await["rating"], Value::Null);
}

#[tokio::test]
async fn an_answer_is_kept_and_can_still_be_changed_after_reopening() {
    let (stack, visitor, request) = stack_with_open_request().await;
    visitor
        .rate(&request, json!({ "score": 2 }))
        .await
        .expect(201);
    record_status(&stack, "open").await;
    let shown = visitor.rating_request().await;
    assert_eq!(shown["rating_request"]["id"], request.as_str());
    visitor
        .rate(&request, json!({ "score": 4 }))
        .await
        .expect(200);
}

#[tokio::test]
async fn recording_an_open_conversation_as_open_withdraws_nothing() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let request = stack.agent("kim").await.ask_for_id("c1").await;
    record_status(&stack, "open").await;
    visitor
        .rate(&request, json!({ "score": 3 }))
        .await
        .expect(201);
}

#[tokio::test]
async fn an_update_of_a_resolved_conversation_withdraws_nothing() {
    let (stack, visitor, request) = stack_with_open_request().await;
    let change = json!({ "assignee": { "id": "jo" } });
    let platform = stack.platform().await;
    platform
        .put("/v1/conversations/c1", change)
        .await
        .expect(200);
    record_status(&stack, "resolved").await;
    visitor
        .rate(&request, json!({ "score": 3 }))
        .await
        .expect(201);
}

#[tokio::test]
async fn recording_a_reopening_again_withdraws_no_newer_request() {
    let (stack, visitor, request) = stack_with_open_request().await;
    record_status(&stack, "open").await;
    let next = stack.agent("jo").await.ask_for_id("c1").await;
    record_status(&stack, "open").await;
    visitor.rate(&next, json!({ "score": 5 })).await.expect(201);
    visitor
        .rate(&request, json!({ "score": 1 }))
        .await
        .expect_problem(410, "rating_request_superseded");
}

#[tokio::test]
async fn all_other_changes_in_a_reopening_update_are_recorded() {
    let (stack, visitor, request) = stack_with_open_request().await;
    let change = json!({
        "status": "open",
        "visitor": { "email": "ana.b@example.org" },
        "assignee": { "id": "jo", "name": "Jo" },
    });
    let platform = stack.platform().await;
    let recorded = platform
        .put("/v1/conversations/c1", change)
        .await
        .expect(200);
    let conversation = &recorded["conversation"];
    assert_eq!(conversation["status"], "open");
    assert_eq!(conversation["visitor"]["email"], "ana.b@example.org");
    assert_eq!(conversation["assignee"]["name"], "Jo");
    visitor
        .rate(&request, json!({ "score": 5 }))
        .await
        .expect_problem(410, "rating_request_withdrawn");
}

#[tokio::test]
async fn a_link_in_a_transcript_cannot_answer_a_withdrawn_request() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let kim = stack.agent("kim").await;
    let sent = kim
        .send_transcript_as("c1", transcript_with_faces())
        .await
        .expect(201);
    let request = sent["rating_request"]["id"].as_str().unwrap();
    record_status(&stack, "resolved").await;
    record_status(&stack, "open").await;
    let links = stack.link_tokens().await;
    stack
        .bearer(&links[0])
        .rate(request, json!({ "score": 5 }))
        .await
        .expect_problem(410, "rating_request_withdrawn");
}

#[tokio::test]
async fn an_answer_during_a_reopening_is_either_recorded_or_refused() {
    for _ in 0..20 {
        let (stack, visitor, request) = stack_with_open_request().await;
        let (rated, _) = tokio::join!(
            visitor.rate(&request, json!({ "score": 5 })),
            record_status(&stack, "open"),
        );
        let read = stack.agent("kim").await.conversation("c1").await;
        match rated.status {
            201 => assert_eq!(read["rating"]["score"], 5),
            _ => {
                rated.expect_problem(410, "rating_request_withdrawn");
                assert_eq!(read["rating"], Value::Null);
            }
        }
    }
}

#[tokio::test]
async fn reopening_takes_two_round_trips() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.conversation("c1").await;
    stack.agent("kim").await.ask_for_id("c1").await;
    record_status(&stack, "resolved").await;
    let (_, trips) = aws.round_trips(record_status(&stack, "open")).await;
    assert_eq!(trips, 2);
    let (_, trips) = aws.round_trips(record_status(&stack, "open")).await;
    assert_eq!(trips, 1);
}
