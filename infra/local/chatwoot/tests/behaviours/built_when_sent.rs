//! The body of a hook is the state at the time of sending.

use local_chatwoot::DeliveryPlan;
use serde_json::json;

use crate::kit::Office;

#[tokio::test]
async fn quick_messages_have_their_own_content_and_all_repeat_the_newest_nested() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    for number in 1..=5 {
        let text = format!("Message {number}");
        office.chatwoot.visitor_writes(conversation, &text).unwrap();
    }
    let bodies = office.bodies();
    let own: Vec<_> = bodies.iter().map(|body| body["content"].clone()).collect();
    assert_eq!(
        json!(own),
        json!([
            "Message 1",
            "Message 2",
            "Message 3",
            "Message 4",
            "Message 5"
        ])
    );
    for body in &bodies {
        assert_eq!(body["conversation"]["messages"][0]["content"], "Message 5");
    }
}

#[tokio::test]
async fn a_message_that_was_edited_before_the_hook_was_sent_has_the_new_content_in_both_hooks() {
    let office = Office::new().await;
    let (conversation, message) = office
        .chatwoot
        .start_conversation(office.contact, office.inbox, "Before")
        .unwrap();
    office
        .chatwoot
        .edit_message(conversation, message, "After")
        .unwrap();
    let bodies = office.bodies();
    let messages = bodies
        .iter()
        .filter(|body| body.get("message_type").is_some());
    let contents: Vec<_> = messages.map(|body| body["content"].clone()).collect();
    assert_eq!(contents, ["After", "After"]);
}

#[tokio::test]
async fn a_private_note_is_never_the_nested_message() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    office
        .chatwoot
        .agent_notes(conversation, office.agent, "Secret")
        .unwrap();
    let bodies = office.bodies();
    assert_eq!(bodies[0]["content"], "Secret");
    assert_eq!(bodies[0]["private"], true);
    assert_eq!(bodies[0]["conversation"]["messages"][0]["content"], "Hello");
}

#[tokio::test]
async fn a_hook_about_a_deleted_conversation_is_not_sent() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    office
        .chatwoot
        .visitor_writes(conversation, "Again")
        .unwrap();
    office.chatwoot.delete_conversation(conversation);
    let records = office
        .chatwoot
        .deliver_hooks(&DeliveryPlan::in_order())
        .await;
    assert_eq!(records.len(), 1);
    assert_eq!(
        records[0].outcome,
        local_chatwoot::DeliveryOutcome::RecordDeleted
    );
    assert!(office.receiver.received().is_empty());
}
