//! The transcript that a visitor requests.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Caller, Reply, SENDER, Stack};

const PATH: &str = "/v1/visitor/transcripts";
const ADDRESS: &str = "a•••@example.org";
const AN_HOUR: u64 = 60 * 60;

/// A stack in a new clock hour whose settings offer transcripts to visitors, and the visitor of a
/// conversation.
async fn start_with(parameters: &[(&str, &str)]) -> (Stack, Caller) {
    let stack = Stack::start_with(Stack::options_with(parameters)).await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    store(&stack, offer()).await;
    (stack, visitor)
}

async fn start() -> (Stack, Caller) {
    start_with(&[]).await
}

fn offer() -> Value {
    json!({ "transcripts": { "from": SENDER, "sender_name": "Acme", "visitor_may_request": true } })
}

async fn store(stack: &Stack, settings: Value) {
    let agent = stack.agent("kim").await;
    agent.put("/v1/settings", settings).await.expect(200);
}

async fn request(visitor: &Caller) -> Reply {
    visitor.post(PATH, json!({})).await
}

async fn button(visitor: &Caller) -> Value {
    visitor.get("/v1/visitor/rating-request").await.expect(200)["transcript"].take()
}

#[tokio::test]
async fn a_visitor_gets_the_transcript_at_the_recorded_address() {
    let (stack, visitor) = start().await;
    assert_eq!(
        button(&visitor).await,
        json!({ "state": "enabled", "to": ADDRESS })
    );
    let sent = request(&visitor).await.expect(201);
    let transcript = &sent["transcript"];
    assert_eq!(transcript["to"], ADDRESS);
    assert_eq!(transcript["from"], SENDER);
    assert_eq!(transcript["sender_name"], "Acme");
    assert_eq!(transcript["message_count"], 1);
    assert_eq!(sent["quota"]["remaining"], 4);
    let mail = stack.outbox().await.pop().unwrap();
    assert_eq!(mail["to"], json!(["ana@example.org"]));
    assert!(mail["text"].as_str().unwrap().contains("Hello"));
    let agent = stack.agent("kim").await;
    let events = agent.events("c1", "transcript_sent").await;
    assert_eq!(events[0]["agent"], json!({ "id": "visitor" }));
    assert_eq!(events[0]["to"], ADDRESS);
}

#[tokio::test]
async fn the_button_is_in_the_visitors_language_also_without_a_rating_request() {
    let (stack, visitor) = start().await;
    let platform = stack.platform().await;
    let language = json!({ "visitor": { "language": "pl" } });
    platform
        .put("/v1/conversations/c1", language)
        .await
        .expect(200);
    let view = visitor.rating_request().await;
    assert_eq!(view["rating_request"], Value::Null);
    assert_eq!(view["language"], "pl");
}

#[tokio::test]
async fn a_body_is_not_required_and_can_name_no_other_address() {
    let (stack, visitor) = start().await;
    visitor
        .send(reqwest::Method::POST, PATH, "")
        .await
        .expect(201);
    let to = json!({ "to": "other@example.com" });
    let problem = visitor.post(PATH, to).await;
    let problem = problem.expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "to");
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn without_settings_no_transcript_is_offered() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    assert_eq!(button(&visitor).await, json!({ "state": "hidden" }));
    let refused = request(&visitor).await;
    refused.expect_problem(403, "transcripts_not_offered");
    let settings = json!({ "transcripts": { "from": SENDER } });
    store(&stack, settings).await;
    stack.advance(61).await;
    let refused = request(&visitor).await;
    refused.expect_problem(403, "transcripts_not_offered");
    assert_eq!(stack.outbox().await, Vec::<Value>::new());
}

#[tokio::test]
async fn settings_that_offer_transcripts_name_a_sender() {
    let (stack, _) = start().await;
    let agent = stack.agent("kim").await;
    let settings = json!({ "transcripts": { "visitor_may_request": true } });
    let problem = agent.put("/v1/settings", settings).await;
    let problem = problem.expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "transcripts.from");
}

