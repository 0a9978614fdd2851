//! Before a transcript of any kind, the conversation is read on its platform.

use local_chatwoot::{ApiFault, FaultRule, MessageId, Status};
use serde_json::{Value, json};
use tests::{Caller, Reply, SENDER, Stack, transcript};

use crate::chatwoot::Team;
use crate::rules::{DAY, HOUR, WINDOW, advance};

/// The id of a conversation on a platform.
const CONVERSATION: &str = "cw-0123456789ab-1";

/// How often an invocation is attempted.
const ATTEMPTS: usize = 3;

/// A team with a sender, and a message whose events are lost.
async fn team_with_a_lost_message() -> (Team, String) {
    let team = Team::connected().await;
    team.set_sender().await;
    let id = team.id().await;
    lose(&team, "It had a red ribbon.");
    (team, id)
}

/// The visitor writes a message whose events are lost.
fn lose(team: &Team, text: &str) {
    team.visitor_writes(text);
    team.chatwoot.take_pending_hooks();
}

async fn set(team: &Team, settings: Value) {
    team.admin.put("/v1/settings", settings).await.expect(200);
    // A function may use its copy of the settings for 60 seconds.
    team.stack.advance(61).await;
}

fn expect_unavailable(reply: Reply) {
    reply.expect_problem(503, "platform_unavailable");
}

async fn mailed_texts(team: &Team) -> Vec<String> {
    let outbox = team.stack.outbox().await;
    let texts = outbox.iter().map(|mail| mail["text"].as_str().unwrap());
    texts.map(ToOwned::to_owned).collect()
}

#[tokio::test]
async fn a_transcript_of_the_api_contains_what_no_event_reported() {
    let (team, id) = team_with_a_lost_message().await;
    let preview = transcript();
    let path = format!("/v1/conversations/{id}/transcripts/preview");
    let shown = team.admin.post(&path, preview).await.expect(200);
    assert!(shown["text"].as_str().unwrap().contains("red ribbon"));
    lose(&team, "And a bow.");
    let sent = team.admin.send_transcript(&id).await.expect(201);
    assert_eq!(sent["transcript"]["message_count"], 4);
    let texts = mailed_texts(&team).await;
    assert!(texts[0].contains("red ribbon") && texts[0].contains("And a bow."));
}

#[tokio::test]
async fn while_the_platform_is_unavailable_the_api_sends_nothing_and_uses_no_slot() {
    let (team, id) = team_with_a_lost_message().await;
    let sent = team
        .admin
        .send_transcript_with_key(&id, "first")
        .await
        .expect(201);
    team.make_unavailable();
    expect_unavailable(team.admin.send_transcript(&id).await);
    let path = format!("/v1/conversations/{id}/transcripts/preview");
    expect_unavailable(team.admin.post(&path, transcript()).await);
    assert_eq!(team.stack.outbox().await.len(), 1);
    // A retry of what was sent needs no platform.
    let retry = team.admin.send_transcript_with_key(&id, "first").await;
    assert_eq!(retry.expect(201)["transcript"], sent["transcript"]);
    team.chatwoot.take_faults();
    let sent = team.admin.send_transcript(&id).await.expect(201);
    assert_eq!(sent["quota"]["remaining"], 3);
}

#[tokio::test]
async fn an_invocation_that_lambda_does_not_complete_sends_nothing() {
    let (team, id) = team_with_a_lost_message().await;
    for fault in ["throttle", "error", "lost_reply"] {
        team.stack.next_invocations(&[fault; ATTEMPTS]).await;
        expect_unavailable(team.admin.send_transcript(&id).await);
        assert!(team.stack.outbox().await.is_empty(), "{fault}");
    }
    team.admin.send_transcript(&id).await.expect(201);
}

