//! The events of new, resolved and blocked conversations.

use local_chatwoot::{NewInbox, Status};
use serde_json::{Value, json};

use crate::kit::Office;

const ALL: [&str; 4] = [
    "conversation_created",
    "message_created",
    "conversation_status_changed",
    "conversation_updated",
];

#[tokio::test]
async fn the_first_message_in_an_ordinary_inbox_causes_two_events() {
    let office = Office::new().await;
    office.chatwoot.take_pending_hooks();
    office
        .chatwoot
        .start_conversation(office.contact, office.inbox, "Hello")
        .unwrap();
    assert_eq!(office.events(), ALL[..2]);
}

#[tokio::test]
async fn the_first_message_in_an_inbox_of_a_bot_causes_four_events() {
    let office = Office::new().await;
    office.chatwoot.take_pending_hooks();
    let bot = office.chatwoot.add_bot(office.account, "Helper");
    let inbox = NewInbox {
        bot: Some(bot),
        ..NewInbox::web_widget("With a bot")
    };
    let inbox = office.chatwoot.add_inbox(office.account, &inbox);
    let (conversation, _) = office
        .chatwoot
        .start_conversation(office.contact, inbox, "Hello")
        .unwrap();
    assert_eq!(office.events(), ALL);
    let bodies = office.bodies();
    assert_eq!(bodies[2]["status"], "pending");
    assert_eq!(bodies[2]["changed_attributes"], Value::Null);
    assert_eq!(
        bodies[3]["changed_attributes"],
        json!([{"id": {"previous_value": null, "current_value": conversation.display_id}}])
    );
}

#[tokio::test]
async fn a_blocked_contacts_conversation_is_created_resolved_and_stays_so() {
    let office = Office::new().await;
    office.chatwoot.set_blocked(office.contact, true).unwrap();
    let bodies = office.bodies();
    let updated = bodies
        .iter()
        .find(|body| body["event"] == "contact_updated")
        .unwrap();
    assert_eq!(updated["blocked"], true);
    let (conversation, _) = office
        .chatwoot
        .start_conversation(office.contact, office.inbox, "Hello")
        .unwrap();
    assert_eq!(office.events(), ALL);
    office
        .chatwoot
        .visitor_writes(conversation, "Again")
        .unwrap();
    let bodies = office.bodies();
    assert!(bodies.iter().all(|body| {
        let status = body
            .get("status")
            .unwrap_or(&body["conversation"]["status"]);
        status == "resolved"
    }));
}

#[tokio::test]
async fn each_change_of_the_status_causes_two_events() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    for (status, word) in [
        (Status::Resolved, "resolved"),
        (Status::Open, "open"),
        (Status::Snoozed, "snoozed"),
        (Status::Pending, "pending"),
    ] {
        office
            .chatwoot
            .set_status(conversation, office.agent, status)
            .unwrap();
        assert_eq!(
            office.events(),
            ["conversation_status_changed", "conversation_updated"]
        );
        let bodies = office.bodies();
        assert_eq!(bodies[0]["status"], word);
        assert_eq!(bodies[0]["changed_attributes"], Value::Null);
        let current = &bodies[1]["changed_attributes"][0]["status"]["current_value"];
        assert_eq!(current, word);
    }
}

#[tokio::test]
async fn a_visitors_message_opens_a_resolved_or_snoozed_conversation() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    for status in [Status::Resolved, Status::Snoozed] {
        office
            .chatwoot
            .set_status(conversation, office.agent, status)
            .unwrap();
        office.chatwoot.take_pending_hooks();
        office
            .chatwoot
            .visitor_writes(conversation, "Again")
            .unwrap();
        let bodies = office.bodies();
        assert_eq!(bodies[0]["event"], "conversation_status_changed");
        assert_eq!(bodies[0]["status"], "open");
        assert!(bodies.iter().any(|body| body["event"] == "message_created"));
    }
}

#[tokio::test]
async fn an_activity_and_a_deleted_conversation_cause_no_event() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    office
        .chatwoot
        .set_status(conversation, office.agent, Status::Resolved)
        .unwrap();
    let client = office.client();
    let messages = client.messages(conversation.display_id, "").await;
    assert_eq!(messages[1]["message_type"], 2);
    assert!(!office.events().contains(&"message_created".to_owned()));
    office.chatwoot.take_pending_hooks();
    office.chatwoot.delete_conversation(conversation);
    assert!(office.events().is_empty());
}
