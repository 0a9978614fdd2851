//! Liquid in posted messages is executed.

use crate::kit::Office;

#[tokio::test]
async fn variables_in_a_posted_message_are_replaced() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let client = office.client();
    for (posted, stored) in [
        ("Hi {{contact.name}}", "Hi Ana Reis"),
        ("{{ contact.email }}", "ana@example.com"),
        (
            "By {{agent.name}} in {{inbox.name}}",
            "By Kim Lee in Website",
        ),
        ("[{{ unknown.value }}]", "[]"),
        ("a{% assign x = 1 %}b", "ab"),
        ("{ {contact.name}}", "{ {contact.name}}"),
    ] {
        let message = client.write(conversation.display_id, posted).await;
        assert_eq!(message["content"], stored, "{posted}");
    }
}

#[tokio::test]
async fn what_agents_and_rules_write_is_executed_and_what_visitors_write_is_not() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let text = "{{contact.name}}";
    office
        .chatwoot
        .agent_writes(conversation, office.agent, text)
        .unwrap();
    office
        .chatwoot
        .agent_notes(conversation, office.agent, text)
        .unwrap();
    office.chatwoot.visitor_writes(conversation, text).unwrap();
    let messages = office.client().messages(conversation.display_id, "").await;
    let contents: Vec<_> = messages.iter().map(|it| it["content"].clone()).collect();
    assert_eq!(contents, ["Hello", "Ana Reis", "Ana Reis", text]);
}

#[tokio::test]
async fn text_that_is_escaped_by_this_project_is_stored_unchanged() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let escaped = chatwoot::escape_liquid("{{contact.name}} {% if x %}");
    let message = office
        .client()
        .write(conversation.display_id, &escaped)
        .await;
    assert_eq!(message["content"], escaped);
}
