//! Transcripts without faces, and refused rating requests.

use serde_json::{Value, json};
use tests::{message, transcript, transcript_with_faces};

use crate::mail_rating::Setup;

fn refused(code: &str) -> Value {
    json!({ "refused": { "code": code } })
}

#[tokio::test]
async fn during_the_agents_cooldown_the_transcript_is_sent_without_faces() {
    let setup = Setup::start().await;
    setup.agent.ask_for_id("c1").await;
    let sent = setup
        .agent
        .send_transcript_as("c1", transcript_with_faces())
        .await;
    let sent = sent.expect(201);
    assert_eq!(sent["rating_request"], refused("rating_already_requested"));
    assert_eq!(sent["quota"]["remaining"], 4);
    setup.assert_no_faces().await;
    assert_eq!(setup.count_rating_requests("c1").await, 1);
    assert_eq!(setup.agent.events("c1", "transcript_sent").await.len(), 1);
}

#[tokio::test]
async fn a_second_transcript_requests_a_rating_only_after_seven_days() {
    let setup = Setup::start().await;
    let first = setup.request_rating().await;
    let second = setup
        .agent
        .send_transcript_as("c1", transcript_with_faces())
        .await;
    let second = second.expect(201);
    assert_eq!(
        second["rating_request"],
        refused("rating_already_requested")
    );
    setup.assert_no_faces().await;
    let available_at = first.sent["rating_request"]["next_request_at"].as_str();
    let stack = &setup.stack;
    stack
        .stop_clock_a_second_before(available_at.unwrap())
        .await;
    stack.advance(1).await;
    let third = setup.request_rating().await;
    assert_ne!(third.request, first.request);
    assert_ne!(third.link.token(), first.link.token());
}

#[tokio::test]
async fn on_an_unsupported_channel_the_transcript_is_sent_without_faces() {
    let setup = Setup::start().await;
    let platform = setup.stack.platform().await;
    for channel in ["voice", "messenger"] {
        let path = format!("/v1/conversations/{channel}");
        let visitor = json!({ "email": "ana@example.org" });
        let recorded = json!({ "channel": channel, "visitor": visitor });
        platform.put(&path, recorded).await.expect(201);
        let hello = message("m1", "2026-01-05T09:00:00Z", "Hello");
        let messages = json!({ "messages": [hello] });
        let path = format!("{path}/messages");
        platform.post(&path, messages).await.expect(200);

        let sent = setup
            .agent
            .send_transcript_as(channel, transcript_with_faces())
            .await;
        let sent = sent.expect(201);
        assert_eq!(sent["rating_request"], refused("channel_not_supported"));
        setup.assert_no_faces().await;
        assert_eq!(setup.count_rating_requests(channel).await, 0);
    }
}

#[tokio::test]
async fn a_rating_cannot_be_requested_from_another_recipient() {
    let setup = Setup::start().await;
    let before = setup.stack.all_data().await;
    let mut body = transcript_with_faces();
    body["to"] = json!("bo@example.net");
    let problem = setup.agent.send_transcript_as("c1", body.clone()).await;
    let problem = problem.expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "ask_for_rating");
    assert_eq!(setup.stack.all_data().await, before);
    assert_eq!(setup.agent.remaining("c1").await, 5);
    assert_eq!(setup.count_rating_requests("c1").await, 0);

    body["to"] = json!("ANA@Example.org");
    let sent = setup.agent.send_transcript_as("c1", body).await.expect(201);
    assert!(sent["rating_request"]["id"].is_string(), "{sent}");
}

#[tokio::test]
async fn a_rating_cannot_be_requested_if_the_visitors_address_is_unknown() {
    let setup = Setup::start().await;
    let platform = setup.stack.platform().await;
    let path = "/v1/conversations/c2";
    let recorded = json!({ "channel": "widget" });
    platform.put(path, recorded).await.expect(201);
    let mut body = transcript_with_faces();
    let problem = setup.agent.send_transcript_as("c2", body.clone()).await;
    problem.expect_problem(422, "recipient_required");
    body["to"] = json!("ana@example.org");
    let problem = setup.agent.send_transcript_as("c2", body).await;
    let problem = problem.expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "ask_for_rating");
    assert_eq!(setup.count_rating_requests("c2").await, 0);
}

#[tokio::test]
async fn ask_for_rating_must_be_true_or_false() {
    let setup = Setup::start().await;
    for value in [json!("true"), json!(1), json!([]), json!({})] {
        let mut body = transcript();
        body["ask_for_rating"] = value.clone();
        let problem = setup.agent.send_transcript_as("c1", body).await;
        let problem = problem.expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "ask_for_rating", "{value}");
    }
    assert_eq!(setup.stack.outbox().await.len(), 0);
}

#[tokio::test]
async fn without_ask_for_rating_neither_mail_nor_response_contains_a_rating_request() {
    let setup = Setup::start().await;
    let mut not_asking = transcript_with_faces();
    not_asking["ask_for_rating"] = json!(false);
    for body in [transcript(), not_asking] {
        let sent = setup.agent.send_transcript_as("c1", body).await.expect(201);
        assert!(sent.get("rating_request").is_none(), "{sent}");
        setup.assert_no_faces().await;
    }
    assert_eq!(setup.count_rating_requests("c1").await, 0);
}
