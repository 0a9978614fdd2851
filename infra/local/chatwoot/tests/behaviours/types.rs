//! The types of ids, kinds and times.

use crate::kit::Office;

#[tokio::test]
async fn kinds_are_words_in_hooks_and_numbers_in_the_api() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    office
        .chatwoot
        .agent_writes(conversation, office.agent, "a")
        .unwrap();
    office.chatwoot.server_writes(conversation, "b").unwrap();
    let bodies = office.bodies();
    let words = bodies.iter().filter(|it| it["event"] == "message_created");
    let words: Vec<_> = words.map(|it| it["message_type"].clone()).collect();
    assert_eq!(words, ["outgoing", "template"]);
    let messages = office.client().messages(conversation.display_id, "").await;
    let numbers: Vec<_> = messages
        .iter()
        .map(|it| it["message_type"].clone())
        .collect();
    assert_eq!(numbers, [0, 1, 3]);
}

#[tokio::test]
async fn ids_are_integers() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    office.chatwoot.visitor_writes(conversation, "a").unwrap();
    let body = office.bodies()[0].clone();
    for id in [
        &body["id"],
        &body["conversation"]["id"],
        &body["account"]["id"],
    ] {
        assert!(id.is_u64(), "{id}");
    }
}

#[tokio::test]
async fn times_are_text_in_hooks_and_seconds_in_the_api_and_decimals_in_conversations() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    office.chatwoot.visitor_writes(conversation, "a").unwrap();
    let body = office.bodies()[0].clone();
    assert_eq!(body["created_at"], "2026-03-02T09:15:04.123Z");
    assert_eq!(body["conversation"]["updated_at"], 1_772_442_904.123);
    assert_eq!(body["conversation"]["created_at"], 1_772_442_904);
    let messages = office.client().messages(conversation.display_id, "").await;
    assert_eq!(messages[0]["created_at"], 1_772_442_904);
}

#[tokio::test]
async fn a_message_does_not_change_the_time_of_its_conversation() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    office.clock.advance(60_000);
    office.chatwoot.visitor_writes(conversation, "a").unwrap();
    let body = office.bodies()[0]["conversation"].clone();
    assert_eq!(body["updated_at"], 1_772_442_904.123);
    assert_eq!(body["last_activity_at"], 1_772_442_964);
}
