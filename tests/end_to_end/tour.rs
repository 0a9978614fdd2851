use local::Options;
use serde_json::json;
use tests::{SENDER, Stack};

#[tokio::test]
async fn a_conversation_is_recorded_rated_and_mailed() {
    // SES as it is in a new account.
    let stack = Stack::start_with(Options {
        ses_rate_limit: true,
        ses_sandbox: true,
        ..Stack::options()
    })
    .await;
    stack.identity("ana@example.org", true).await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;

    let sender = format!("/v1/senders/{SENDER}");
    let claimed = agent.put(&sender, json!({ "name": "Acme" })).await;
    let claimed = claimed.expect(201);
    assert_eq!(claimed["sender"]["verification"], "pending");
    stack.identity(SENDER, true).await;
    let claimed = agent.put(&sender, json!({})).await.expect(200);
    assert_eq!(claimed["sender"]["verification"], "verified");

    let created = agent
        .post("/v1/conversations/c1/rating-requests", json!({}))
        .await
        .expect(201);
    let request_id = created["rating_request"]["id"].as_str().unwrap();
    let shown = visitor.get("/v1/visitor/rating-request").await.expect(200);
    assert_eq!(shown["rating_request"]["id"], request_id);

    let path = format!("/v1/visitor/rating-requests/{request_id}/rating");
    visitor
        .put(&path, json!({ "score": 5, "comment": "Thank you" }))
        .await
        .expect(201);

    let sent = agent
        .post(
            "/v1/conversations/c1/transcripts",
            json!({ "from": SENDER, "sender_name": "Acme support" }),
        )
        .await
        .expect(201);
    assert_eq!(sent["transcript"]["to"], "ana@example.org");
    assert_eq!(sent["quota"]["remaining"], 4);
    let outbox = stack.outbox().await;
    assert_eq!(outbox.len(), 1);
    assert!(outbox[0]["text"].as_str().unwrap().contains("Hello"));

    let read = agent.get("/v1/conversations/c1").await.expect(200);
    assert_eq!(read["rating"]["score"], 5);
    assert_eq!(read["rating"]["agent_id"], "kim");
    let kinds: Vec<_> = read["thread"]["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["event"]["type"].as_str().unwrap_or("message"))
        .collect();
    assert_eq!(
        kinds,
        [
            "message",
            "rating_requested",
            "rating_submitted",
            "transcript_sent"
        ]
    );
    assert_eq!(read["transcripts"][0]["state"], "sent");
}