#[tokio::test]
async fn without_a_recorded_address_nothing_is_sent() {
    let (stack, _) = start().await;
    let platform = stack.platform().await;
    let recorded = platform
        .put("/v1/conversations/c2", json!({ "channel": "widget" }))
        .await
        .expect(201);
    let visitor = stack.bearer(recorded["visitor_token"].as_str().unwrap());
    assert_eq!(button(&visitor).await, json!({ "state": "disabled" }));
    let problem = request(&visitor).await;
    problem.expect_problem(422, "recipient_required");
}

#[tokio::test]
async fn a_token_of_nobody_of_another_visitor_or_of_an_agent_is_refused() {
    let (stack, visitor) = start().await;
    let agent = stack.agent("kim").await;
    let mut other = visitor.token().to_owned();
    let last = if other.ends_with('A') { 'Q' } else { 'A' };
    other.replace_range(other.len() - 2..other.len() - 1, &last.to_string());
    for caller in [stack.nobody(), agent, stack.bearer(&other)] {
        let refused = request(&caller).await;
        refused.expect_problem(401, "invalid_visitor_token");
    }
    assert_eq!(stack.outbox().await, Vec::<Value>::new());
}

#[tokio::test]
async fn the_reader_of_a_mail_can_request_no_transcript() {
    let (stack, _) = start().await;
    let agent = stack.agent("kim").await;
    let body = json!({ "from": SENDER, "sender_name": "Acme", "ask_for_rating": true });
    agent.send_transcript_as("c1", body).await.expect(201);
    let mail = stack.outbox().await.pop().unwrap();
    let text = mail["text"].as_str().unwrap();
    let (_, link) = text.split_once("/rate#").unwrap();
    let token = link.split('/').next().unwrap();
    let reader = stack.bearer(token);
    let refused = request(&reader).await;
    refused.expect_problem(401, "invalid_visitor_token");
}

#[tokio::test]
async fn a_retry_sends_no_second_mail() {
    let (stack, visitor) = start().await;
    let send = async || visitor.post_with_key(PATH, "k1", json!({})).await;
    let first = send().await.expect_first();
    assert_eq!(send().await.expect_replayed(), first);
    // The sender of the settings changed between the two attempts.
    store(
        &stack,
        json!({ "transcripts": { "from": SENDER, "sender_name": "Other", "visitor_may_request": true } }),
    )
    .await;
    stack.advance(61).await;
    assert_eq!(send().await.expect_replayed(), first);
    assert_eq!(stack.outbox().await.len(), 1);
    request(&visitor).await.expect(201);
    assert_eq!(stack.outbox().await.len(), 2);
}

#[tokio::test]
async fn a_visitor_can_request_five_transcripts_in_24_hours() {
    let (stack, visitor) = start().await;
    let first = request(&visitor).await.expect(201);
    let first_at = first["transcript"]["sent_at"].as_str().unwrap().to_owned();
    for _ in 0..4 {
        stack.advance(AN_HOUR).await;
        request(&visitor).await.expect(201);
    }
    stack.advance(AN_HOUR).await;
    let refused = request(&visitor).await;
    assert_eq!(
        refused.header("ratelimit-policy"),
        "\"visitor-transcripts\";q=5;w=86400"
    );
    let problem = refused.expect_problem(429, "transcript_limit_reached");
    let resets_at = problem["resets_at"].as_str().unwrap();
    assert!(resets_at > first_at.as_str());
    assert_eq!(resets_at[10..19], first_at[10..19]);
    // An agent can still send, because the limit is the visitor's own.
    let agent = stack.agent("kim").await;
    agent.send_transcript("c1").await.expect(201);
    stack.advance(19 * AN_HOUR).await;
    request(&visitor).await.expect(201);
    request(&visitor)
        .await
        .expect_problem(429, "transcript_limit_reached");
}

#[tokio::test]
async fn transcripts_of_visitors_count_for_the_conversation_and_the_organisation_but_for_no_agent()
{
    let (stack, visitor) = start_with(&[
        ("AgentTranscriptsPerHour", "1"),
        ("OrganisationTranscriptsPerHour", "4"),
    ])
    .await;
    for _ in 0..3 {
        request(&visitor).await.expect(201);
    }
    let agent = stack.agent("kim").await;
    let sent = agent.send_transcript("c1").await.expect(201);
    assert_eq!(sent["quota"]["remaining"], 1);
    let other = stack.conversation("c2").await;
    let refused = request(&other).await;
    assert!(refused.header("ratelimit-policy").contains("organisation"));
    refused.expect_problem(429, "transcript_limit_reached");
}

