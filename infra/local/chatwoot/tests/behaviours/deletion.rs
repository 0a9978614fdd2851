//! Deleted messages.

use local_chatwoot::{NewAttachment, Options};
use serde_json::json;

use crate::kit::Office;

#[tokio::test]
async fn a_deletion_replaces_content_and_attributes_and_removes_files() {
    let office = Office::with(Options {
        deletion_text: "Diese Nachricht wurde gelöscht".to_owned(),
        ..Options::default()
    })
    .await;
    let (conversation, _) = office.quiet_conversation();
    let file = NewAttachment {
        file_type: "file".to_owned(),
        name: "a.pdf".to_owned(),
        content: Vec::new(),
    };
    let message = office
        .chatwoot
        .visitor_sends_files(conversation, Some("Text"), vec![file])
        .unwrap();
    let before = office.bodies()[0].clone();
    let url = before["attachments"][0]["data_url"].as_str().unwrap();
    office
        .chatwoot
        .delete_message(conversation, message)
        .unwrap();
    let body = office.bodies()[0].clone();
    assert_eq!(body["event"], "message_updated");
    assert_eq!(body["content"], "Diese Nachricht wurde gelöscht");
    assert_eq!(body["content_attributes"], json!({"deleted": true}));
    assert!(body.get("attachments").is_none());
    assert_eq!(reqwest::get(url).await.unwrap().status(), 404);
    let messages = office.client().messages(conversation.display_id, "").await;
    assert_eq!(messages[1]["content_attributes"], json!({"deleted": true}));
}

#[tokio::test]
async fn a_message_that_is_deleted_quickly_is_created_as_deleted() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let message = office
        .chatwoot
        .visitor_writes(conversation, "Secret")
        .unwrap();
    office
        .chatwoot
        .delete_message(conversation, message)
        .unwrap();
    let bodies = office.bodies();
    assert_eq!(bodies[0]["event"], "message_created");
    assert!(!json!(bodies).to_string().contains("Secret"));
}

#[tokio::test]
async fn a_deleted_prompt_loses_the_marker_of_its_author() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let path = format!("/conversations/{}/messages", conversation.display_id);
    let attributes = json!({"afterchat": "rr-1", "items": [{"title": "Good", "value": "5"}]});
    let body = json!({
        "content": "How was it?",
        "content_type": "input_select",
        "content_attributes": attributes,
    });
    let posted = office.client().post(&path, body).await.json();
    let id = local_chatwoot::MessageId(posted["id"].as_u64().unwrap());
    office.chatwoot.delete_message(conversation, id).unwrap();
    let bodies = office.bodies();
    let deleted = bodies.last().unwrap();
    assert_eq!(deleted["content_attributes"], json!({"deleted": true}));
    assert_eq!(deleted["content_type"], "text");
}
