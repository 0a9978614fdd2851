//! Refusals of single operations.

use reqwest::Method;
use reqwest::header::IF_MATCH;
use serde_json::{Value, json};
use tests::{
    Caller, Callers, Contract, Reply, SENDER, Stack, message, transcript, transcript_with_faces,
};

use crate::contract::responses::{ObservedResponses, hello, offer};

const A_DAY_SECONDS: u64 = 24 * 60 * 60;

pub(super) async fn refuse_rating_requests(observed: &mut ObservedResponses) {
    let stack = Stack::start().await;
    let Callers { agent, .. } = Callers::of(&stack).await;
    let platform = stack.platform().await;
    let path = "/v1/conversations/c1/rating-requests";
    let for_kim = json!({ "agent": { "id": "kim" } });

    let reply = agent.post(path, for_kim.clone()).await;
    observed.record("askRating 403 agent_not_allowed", reply);
    let reply = platform.post(path, json!({})).await;
    observed.record("askRating 422 agent_required", reply);

    let reply = platform.post_with_key(path, "key", for_kim).await;
    observed.record("askRating 201", reply);
    let renamed = json!({ "agent": { "id": "kim", "name": "Kim" } });
    let reply = platform.post_with_key(path, "key", renamed).await;
    observed.record("askRating 422 idempotency_key_reused", reply);
    let reply = agent.ask("c1").await;
    observed.record("askRating 429 rating_already_requested", reply);

    let path = "/v1/conversations/c2";
    let reply = agent.put(path, json!({ "channel": "voice" })).await;
    observed.record("recordConversation 201", reply);
    let reply = agent.ask("c2").await;
    observed.record("askRating 409 channel_not_supported", reply);
    let reply = agent.get(path).await;
    observed.record("readConversation 200", reply);

    let options = Stack::options_with(&[("VisitorAskIntervalDays", "30")]);
    let stack = Stack::start_with(options).await;
    let Callers { agent, .. } = Callers::of(&stack).await;
    agent.ask("c1").await.expect(201);
    let reply = stack.agent("jo").await.ask("c1").await;
    observed.record("askRating 409 visitor_asked_recently", reply);
    let reply = agent.get("/v1/conversations/c1").await;
    observed.record("readConversation 200", reply);
}

pub(super) async fn refuse_expired_ratings(observed: &mut ObservedResponses) {
    let stack = Stack::start().await;
    let Callers { agent, visitor } = Callers::of(&stack).await;
    let settings = json!({ "asking": { "expires_after_days": 1 } });
    agent.put("/v1/settings", settings).await.expect(200);
    let request = agent.ask_for_id("c1").await;
    stack.settle().await;
    stack.advance(A_DAY_SECONDS + 1).await;
    let reply = visitor.rate(&request, json!({ "score": 1 })).await;
    observed.record("submitRating 410 rating_request_expired", reply);
    stack.settle().await;
    let reply = agent.get("/v1/conversations/c1").await;
    observed.record("readConversation 200", reply);
}

pub(super) async fn refuse_ratings(observed: &mut ObservedResponses) {
    let stack = Stack::start().await;
    let Callers { agent, visitor } = Callers::of(&stack).await;
    let superseded = agent.ask_for_id("c1").await;
    let current = stack.agent("jo").await.ask_for_id("c1").await;

    let reply = visitor.rate(&superseded, json!({ "score": 1 })).await;
    observed.record("submitRating 410 rating_request_superseded", reply);
    agent
        .put("/v1/conversations/c1", json!({ "status": "resolved" }))
        .await
        .expect(200);
    agent
        .put("/v1/conversations/c1", json!({ "status": "open" }))
        .await
        .expect(200);
    let reply = visitor.rate(&current, json!({ "score": 1 })).await;
    observed.record("submitRating 410 rating_request_withdrawn", reply);

    let current = stack.agent("lu").await.ask_for_id("c1").await;
    let reply = visitor.rate(&current, json!({ "score": 6 })).await;
    observed.record("submitRating 422 invalid_score", reply);
    let answer = json!({ "score": 1, "reasons": ["unknown"] });
    let reply = visitor.rate(&current, answer).await;
    observed.record("submitRating 422 invalid_reason", reply);
    let reply = visitor.rate(&current, json!({ "score": 1 })).await;
    observed.record("submitRating 201", reply);
    stack.advance(A_DAY_SECONDS + 1).await;
    let reply = visitor.rate(&current, json!({ "score": 2 })).await;
    observed.record("submitRating 409 rating_closed", reply);

    stack.verified_sender().await;
    let max = stack.agent("max").await;
    let reply = max.send_transcript_as("c1", transcript_with_faces()).await;
    let sent = observed.record("sendTranscript 201", reply);
    let request = sent["rating_request"]["id"].as_str().unwrap();
    let link = &stack.link_tokens().await[0];
    stack.advance(30 * A_DAY_SECONDS).await;
    let reply = stack
        .bearer(link)
        .rate(request, json!({ "score": 5 }))
        .await;
    observed.record("submitRating 410 rating_link_expired", reply);
    let path = format!("/v1/visitor/rating-requests/{request}");
    let reply = stack.bearer(link).get(&path).await;
    observed.record("getOneRatingRequest 410 rating_link_expired", reply);
}