/// The sorted statuses of 40 concurrent requests.
async fn request_at_once(visitor: &Caller) -> Vec<u16> {
    let replies = join_all((0..40).map(|_| request(visitor))).await;
    let mut statuses: Vec<_> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    statuses
}

#[tokio::test]
async fn of_40_concurrent_requests_five_are_sent() {
    let (stack, visitor) = start().await;
    let statuses = request_at_once(&visitor).await;
    assert_eq!(statuses, [vec![201; 5], vec![429; 35]].concat());
    assert_eq!(stack.outbox().await.len(), 5);
}

#[tokio::test]
async fn of_40_concurrent_requests_after_four_in_earlier_hours_one_is_sent() {
    let (stack, visitor) = start().await;
    for _ in 0..4 {
        request(&visitor).await.expect(201);
        stack.advance(AN_HOUR).await;
    }
    let statuses = request_at_once(&visitor).await;
    assert_eq!(statuses, [vec![201; 1], vec![429; 39]].concat());
    let refused = request(&visitor).await;
    assert!(
        refused
            .header("ratelimit-policy")
            .contains("visitor-transcripts")
    );
}

#[tokio::test]
async fn requests_that_are_refused_by_ses_at_once_use_up_nothing() {
    let (stack, visitor) = start().await;
    stack.next_sends(&["reject"; 5]).await;
    let replies = join_all((0..5).map(|_| request(&visitor))).await;
    assert!(replies.iter().all(|reply| reply.status == 502));
    for _ in 0..5 {
        request(&visitor).await.expect(201);
    }
}

#[tokio::test]
async fn a_retry_is_replayed_even_if_transcripts_are_no_longer_offered() {
    let (stack, visitor) = start().await;
    let send = async || visitor.post_with_key(PATH, "k1", json!({})).await;
    let first = send().await.expect_first();
    store(&stack, json!({})).await;
    stack.advance(61).await;
    assert_eq!(send().await.expect_replayed(), first);
    let other = visitor.post_with_key(PATH, "k2", json!({})).await;
    other.expect_problem(403, "transcripts_not_offered");
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_brand_that_fits_into_no_header_is_replaced_by_the_domain_of_the_sender() {
    let (stack, visitor) = start().await;
    let settings = json!({
        "brand": { "name": "株".repeat(100) },
        "transcripts": { "from": SENDER, "visitor_may_request": true },
    });
    store(&stack, settings).await;
    let sent = request(&visitor).await.expect(201);
    let (_, domain) = SENDER.split_once('@').unwrap();
    assert_eq!(sent["transcript"]["sender_name"], domain);
}

#[tokio::test]
async fn a_request_that_sent_nothing_uses_up_nothing() {
    let (stack, visitor) = start().await;
    for _ in 0..6 {
        stack.next_sends(&["reject"]).await;
        let failed = request(&visitor).await;
        assert!(failed.status >= 500, "{}", failed.status);
    }
    for _ in 0..5 {
        request(&visitor).await.expect(201);
    }
}

#[tokio::test]
async fn a_sender_that_is_not_verified_is_no_fault_of_the_visitor() {
    let (stack, visitor) = start().await;
    let settings = json!({ "transcripts": {
        "from": "unknown@example.com", "visitor_may_request": true
    } });
    store(&stack, settings).await;
    let refused = request(&visitor).await;
    refused.expect_problem(503, "email_unavailable");
}

#[tokio::test]
async fn an_agent_with_a_reserved_id_is_refused() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    for id in ["visitor", "automatic"] {
        let agent = stack.agent(id).await;
        let refused = agent.ask("c1").await;
        refused.expect_problem(403, "token_not_accepted");
        let path = "/v1/conversations/c1/rating-requests";
        let refused = platform.post(path, json!({ "agent": { "id": id } })).await;
        let problem = refused.expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "agent.id");
        let assignee = json!({ "assignee": { "id": id } });
        let refused = platform.put("/v1/conversations/c1", assignee).await;
        let problem = refused.expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "assignee.id");
    }
}
