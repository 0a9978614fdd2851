//! Replies change the time since which the visitor waits.

use crate::kit::Office;

#[tokio::test]
async fn a_reply_is_also_an_update_of_the_conversation() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    office
        .chatwoot
        .agent_writes(conversation, office.agent, "Hi")
        .unwrap();
    assert_eq!(office.events(), ["message_created", "conversation_updated"]);
    let bodies = office.bodies();
    let changes = &bodies[1]["changed_attributes"];
    assert!(changes[0].get("first_reply_created_at").is_some());
    assert!(changes[1].get("waiting_since").is_some());
    assert_eq!(bodies[1]["waiting_since"], 0);
    office
        .chatwoot
        .agent_writes(conversation, office.agent, "And")
        .unwrap();
    assert_eq!(office.events(), ["message_created"]);
    office.chatwoot.take_pending_hooks();
    office
        .chatwoot
        .visitor_writes(conversation, "Thanks")
        .unwrap();
    assert_eq!(office.events(), ["message_created", "conversation_updated"]);
}

#[tokio::test]
async fn a_bots_message_is_also_an_update_of_the_conversation() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let bot = office.chatwoot.add_bot(office.account, "Ratings");
    office
        .chatwoot
        .bot_writes(conversation, bot, "How was it?")
        .unwrap();
    assert_eq!(office.events(), ["message_created", "conversation_updated"]);
}

#[tokio::test]
async fn a_private_note_is_no_update_of_the_conversation() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    office
        .chatwoot
        .agent_notes(conversation, office.agent, "Note")
        .unwrap();
    assert_eq!(office.events(), ["message_created"]);
}