pub(super) async fn refuse_settings(observed: &mut ObservedResponses) {
    let stack = Stack::start().await;
    let Callers { agent, .. } = Callers::of(&stack).await;
    let request = agent.request(Method::PUT, "/v1/settings");
    let reply = Reply::of(request.header(IF_MATCH, "\"1\"").json(&json!({}))).await;
    observed.record("putSettings 412 settings_changed", reply);
}

pub(super) async fn refuse_transcripts(observed: &mut ObservedResponses) {
    let stack = Stack::start().await;
    let Callers { agent, .. } = Callers::of(&stack).await;
    let platform = stack.platform().await;
    let with = |member: &str, value: Value| {
        let mut body = transcript();
        body[member] = value;
        body
    };
    let for_kim = with("agent", json!({ "id": "kim" }));

    let reply = agent.send_transcript("c1").await;
    observed.record("sendTranscript 422 sender_not_verified", reply);
    stack.verified_sender().await;
    let reply = agent.send_transcript_as("c1", for_kim.clone()).await;
    observed.record("sendTranscript 403 agent_not_allowed", reply);
    let reply = platform.send_transcript("c1").await;
    observed.record("sendTranscript 422 agent_required", reply);
    let reply = agent
        .send_transcript_as("c1", with("to", json!("ana")))
        .await;
    observed.record("sendTranscript 422 invalid_recipient", reply);
    let mut other_recipient = transcript_with_faces();
    other_recipient["to"] = json!("bo@example.net");
    let reply = agent.send_transcript_as("c1", other_recipient).await;
    observed.record("sendTranscript 422 invalid_request", reply);
    let reply = agent
        .send_transcript_as("c1", with("sender_name", json!("a@b")))
        .await;
    observed.record("sendTranscript 422 invalid_sender_name", reply);

    let path = "/v1/conversations/c2";
    agent
        .put(path, json!({ "channel": "voice" }))
        .await
        .expect(201);
    let reply = agent.send_transcript("c2").await;
    observed.record("sendTranscript 422 recipient_required", reply);
    let to_anyone = with("to", json!("ana@example.org"));
    let reply = agent.send_transcript_as("c2", to_anyone.clone()).await;
    observed.record("sendTranscript 422 nothing_to_send", reply);
    // More than a mail can contain: each character takes five bytes in HTML.
    record_many(&agent, "c2", &"'".repeat(32_000), 6, 30).await;
    let reply = agent.send_transcript_as("c2", to_anyone).await;
    observed.record("sendTranscript 422 transcript_too_large", reply);

    stack.begin_an_hour().await;
    for _ in 0..2 {
        let reply = agent
            .send_transcript_as("c1", transcript_with_faces())
            .await;
        observed.record("sendTranscript 201", reply);
    }
    stack.begin_an_hour().await;
    let path = "/v1/conversations/c1/transcripts";
    for _ in 0..2 {
        let reply = platform.post_with_key(path, "key", for_kim.clone()).await;
        observed.record("sendTranscript 201", reply);
    }
    let for_jo = with("agent", json!({ "id": "kim", "name": "Kim" }));
    let reply = platform.post_with_key(path, "key", for_jo).await;
    observed.record("sendTranscript 422 idempotency_key_reused", reply);
    for _ in 0..4 {
        let reply = agent.send_transcript("c1").await;
        observed.record("sendTranscript 201", reply);
    }
    let reply = agent.send_transcript("c1").await;
    observed.record("sendTranscript 429 transcript_limit_reached", reply);
    let reply = agent.get("/v1/conversations/c1").await;
    observed.record("readConversation 200", reply);
}

