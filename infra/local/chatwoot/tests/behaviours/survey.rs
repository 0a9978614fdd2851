//! Chatwoot's own survey (CSAT).

use local_chatwoot::{MessageId, Status};
use serde_json::{Value, json};

use crate::kit::Office;

async fn resolve(office: &Office, conversation: local_chatwoot::ConversationId) -> Vec<Value> {
    office
        .chatwoot
        .set_status(conversation, office.agent, Status::Resolved)
        .unwrap();
    let bodies = office.bodies();
    let surveys = bodies
        .into_iter()
        .filter(|it| it["content_type"] == "input_csat");
    surveys.collect()
}

#[tokio::test]
async fn a_resolved_conversation_is_surveyed_once_if_the_inbox_has_it_on() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    assert!(resolve(&office, conversation).await.is_empty());
    office
        .chatwoot
        .set_status(conversation, office.agent, Status::Open)
        .unwrap();
    office.chatwoot.set_csat(office.inbox, true).unwrap();
    let surveys = resolve(&office, conversation).await;
    assert_eq!(surveys.len(), 1);
    assert_eq!(surveys[0]["message_type"], "template");
    assert_eq!(surveys[0]["sender"], Value::Null);
    office
        .chatwoot
        .set_status(conversation, office.agent, Status::Open)
        .unwrap();
    assert!(resolve(&office, conversation).await.is_empty());
}

#[tokio::test]
async fn a_survey_of_an_integration_silences_chatwoots_own() {
    let office = Office::new().await;
    office.chatwoot.set_csat(office.inbox, true).unwrap();
    let (conversation, _) = office.quiet_conversation();
    let path = format!("/conversations/{}/messages", conversation.display_id);
    let body = json!({"content": "Rate us", "content_type": "input_csat"});
    assert_eq!(office.client().post(&path, body).await.status, 200);
    office.chatwoot.take_pending_hooks();
    assert!(resolve(&office, conversation).await.is_empty());
}

#[tokio::test]
async fn a_survey_is_answered_in_two_updates() {
    let office = Office::new().await;
    office.chatwoot.set_csat(office.inbox, true).unwrap();
    let (conversation, _) = office.quiet_conversation();
    let survey = resolve(&office, conversation).await[0]["id"]
        .as_u64()
        .unwrap();
    office
        .chatwoot
        .answer_survey(
            office.contact,
            conversation,
            MessageId(survey),
            4,
            Some("Fast"),
        )
        .unwrap();
    assert_eq!(office.events(), ["message_updated"; 2]);
    let body = office.bodies()[1].clone();
    let response = &body["content_attributes"]["submitted_values"]["csat_survey_response"];
    assert_eq!(*response, json!({"rating": 4, "feedback_message": "Fast"}));
}

#[tokio::test]
async fn an_administrator_turns_the_survey_off_through_the_api() {
    let office = Office::new().await;
    office.chatwoot.set_csat(office.inbox, true).unwrap();
    let client = office.client();
    let inboxes = client.get("/inboxes").await.json();
    assert_eq!(inboxes["payload"][0]["csat_survey_enabled"], true);
    let path = format!("/inboxes/{}", office.inbox.0);
    let off = json!({"csat_survey_enabled": false});
    let inbox = client.patch(&path, off.clone()).await.json();
    assert_eq!(inbox["csat_survey_enabled"], false);
    let (conversation, _) = office.quiet_conversation();
    assert!(resolve(&office, conversation).await.is_empty());
    let refused = office.client_of(office.agent).patch(&path, off).await;
    assert_eq!(refused.status, 401);
}
