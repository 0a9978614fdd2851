//! The tour of docs/tutorial.md, on the deployed API.

use serde_json::{Value, json};
use tests::{Caller, message, note, tokens_of, transcript, transcript_with_faces};

use crate::issuer::{bearer, caller, claims};
use crate::variable;

/// Records a conversation with two public messages and a private one. Returns its visitor.
async fn recorded(agent: &Caller, conversation: &str) -> Caller {
    let path = format!("/v1/conversations/{conversation}");
    let body = json!({
        "channel": "widget",
        "visitor": { "name": "Ana Reis", "email": "ana@example.org", "time_zone": "Europe/Lisbon" },
    });
    let created = agent.put(&path, body).await.expect(201);
    let messages = json!({ "messages": [
        message("m1", "2026-01-05T09:00:00Z", "Where is my order?"),
        note("m2", "2026-01-05T09:01:00Z", "She called yesterday, too."),
        message("m3", "2026-01-05T09:02:00Z", "It came."),
    ]});
    let recorded = agent.post(&format!("{path}/messages"), messages).await;
    assert_eq!(recorded.expect(200), json!({ "recorded": 3 }));
    bearer(created["visitor_token"].as_str().unwrap())
}

/// Claims the sender of the mails. The first test to call this creates it.
async fn verified_sender(agent: &Caller) {
    let path = format!("/v1/senders/{}", tests::SENDER);
    let claimed = agent.put(&path, json!({ "name": "Acme" })).await;
    claimed.expect_success();
    // ministack verifies an identity immediately.
    let again = agent.put(&path, json!({})).await.expect(200);
    assert_eq!(again["sender"]["verification"], "verified");
}

/// The mails to an address in the AWS emulator.
async fn mails_to(address: &str) -> Vec<Value> {
    let aws = Caller::new(&variable("AWS_ENDPOINT_URL"), None);
    let stored = aws.get("/_ministack/ses/messages").await.expect(200);
    let accounts = stored["messages"].as_object().unwrap().values();
    let mails = accounts.flat_map(|mails| mails.as_array().unwrap());
    mails
        .filter(|mail| mail["To"] == json!([address]))
        .cloned()
        .collect()
}

#[tokio::test]
async fn a_conversation_is_recorded_rated_mailed_and_read() {
    let agent = caller(&claims());
    let visitor = recorded(&agent, "chat-1").await;

    let created = agent.ask("chat-1").await.expect(201);
    let request = created["rating_request"]["id"].as_str().unwrap();
    let again = agent.ask("chat-1").await;
    assert!(again.headers.contains_key("retry-after"), "{again:?}");
    let problem = again.expect_problem(429, "rating_already_requested");
    assert_eq!(
        problem["available_at"],
        created["rating_request"]["next_request_at"]
    );

    let shown = visitor.rating_request().await;
    assert_eq!(shown["rating_request"]["id"], request);
    let answer = json!({ "score": 5, "comment": "Quick and kind." });
    visitor.rate(request, answer.clone()).await.expect(201);
    visitor.rate(request, answer).await.expect(200);
    visitor
        .rate(request, json!({ "score": 4 }))
        .await
        .expect(200);

    verified_sender(&agent).await;
    let sent = agent
        .send_transcript_as("chat-1", transcript())
        .await
        .expect(201);
    assert_eq!(sent["transcript"]["to"], "ana@example.org");
    let mails = mails_to("ana@example.org").await;
    assert_eq!(mails.len(), 1);
    for part in ["BodyText", "BodyHtml"] {
        let part = mails[0][part].as_str().unwrap();
        assert!(
            part.contains("Where is my order?") && !part.contains("She called"),
            "{part}"
        );
    }

    let read = agent.conversation("chat-1").await;
    assert_eq!(read["rating"]["score"], 4);
    assert_eq!(read["transcripts"][0]["state"], "sent");
    let texts: Vec<_> = read["thread"]["entries"]
        .as_array()
        .unwrap()
        .iter()
        .collect();
    assert!(
        texts
            .iter()
            .any(|entry| entry["text"] == "She called yesterday, too.")
    );
}

#[tokio::test]
async fn a_transcripts_links_open_the_rating_page() {
    let agent = caller(&claims());
    recorded(&agent, "chat-2").await;
    let path = "/v1/conversations/chat-2";
    let visitor = json!({ "visitor": { "email": "bo@example.org" } });
    agent.put(path, visitor).await.expect(200);
    verified_sender(&agent).await;
    let sent = agent
        .send_transcript_as("chat-2", transcript_with_faces())
        .await
        .expect(201);
    let request = sent["rating_request"]["id"].as_str().unwrap();

    let mails = mails_to("bo@example.org").await;
    let tokens = tokens_of(mails[0]["BodyText"].as_str().unwrap());
    assert_eq!(tokens.len(), 5);
    let page = agent.get("/rate").await;
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    bearer(&tokens[0])
        .rate(request, json!({ "score": 3 }))
        .await
        .expect(201);
}

#[tokio::test]
async fn the_same_idempotency_key_returns_the_same_response() {
    let agent = caller(&claims());
    recorded(&agent, "chat-3").await;
    let path = "/v1/conversations/chat-3/rating-requests";
    let first = agent
        .post_with_key(path, "key-1", json!({}))
        .await
        .expect(201);
    let again = agent.post_with_key(path, "key-1", json!({})).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.expect(201), first);
}

#[tokio::test]
async fn the_widget_is_served() {
    let nobody = Caller::new(&variable("AFTERCHAT_API"), None);
    let script = nobody.get("/v1/widget.js").await;
    let kind = script.headers["content-type"].to_str().unwrap();
    assert!(kind.starts_with("text/javascript"), "{kind}");
    assert!(script.expect(200).as_str().unwrap().contains("import"));
}
