//! A conversation in an inbox that the owner of the connection's token does not see.

use local_chatwoot::{NewInbox, Status};
use serde_json::{Value, json};
use tests::transcript;

use crate::chatwoot::{CONNECTION, Team};

/// A team whose webhook and bot were made with an administrator's token. Now it is connected with the token of an agent
/// who does not see the inbox of the conversation.
async fn team_out_of_reach() -> Team {
    let team = Team::new().await;
    team.connect().await;
    let mut body = team.connection();
    body["api_access_token"] = team.chatwoot.agent_token(team.kim).unwrap().into();
    team.admin.put(CONNECTION, body).await.expect(200);
    let inbox = NewInbox::web_widget("Sales");
    let inbox = team.chatwoot.add_inbox(team.account, &inbox);
    let started = team
        .chatwoot
        .start_conversation(team.visitor, inbox, "Hello");
    let (conversation, _) = started.unwrap();
    let team = Team {
        inbox,
        conversation,
        ..team
    };
    team.deliver().await;
    team
}

#[tokio::test]
async fn nobody_is_asked_and_a_note_says_why() {
    let team = team_out_of_reach().await;
    let teammate = team.administrator();
    for _ in 0..2 {
        team.chatwoot
            .agent_notes(team.conversation, teammate, "/ask-rating")
            .unwrap();
        team.deliver().await;
    }
    assert_eq!(team.prompt().await, None);
    let id = team.id().await;
    assert!(team.admin.events(&id, "rating_requested").await.is_empty());
    assert_eq!(
        team.notes().await,
        [
            "The visitor was not asked for a rating. The owner of the connection's token does not see this inbox, \
             so no answer could be read. Ask an administrator."
        ]
    );
}

/// The functions that failed to process one of the pending events in all attempts.
async fn deliver_to_failing(team: &Team) -> Vec<Value> {
    let deliveries = team.stack.deliver_events().await;
    let results = deliveries.iter().filter_map(|it| it.as_array()).flatten();
    let failed = results.filter(|it| it["succeeded"] == false);
    failed.map(|it| it["function"].clone()).collect()
}

/// Resolves the conversation while a rule asks after 15 minutes. Expects that the rule acts then, without an error and
/// without a request.
async fn expect_that_a_rule_does_not_ask(team: &Team) {
    let rule = json!({"asking": {"on_resolve": {"enabled": true, "after_minutes": 15}}});
    team.admin.put("/v1/settings", rule).await.expect(200);
    team.set_status(Status::Resolved);
    team.deliver().await;
    team.stack.advance(16 * 60).await;
    let fired = team.stack.fire_due_schedules().await;
    let deliveries = fired.iter().filter_map(|it| it["deliveries"].as_array());
    let succeeded: Vec<_> = deliveries.flatten().map(|it| &it["succeeded"]).collect();
    assert_eq!(succeeded, [true]);
    assert!(team.stack.schedules().await.is_empty());
    let id = team.id().await;
    assert!(team.admin.events(&id, "rating_requested").await.is_empty());
}

#[tokio::test]
async fn a_request_of_the_api_that_cannot_be_posted_is_a_dead_letter() {
    let team = team_out_of_reach().await;
    let id = team.id().await;
    team.stack.agent("lee").await.ask_for_id(&id).await;
    assert_eq!(deliver_to_failing(&team).await, [json!("call-platform")]);
    assert_eq!(team.prompt().await, None);
}

#[tokio::test]
async fn a_rule_does_not_ask_if_the_answer_could_not_be_read() {
    expect_that_a_rule_does_not_ask(&team_out_of_reach().await).await;
}

/// A team whose connection has no bot.
async fn team_without_a_bot() -> Team {
    let team = Team::new().await;
    let mut body = team.connection();
    body["api_access_token"] = team.chatwoot.agent_token(team.kim).unwrap().into();
    let connected = team.admin.put(CONNECTION, body).await.expect(201);
    let url = connected["connection"]["webhook_url"].as_str().unwrap();
    team.chatwoot.add_webhook(team.account, url);
    team.visitor_writes("Where is my parcel?");
    team.deliver().await;
    team
}

#[tokio::test]
async fn a_request_of_the_api_that_no_bot_can_post_is_a_dead_letter() {
    let team = team_without_a_bot().await;
    let id = team.id().await;
    team.stack.agent("lee").await.ask_for_id(&id).await;
    assert_eq!(deliver_to_failing(&team).await, [json!("call-platform")]);
}

#[tokio::test]
async fn a_rule_does_not_ask_if_no_bot_can_post_the_question() {
    expect_that_a_rule_does_not_ask(&team_without_a_bot().await).await;
}

#[tokio::test]
async fn a_command_that_no_bot_can_answer_is_a_dead_letter() {
    let team = team_without_a_bot().await;
    team.note("/ask-rating");
    team.deliver_hooks().await;
    assert_eq!(deliver_to_failing(&team).await, [json!("call-platform")]);
    let id = team.id().await;
    assert!(team.admin.events(&id, "rating_requested").await.is_empty());
}

#[tokio::test]
async fn faces_in_a_transcript_need_no_bot() {
    let team = team_without_a_bot().await;
    team.stack.verified_sender().await;
    let mut body = transcript();
    body["ask_for_rating"] = true.into();
    let path = format!("/v1/conversations/{}/transcripts", team.id().await);
    team.admin.post(&path, body).await.expect(201);
    assert_eq!(deliver_to_failing(&team).await, Vec::<Value>::new());
}

#[tokio::test]
async fn no_transcript_is_sent_because_edits_and_deletions_are_not_known() {
    let team = team_out_of_reach().await;
    team.set_sender().await;
    let id = team.id().await;
    let refused = team.admin.send_transcript(&id).await;
    refused.expect_problem(503, "platform_unavailable");
    assert!(team.stack.outbox().await.is_empty());
    assert_eq!(team.admin.remaining(&id).await, 5);
}
