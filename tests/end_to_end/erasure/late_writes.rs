//! Writes during and after an erasure.

use futures_util::future::join_all;
use serde_json::json;
use tests::{AwsCall, Stack, message, transcript_with_faces};

use crate::erasure::{CONVERSATION, begin_erasure, erase, fill, partition};

/// Matches the AWS call of a write.
type Matcher = fn(&AwsCall) -> bool;

#[tokio::test]
async fn every_request_to_an_erased_conversation_is_refused() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    let rating_requests = format!("{CONVERSATION}/rating-requests");
    let created = agent
        .post_with_key(&rating_requests, "ask", json!({}))
        .await
        .expect(201);
    let request = created["rating_request"]["id"].as_str().unwrap();
    agent
        .send_transcript_with_key("c1", "send")
        .await
        .expect(201);
    let jo = stack.agent("jo").await;
    let sent = jo
        .send_transcript_as("c1", transcript_with_faces())
        .await
        .expect(201);
    let requested_by_mail = sent["rating_request"]["id"].as_str().unwrap();
    let link = stack.bearer(&stack.link_tokens().await[0]);
    erase(&agent, CONVERSATION).await;
    let before = stack.all_data().await;

    for body in [json!({ "channel": "widget" }), json!({ "status": "open" })] {
        platform
            .put(CONVERSATION, body)
            .await
            .expect_problem(410, "conversation_erased");
    }
    let named = json!({ "channel": "widget", "visitor": { "email": "ana@example.org" } });
    platform
        .put(CONVERSATION, named)
        .await
        .expect_problem(410, "conversation_erased");
    let body = json!({ "messages": [message("m9", "2026-01-05T09:50:00Z", "Late")] });
    platform
        .post(&format!("{CONVERSATION}/messages"), body)
        .await
        .expect_problem(410, "conversation_erased");
    for reply in [
        agent.ask("c1").await,
        agent
            .post_with_key(&rating_requests, "ask", json!({}))
            .await,
        agent.send_transcript("c1").await,
        agent.send_transcript_with_key("c1", "send").await,
        agent
            .send_transcript_as("c1", transcript_with_faces())
            .await,
        agent.get(CONVERSATION).await,
    ] {
        reply.expect_problem(404, "conversation_not_found");
    }
    for reply in [
        visitor.get("/v1/visitor/rating-request").await,
        visitor.rate(request, json!({ "score": 1 })).await,
        link.rate(requested_by_mail, json!({ "score": 1 })).await,
    ] {
        reply.expect_problem(401, "invalid_visitor_token");
    }
    assert_eq!(stack.all_data().await, before);
}

/// Each write reads the conversation before the erasure and reaches DynamoDB after it.
#[tokio::test]
async fn a_write_delayed_until_after_the_erasure_has_no_effect() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let platform = stack.platform().await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    let agent = stack.agent("kim").await;
    let writes: [(&str, Matcher, u16); 7] = [
        ("put", |call| call.is("dynamodb:UpdateItem"), 410),
        ("name", |call| call.mentions("#VISITOR#"), 410),
        ("messages", |call| call.mentions("Late"), 410),
        ("ask", |call| call.mentions("rating_requested"), 404),
        ("rate", |call| call.mentions("rating_submitted"), 401),
        ("reserve", |call| call.mentions("ADD ids"), 404),
        ("record", |call| call.mentions("transcript_sent"), 201),
    ];
    for (number, (kind, which, status)) in writes.into_iter().enumerate() {
        let id = format!("c{number}");
        let path = format!("/v1/conversations/{id}");
        let visitor = stack.conversation(&id).await;
        let request = match kind {
            "rate" => agent.ask_for_id(&id).await,
            _ => String::new(),
        };
        let held = aws.hold(which);
        let write = async {
            match kind {
                "put" => platform.put(&path, json!({ "status": "resolved" })).await,
                "name" => {
                    let body = json!({ "visitor": { "email": "late@example.org" } });
                    platform.put(&path, body).await
                }
                "messages" => {
                    let late = message("m9", "2026-01-05T09:50:00Z", "Late");
                    let body = json!({ "messages": [late] });
                    platform.post(&format!("{path}/messages"), body).await
                }
                "ask" => agent.ask(&id).await,
                "rate" => visitor.rate(&request, json!({ "score": 3 })).await,
                _ => agent.send_transcript(&id).await,
            }
        };
        let erasure = async {
            held.arrived().await;
            if kind == "record" {
                begin_erasure(&agent, &path).await;
            } else {
                erase(&agent, &path).await;
            }
            let before = stack.items().await;
            held.release();
            before
        };
        let (reply, before) = tokio::join!(write, erasure);
        assert_eq!(reply.status, status, "{kind}: {}", reply.body);
        if kind == "record" {
            erase(&agent, &path).await;
        } else {
            assert_eq!(stack.items().await, before, "{kind}");
        }
        let sort_keys = partition(&stack, &id).await;
        let left = if kind == "rate" { 2 } else { 1 };
        assert_eq!(sort_keys.len(), left, "{kind}: {sort_keys:?}");
    }
}