pub(super) async fn refuse_previews(observed: &mut ObservedResponses) {
    let stack = Stack::start().await;
    let Callers { agent, .. } = Callers::of(&stack).await;
    let platform = stack.platform().await;
    let path = "/v1/conversations/c1/transcripts/preview";
    let with = |member: &str, value: Value| {
        let mut body = transcript();
        body[member] = value;
        body
    };
    let reply = agent.post(path, transcript()).await;
    observed.record("previewTranscript 422 sender_not_verified", reply);
    stack.verified_sender().await;
    let reply = agent
        .post(path, with("agent", json!({ "id": "kim" })))
        .await;
    observed.record("previewTranscript 403 agent_not_allowed", reply);
    let reply = platform.post(path, transcript()).await;
    observed.record("previewTranscript 422 agent_required", reply);
    let reply = agent.post(path, with("to", json!("ana"))).await;
    observed.record("previewTranscript 422 invalid_recipient", reply);
    let reply = agent.post(path, with("sender_name", json!("a@b"))).await;
    observed.record("previewTranscript 422 invalid_sender_name", reply);
    let reply = agent.post(path, with("note", json!("Hi Ana"))).await;
    observed.record("previewTranscript 200", reply);

    let conversation = "/v1/conversations/c2";
    agent
        .put(conversation, json!({ "channel": "voice" }))
        .await
        .expect(201);
    let path = "/v1/conversations/c2/transcripts/preview";
    let reply = agent.post(path, transcript()).await;
    observed.record("previewTranscript 422 recipient_required", reply);
    let to_anyone = with("to", json!("ana@example.org"));
    let reply = agent.post(path, to_anyone.clone()).await;
    observed.record("previewTranscript 422 nothing_to_send", reply);
    // The HTML part is short, and the file of the whole conversation is not in the response.
    record_many(&agent, "c2", "Hello", 1, 1).await;
    record_many(&agent, "c2", &"'".repeat(20_000), 2, 10).await;
    let reply = agent.post(path, to_anyone.clone()).await;
    let shown = observed.record("previewTranscript 200", reply);
    assert_eq!(shown["attachment"]["name"], "transcript.html");
    record_many(&agent, "c2", &"'".repeat(32_000), 6, 30).await;
    let reply = agent.post(path, to_anyone).await;
    observed.record("previewTranscript 422 transcript_too_large", reply);
}

pub(super) async fn refuse_visitor_transcripts(observed: &mut ObservedResponses) {
    let stack = Stack::start().await;
    let Callers { agent, visitor } = Callers::of(&stack).await;
    stack.verified_sender().await;
    let path = "/v1/visitor/transcripts";
    let request = async |caller: &Caller| caller.post(path, json!({})).await;
    let reply = request(&visitor).await;
    observed.record("sendVisitorTranscript 403 transcripts_not_offered", reply);
    agent.put("/v1/settings", offer()).await.expect(200);
    stack.advance(61).await;
    stack.begin_an_hour().await;
    for _ in 0..2 {
        let reply = visitor.post_with_key(path, "key", json!({})).await;
        observed.record("sendVisitorTranscript 201", reply);
    }
    let reply = visitor.get("/v1/visitor/rating-request").await;
    observed.record("getRatingRequest 200", reply);
    for _ in 0..4 {
        let reply = request(&visitor).await;
        observed.record("sendVisitorTranscript 201", reply);
    }
    for seconds in [0, 60 * 60] {
        stack.advance(seconds).await;
        let reply = request(&visitor).await;
        observed.record("sendVisitorTranscript 429 transcript_limit_reached", reply);
    }

    let conversation = "/v1/conversations/c2";
    let recorded = agent.put(conversation, json!({ "channel": "voice" })).await;
    let recorded = recorded.expect(201);
    let visitor = stack.bearer(recorded["visitor_token"].as_str().unwrap());
    let reply = request(&visitor).await;
    observed.record("sendVisitorTranscript 422 recipient_required", reply);
    let email = json!({ "visitor": { "email": "bo@example.org" } });
    agent.put(conversation, email).await.expect(200);
    let reply = request(&visitor).await;
    observed.record("sendVisitorTranscript 422 nothing_to_send", reply);
    record_many(&agent, "c2", &"'".repeat(32_000), 6, 30).await;
    let reply = request(&visitor).await;
    observed.record("sendVisitorTranscript 422 transcript_too_large", reply);
}

