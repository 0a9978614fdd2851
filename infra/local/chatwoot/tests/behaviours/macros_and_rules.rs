//! Macros and automation rules.

use chatwoot::decode_action;
use local_chatwoot::{Action, ActionError, DeliveryPlan, RuleEvent, Status};
use serde_json::Value;

use crate::kit::Office;

fn note(text: &str) -> Action {
    Action::AddPrivateNote(text.to_owned())
}

#[tokio::test]
async fn a_note_of_a_macro_has_the_agent_as_its_sender() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let macro_id = office
        .chatwoot
        .add_macro(office.account, vec![note("/ask-rating")]);
    office
        .chatwoot
        .run_macro(conversation, office.agent, macro_id)
        .unwrap();
    let body = office.bodies()[0].clone();
    assert_eq!(body["event"], "message_created");
    assert_eq!(body["private"], true);
    assert_eq!(body["content"], "/ask-rating");
    assert_eq!(body["sender"]["id"], office.agent.0);
}

#[tokio::test]
async fn a_note_of_a_rule_has_no_sender_and_the_id_of_the_rule() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let actions = vec![note("/send-transcript")];
    let rule = office
        .chatwoot
        .add_rule(office.account, RuleEvent::ConversationResolved, actions);
    office
        .chatwoot
        .set_status(conversation, office.agent, Status::Resolved)
        .unwrap();
    let bodies = office.bodies();
    let note = bodies
        .iter()
        .find(|it| it["event"] == "message_created")
        .unwrap();
    assert_eq!(note["sender"], Value::Null);
    assert_eq!(note["private"], true);
    assert_eq!(note["content_attributes"]["automation_rule_id"], rule.0);
}

#[tokio::test]
async fn a_message_of_a_rule_triggers_no_rule() {
    let office = Office::new().await;
    let actions = vec![note("Seen")];
    office
        .chatwoot
        .add_rule(office.account, RuleEvent::MessageCreated, actions);
    let (conversation, _) = office.quiet_conversation();
    let messages = office.client().messages(conversation.display_id, "").await;
    assert_eq!(messages.len(), 2);
}

#[tokio::test]
async fn a_conversation_that_a_rule_resolves_triggers_no_other_rule() {
    let office = Office::new().await;
    let account = office.account;
    office
        .chatwoot
        .add_rule(account, RuleEvent::MessageCreated, vec![Action::Resolve]);
    office.chatwoot.add_rule(
        account,
        RuleEvent::ConversationResolved,
        vec![note("Resolved")],
    );
    let (conversation, _) = office.quiet_conversation();
    let client = office.client();
    let path = format!("/conversations/{}", conversation.display_id);
    assert_eq!(client.get(&path).await.json()["status"], "resolved");
    assert_eq!(client.messages(conversation.display_id, "").await.len(), 1);
}

#[tokio::test]
async fn webhook_actions_are_unsigned_conversations_that_name_nobody() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let send = || vec![Action::SendWebhookEvent(office.receiver.url())];
    let macro_id = office.chatwoot.add_macro(office.account, send());
    let event = RuleEvent::ConversationResolved;
    office.chatwoot.add_rule(office.account, event, send());
    office
        .chatwoot
        .run_macro(conversation, office.agent, macro_id)
        .unwrap();
    office
        .chatwoot
        .set_status(conversation, office.agent, Status::Resolved)
        .unwrap();
    office
        .chatwoot
        .deliver_hooks(&DeliveryPlan::in_order())
        .await;
    let received = office.receiver.received();
    let actions = received
        .iter()
        .filter(|it| it.header("x-chatwoot-signature").is_none());
    let actions: Vec<_> = actions.collect();
    let events: Vec<_> = actions.iter().map(|it| it.event()).collect();
    assert_eq!(
        events,
        ["macro.executed", "automation_event.conversation_resolved"]
    );
    for action in actions {
        let decoded = decode_action(&action.body).unwrap();
        assert_eq!(decoded.display_id, conversation.display_id);
        assert!(!String::from_utf8_lossy(&action.body).contains("Sam Okafor"));
    }
}

#[tokio::test]
async fn a_macro_can_label_assign_and_resolve() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let team = office.chatwoot.add_team(office.account, "Billing");
    let actions = vec![
        Action::AddLabel("vip".to_owned()),
        Action::AssignAgent(office.agent),
        Action::AssignTeam(team),
        Action::SendMessage("Bye {{contact.first_name}}".to_owned()),
        Action::Resolve,
    ];
    let macro_id = office.chatwoot.add_macro(office.account, actions);
    office
        .chatwoot
        .run_macro(conversation, office.agent, macro_id)
        .unwrap();
    let path = format!("/conversations/{}", conversation.display_id);
    let read = office.client().get(&path).await.json();
    assert_eq!(read["labels"][0], "vip");
    assert_eq!(read["meta"]["assignee"]["email"], "sam@example.com");
    assert_eq!(read["meta"]["team"]["name"], "Billing");
    assert_eq!(read["status"], "resolved");
    assert_eq!(read["last_non_activity_message"]["content"], "Bye Ana");
}

#[tokio::test]
async fn a_macro_cannot_be_run_in_an_inbox_of_others() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let macro_id = office.chatwoot.add_macro(office.account, vec![note("x")]);
    let stranger = local_chatwoot::NewAgent {
        name: "Max",
        email: "max@example.com",
        role: local_chatwoot::Role::Agent,
    };
    let stranger = office.chatwoot.add_agent(office.account, &stranger);
    let run = office.chatwoot.run_macro(conversation, stranger, macro_id);
    assert_eq!(run, Err(ActionError::Forbidden));
}