/// All kinds of writes to one conversation at the same time.
#[tokio::test]
async fn a_hundred_concurrent_writes_during_an_erasure_restore_nothing() {
    let stack = Stack::start().await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    let platform = stack.platform().await;
    let visitor = stack.conversation("c1").await;
    fill(&platform, "c1", 300).await;
    let agent = stack.agent("kim").await;
    let request = agent.ask_for_id("c1").await;
    let ids: Vec<_> = (0..10).map(|number| format!("agent-{number}")).collect();
    let agents = join_all(ids.iter().map(|id| stack.agent(id))).await;
    let write = |turn: usize| {
        let (stack, platform, visitor) = (&stack, &platform, &visitor);
        let agent = &agents[turn / 10];
        let request = &request;
        async move {
            let path = format!("{CONVERSATION}/messages");
            match turn % 10 {
                0 => agent.ask("c1").await,
                1 => agent.send_transcript("c1").await,
                2 => {
                    visitor
                        .rate(request, json!({ "score": 1 + turn / 25 }))
                        .await
                }
                3 => {
                    let email = format!("ana{turn}@example.org");
                    let body = json!({ "channel": "widget", "visitor": { "email": email } });
                    platform.put(CONVERSATION, body).await
                }
                4 => {
                    platform
                        .put(CONVERSATION, json!({ "status": "resolved" }))
                        .await
                }
                5 => {
                    agent
                        .send_transcript_as("c1", transcript_with_faces())
                        .await
                }
                6 => stack.agent("eraser").await.delete(CONVERSATION).await,
                _ => {
                    let messages = (0..20).map(|number| {
                        let id = format!("late{turn}-{number}");
                        message(&id, "2026-01-05T09:50:00Z", "Late")
                    });
                    let body = json!({ "messages": messages.collect::<Vec<_>>() });
                    platform.post(&path, body).await
                }
            }
        }
    };
    let replies = join_all((0..100).map(write)).await;
    for (turn, reply) in replies.iter().enumerate() {
        // On a slow machine, 503 is possible, too.
        let is_expected = matches!(reply.status, 200..=202 | 401 | 404 | 410 | 429 | 503);
        assert!(is_expected, "{turn}: {} {}", reply.status, reply.body);
    }
    erase(&agent, CONVERSATION).await;
    let left = partition(&stack, "c1").await;
    for item in left.iter().skip(1) {
        assert!(
            item["sk"]["S"].as_str().unwrap().starts_with("REQUEST#"),
            "{item}"
        );
    }
    assert_eq!(left[0]["sk"]["S"], "CONVERSATION");
    assert!(left[0].get("channel").is_none());
    let text = json!(stack.items().await).to_string();
    for personal in ["Ana", "ana@", "Late", "#VISITOR#", "secret"] {
        assert!(!text.contains(personal), "{personal} in {text}");
    }
}