#[tokio::test]
async fn an_invocation_that_lambda_does_not_complete_is_retried() {
    let (team, id) = team_with_a_lost_message().await;
    team.stack
        .next_invocations(&["lost_reply", "throttle"])
        .await;
    let sent = team.admin.send_transcript(&id).await.expect(201);
    assert_eq!(sent["transcript"]["message_count"], 3);
    assert_eq!(team.stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_function_that_cannot_be_called_is_an_internal_error() {
    let mut options = Stack::options();
    let name = "CALL_PLATFORM_FUNCTION".to_owned();
    options.variables.insert(name, "gone".to_owned());
    let stack = Stack::start_with(options).await;
    stack.verified_sender().await;
    let agent = stack.agent("kim").await;
    stack.conversation(CONVERSATION).await;
    let refused = agent.send_transcript(CONVERSATION).await;
    refused.expect_problem(500, "internal_error");
    assert!(stack.outbox().await.is_empty());
    // The template does not allow the function to call any other.
    let denied = stack.iam().take_denied();
    let actions: Vec<_> = denied.iter().map(|it| it.action.as_str()).collect();
    assert_eq!(actions, ["lambda:InvokeFunction"]);
}

#[tokio::test]
async fn a_conversation_of_no_platform_is_not_read() {
    let team = Team::connected().await;
    team.set_sender().await;
    team.stack.conversation("c1").await;
    team.stack.next_invocations(&["error"; ATTEMPTS]).await;
    team.admin.send_transcript("c1").await.expect(201);
}

#[tokio::test]
async fn a_conversation_that_was_deleted_on_the_platform_is_sent_as_it_is_recorded() {
    let (team, id) = team_with_a_lost_message().await;
    team.chatwoot.delete_conversation(team.conversation);
    let sent = team.admin.send_transcript(&id).await.expect(201);
    assert_eq!(sent["transcript"]["message_count"], 2);
}

#[tokio::test]
async fn a_transcript_that_the_visitor_requests_is_read_before() {
    let (team, id) = team_with_a_lost_message().await;
    set(
        &team,
        json!({"transcripts": {"from": SENDER, "visitor_may_request": true}}),
    )
    .await;
    let visitor = visitor(&team, &id).await;
    let request = async || visitor.post("/v1/visitor/transcripts", json!({})).await;
    team.make_unavailable();
    expect_unavailable(request().await);
    team.chatwoot.take_faults();
    request().await.expect(201);
    assert!(mailed_texts(&team).await[0].contains("red ribbon"));
}

/// The visitor of a recorded conversation.
async fn visitor(team: &Team, id: &str) -> Caller {
    let platform = team.stack.platform().await;
    let path = format!("/v1/conversations/{id}");
    let recorded = platform.put(&path, json!({"channel": "widget"})).await;
    let recorded = recorded.expect_success();
    team.stack
        .bearer(recorded["visitor_token"].as_str().unwrap())
}

#[tokio::test]
async fn a_rule_reads_before_it_sends_and_tries_again_while_the_platform_is_unavailable() {
    let team = Team::connected().await;
    let rule = json!({"enabled": true, "after_minutes": 60});
    team.stack.verified_sender().await;
    set(
        &team,
        json!({"transcripts": {"from": SENDER, "on_resolve": rule}}),
    )
    .await;
    team.set_status(Status::Resolved);
    team.deliver().await;
    lose(&team, "It had a red ribbon.");
    // Chatwoot opens a conversation in which the visitor writes.
    team.set_status(Status::Resolved);
    team.chatwoot.take_pending_hooks();
    team.make_unavailable();
    advance(&team.stack, HOUR + WINDOW).await;
    assert!(team.stack.outbox().await.is_empty());
    team.chatwoot.take_faults();
    advance(&team.stack, HOUR + WINDOW).await;
    let texts = mailed_texts(&team).await;
    assert_eq!(texts.len(), 1);
    assert!(texts[0].contains("red ribbon"), "{}", texts[0]);
}

#[tokio::test]
async fn faces_are_not_mailed_to_a_visitor_who_answered_on_the_platform() {
    let team = Team::connected().await;
    team.stack.verified_sender().await;
    set(
        &team,
        json!({
            "asking": {"mail_if_unanswered_after_hours": 24},
            "transcripts": {"from": SENDER},
        }),
    )
    .await;
    team.note("/ask-rating");
    team.deliver().await;
    let prompt = team.prompt().await.unwrap();
    let prompt = MessageId(prompt["id"].as_u64().unwrap());
    team.chatwoot
        .answer_prompt(team.visitor, team.conversation, prompt, "4")
        .unwrap();
    team.chatwoot.take_pending_hooks();
    advance(&team.stack, DAY + WINDOW).await;
    assert!(team.stack.outbox().await.is_empty());
    assert_eq!(team.recorded().await["rating"]["score"], 4);
}

#[tokio::test]
async fn reading_an_unchanged_conversation_writes_no_message() {
    let (team, id) = team_with_a_lost_message().await;
    team.admin.send_transcript(&id).await.expect(201);
    let messages = async || {
        let mut items = team.items().await;
        items.retain(|item| item.get("arrival").is_some());
        items
    };
    let recorded = messages().await;
    assert_eq!(recorded.len(), 3);
    team.admin.send_transcript(&id).await.expect(201);
    assert_eq!(messages().await, recorded);
    let first = team.messages().await[0]["id"].as_u64().unwrap();
    team.chatwoot
        .delete_message(team.conversation, MessageId(first))
        .unwrap();
    team.chatwoot.take_pending_hooks();
    team.admin.send_transcript(&id).await.expect(201);
    let changed = messages().await;
    let changes = changed.iter().zip(&recorded).filter(|(a, b)| a != b);
    assert_eq!(changes.count(), 1);
    let texts = mailed_texts(&team).await;
    assert!(texts[1].contains("Hello") && !texts[2].contains("Hello"));
}

#[tokio::test]
async fn a_refusal_that_is_known_before_reads_nothing() {
    let (team, id) = team_with_a_lost_message().await;
    for _ in 0..5 {
        team.admin.send_transcript(&id).await.expect(201);
    }
    team.stack.next_invocations(&["error"; ATTEMPTS]).await;
    let limited = team.admin.send_transcript(&id).await;
    limited.expect_problem(429, "transcript_limit_reached");
    let mut body = transcript();
    body["from"] = json!("stranger@example.com");
    let path = format!("/v1/conversations/{id}/transcripts/preview");
    let unverified = team.admin.post(&path, body).await;
    unverified.expect_problem(422, "sender_not_verified");
    // The faults were not used up.
    expect_unavailable(team.admin.post(&path, transcript()).await);
}

#[tokio::test]
async fn what_a_rule_does_not_send_is_not_read() {
    let team = Team::connected().await;
    team.stack.verified_sender().await;
    let sending = json!({"from": SENDER, "on_resolve": {"enabled": true, "after_minutes": 60}});
    set(&team, json!({"transcripts": sending})).await;
    team.set_status(Status::Resolved);
    team.deliver().await;
    set(&team, json!({"transcripts": {"from": SENDER}})).await;
    team.make_unavailable();
    advance(&team.stack, 26 * HOUR).await;
    let lee = team.stack.agent("lee").await;
    let id = team.id().await;
    assert!(lee.events(&id, "mail_given_up").await.is_empty());
    assert!(team.stack.schedules().await.is_empty());
}

#[tokio::test]
async fn a_proxys_404_is_no_deleted_conversation() {
    let (team, id) = team_with_a_lost_message().await;
    let faults = (0..10).map(|_| FaultRule::next(ApiFault::Status(404)));
    team.chatwoot.inject_faults(faults);
    expect_unavailable(team.admin.send_transcript(&id).await);
    assert!(team.stack.outbox().await.is_empty());
}

#[tokio::test]
async fn a_token_of_somebody_who_left_the_account_reads_nothing() {
    let (team, id) = team_with_a_lost_message().await;
    team.chatwoot.remove_agent(team.administrator());
    expect_unavailable(team.admin.send_transcript(&id).await);
}

#[tokio::test]
async fn a_visitor_who_has_no_transcript_left_causes_no_read() {
    let (team, id) = team_with_a_lost_message().await;
    let offer = json!({"transcripts": {"from": SENDER, "visitor_may_request": true}});
    set(&team, offer).await;
    let visitor = visitor(&team, &id).await;
    let request = async || visitor.post("/v1/visitor/transcripts", json!({})).await;
    for _ in 0..5 {
        request().await.expect(201);
        team.stack.advance(HOUR).await;
    }
    team.stack.next_invocations(&["error"; ATTEMPTS]).await;
    let limited = request().await;
    limited.expect_problem(429, "transcript_limit_reached");
    // The faults were not used up.
    expect_unavailable(team.admin.send_transcript(&id).await);
}

/// Lets rules ask, and mail the faces after a day.
async fn mail_faces(team: &Team) {
    team.stack.verified_sender().await;
    let asking = json!({
        "on_resolve": {"enabled": true, "after_minutes": 15},
        "mail_if_unanswered_after_hours": 24,
    });
    set(
        team,
        json!({"asking": asking, "transcripts": {"from": SENDER}}),
    )
    .await;
}

#[tokio::test]
async fn a_rule_neither_asks_nor_mails_if_the_servers_own_survey_was_open_first() {
    let team = Team::connected().await;
    mail_faces(&team).await;
    team.chatwoot.set_csat(team.inbox, true).unwrap();
    team.set_status(Status::Resolved);
    team.deliver().await;
    advance(&team.stack, 15 * 60 + WINDOW).await;
    team.deliver().await;
    let id = team.id().await;
    let requests = team.admin.events(&id, "rating_requested").await;
    assert_eq!((requests.len(), team.notes().await.len()), (0, 0));
    advance(&team.stack, DAY + WINDOW).await;
    assert!(team.stack.outbox().await.is_empty());
}

#[tokio::test]
async fn no_faces_are_mailed_for_a_request_of_the_api_beside_the_servers_own_survey() {
    let team = Team::connected().await;
    mail_faces(&team).await;
    team.chatwoot.set_csat(team.inbox, true).unwrap();
    team.set_status(Status::Resolved);
    team.deliver_hooks().await;
    let id = team.id().await;
    team.admin.ask_for_id(&id).await;
    team.deliver().await;
    assert_eq!(team.notes().await.len(), 1);
    advance(&team.stack, DAY + WINDOW).await;
    assert!(team.stack.outbox().await.is_empty());
}

/// Resolves the conversation while a rule asks after 15 minutes.
async fn resolve_with_a_rule(team: &Team) {
    let rule = json!({"enabled": true, "after_minutes": 15});
    set(team, json!({"asking": {"on_resolve": rule}})).await;
    team.set_status(Status::Resolved);
    team.deliver().await;
}

#[tokio::test]
async fn a_rule_asks_later_if_the_platform_is_unavailable() {
    let team = Team::connected().await;
    resolve_with_a_rule(&team).await;
    team.make_unavailable();
    advance(&team.stack, 16 * 60).await;
    let id = team.id().await;
    assert!(team.admin.events(&id, "rating_requested").await.is_empty());
    team.chatwoot.take_faults();
    advance(&team.stack, HOUR + WINDOW).await;
    team.deliver().await;
    assert_eq!(team.admin.events(&id, "rating_requested").await.len(), 1);
    assert!(team.prompt().await.is_some());
}

#[tokio::test]
async fn a_rule_that_is_tried_later_does_not_ask_in_an_open_conversation() {
    let team = Team::connected().await;
    resolve_with_a_rule(&team).await;
    team.make_unavailable();
    advance(&team.stack, 16 * 60).await;
    team.chatwoot.take_faults();
    team.visitor_writes("It is still missing.");
    team.deliver().await;
    advance(&team.stack, HOUR + WINDOW).await;
    team.deliver().await;
    assert_eq!(team.prompt().await, None);
}

#[tokio::test]
async fn a_rule_that_finds_the_platform_unavailable_for_a_day_is_a_dead_letter() {
    let team = Team::connected().await;
    resolve_with_a_rule(&team).await;
    let faults = (0..1_000).map(|_| FaultRule::next(ApiFault::Status(500)));
    team.chatwoot.inject_faults(faults);
    let mut failed = Vec::new();
    for hour in 1..=26 {
        team.stack.advance(HOUR + WINDOW).await;
        let fired = team.stack.fire_due_schedules().await;
        let deliveries = fired.iter().filter_map(|it| it["deliveries"].as_array());
        let has_failed = deliveries.flatten().any(|it| it["succeeded"] == false);
        failed.extend(has_failed.then_some(hour));
    }
    assert_eq!(failed, [25]);
    assert!(team.stack.schedules().await.is_empty());
    let id = team.id().await;
    assert!(team.admin.events(&id, "rating_requested").await.is_empty());
}

#[tokio::test]
async fn an_answer_whose_event_is_lost_counts_if_a_rule_asks_again() {
    let team = Team::connected().await;
    team.note("/ask-rating");
    team.deliver().await;
    resolve_with_a_rule(&team).await;
    let prompt = team.prompt().await.unwrap();
    let prompt = MessageId(prompt["id"].as_u64().unwrap());
    team.chatwoot
        .answer_prompt(team.visitor, team.conversation, prompt, "4")
        .unwrap();
    team.chatwoot.take_pending_hooks();
    advance(&team.stack, 16 * 60).await;
    let id = team.id().await;
    assert_eq!(team.admin.events(&id, "rating_requested").await.len(), 2);
    assert_eq!(team.recorded().await["rating"]["score"], 4);
}

#[tokio::test]
async fn no_faces_are_mailed_if_the_servers_own_survey_was_opened_later() {
    let team = Team::connected().await;
    mail_faces(&team).await;
    team.note("/ask-rating");
    team.deliver().await;
    assert!(team.prompt().await.is_some());
    team.chatwoot.set_csat(team.inbox, true).unwrap();
    team.set_status(Status::Resolved);
    team.chatwoot.take_pending_hooks();
    advance(&team.stack, DAY + WINDOW).await;
    assert!(team.stack.outbox().await.is_empty());
}