/// Records `batches` batches of `size` messages with this text.
async fn record_many(agent: &Caller, conversation: &str, text: &str, batches: usize, size: usize) {
    let path = format!("/v1/conversations/{conversation}/messages");
    for batch in 0..batches {
        let messages = (0..size).map(|number| {
            let id = format!("m{batch}-{number}");
            message(&id, "2026-01-05T09:00:00Z", text)
        });
        let body = json!({ "messages": messages.collect::<Vec<_>>() });
        agent.post(&path, body).await.expect(200);
    }
}

pub(super) async fn refuse_a_taken_sender(observed: &mut ObservedResponses) {
    let stack = Stack::start_with_organisations().await;
    let path = format!("/v1/senders/{SENDER}");
    let reply = stack
        .agent_of("one", "kim")
        .await
        .put(&path, json!({}))
        .await;
    observed.record("putSender 201", reply);
    let reply = stack
        .agent_of("two", "jo")
        .await
        .put(&path, json!({}))
        .await;
    observed.record("putSender 409 sender_taken", reply);
}

pub(super) async fn refuse_erased_conversations(observed: &mut ObservedResponses) {
    let stack = Stack::start().await;
    let Callers { agent, .. } = Callers::of(&stack).await;
    let conversation = "/v1/conversations/c1";
    record_many(&agent, "c1", "Hello", 22, 100).await;
    let visitor = "/v1/visitors/ana@example.org";
    let other = json!({ "channel": "widget", "visitor": { "email": "ana@example.org" } });
    agent.put("/v1/conversations/c2", other).await.expect(201);
    let other = json!({ "visitor": { "email": "bo@example.org" } });
    agent.put("/v1/conversations/c2", other).await.expect(200);

    let reply = agent.delete(conversation).await;
    observed.record("eraseConversation 202", reply);
    let reply = agent.delete(visitor).await;
    observed.record("eraseVisitor 202", reply);
    let reply = agent.delete(visitor).await;
    let erased = observed.record("eraseVisitor 200", reply);
    assert_eq!(erased["kept"], json!(["c2"]));

    let stack = Stack::start().await;
    let Callers { agent: other, .. } = Callers::of(&stack).await;
    record_many(&other, "c1", "Hello", 11, 100).await;
    for name in ["eraseVisitorByPost 202", "eraseVisitorByPost 200"] {
        let body = json!({ "email": "ana@example.org" });
        let reply = other.post("/v1/visitors/erase", body).await;
        observed.record(name, reply);
    }

    let reply = agent.delete(conversation).await;
    observed.record("eraseConversation 200", reply);

    let body = json!({ "channel": "widget" });
    let reply = agent.put(conversation, body).await;
    observed.record("recordConversation 410 conversation_erased", reply);
    let body = json!({ "messages": [hello()] });
    let messages = format!("{conversation}/messages");
    let reply = agent.post(&messages, body).await;
    observed.record("recordMessages 410 conversation_erased", reply);
}

#[tokio::test]
async fn other_recipients_are_refused_if_the_stack_does_not_allow_them() {
    let options = Stack::options_with(&[("AllowOtherRecipients", "false")]);
    let stack = Stack::start_with(options).await;
    let Callers { agent, .. } = Callers::of(&stack).await;
    stack.verified_sender().await;
    let mut other_recipient = transcript();
    other_recipient["to"] = json!("elsewhere@example.org");
    let reply = agent.send_transcript_as("c1", other_recipient).await;
    let name = Contract::load().recognize("sendTranscript", &reply);
    assert_eq!(name, "sendTranscript 422 invalid_recipient");
}
