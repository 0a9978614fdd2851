//! Answers to prompts.

use local_chatwoot::{
    ActionError, ConversationId, MessageId, NewContact, NewInbox, Options, ServerVersion,
};
use serde_json::json;

use crate::kit::Office;

async fn post_prompt(office: &Office, conversation: ConversationId) -> MessageId {
    let path = format!("/conversations/{}/messages", conversation.display_id);
    let items = json!([{"title": "Bad", "value": "1"}, {"title": "Good", "value": "5"}]);
    let body = json!({
        "content": "How was it?",
        "content_type": "input_select",
        "content_attributes": {"items": items, "afterchat": "rr-1"},
    });
    let posted = office.client().post(&path, body).await.json();
    office.chatwoot.take_pending_hooks();
    MessageId(posted["id"].as_u64().unwrap())
}

#[tokio::test]
async fn an_answer_is_an_update_with_the_submitted_value_and_can_be_repeated() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let prompt = post_prompt(&office, conversation).await;
    for (value, title) in [("1", "Bad"), ("5", "Good")] {
        office
            .chatwoot
            .answer_prompt(office.contact, conversation, prompt, value)
            .unwrap();
        let body = office.bodies()[0].clone();
        assert_eq!(body["event"], "message_updated");
        let expected = json!([{"title": title, "value": value}]);
        assert_eq!(body["content_attributes"]["submitted_values"], expected);
        assert_eq!(body["content_attributes"]["afterchat"], "rr-1");
    }
}

#[tokio::test]
async fn another_visitor_of_the_inbox_can_answer_on_old_servers_only() {
    for (version, expected) in [
        (ServerVersion::V4_12, Ok(())),
        (ServerVersion::V4_15, Err(ActionError::Forbidden)),
    ] {
        let office = Office::with(Options {
            version,
            ..Options::default()
        })
        .await;
        let (conversation, _) = office.quiet_conversation();
        let prompt = post_prompt(&office, conversation).await;
        let other = office
            .chatwoot
            .add_contact(office.account, NewContact::default());
        let answer = || {
            office
                .chatwoot
                .answer_prompt(other, conversation, prompt, "1")
        };
        assert_eq!(answer(), Err(ActionError::Forbidden), "not in the inbox");
        office.chatwoot.open_widget(other, office.inbox).unwrap();
        assert_eq!(answer(), expected);
    }
}

#[tokio::test]
async fn an_answer_that_the_prompt_does_not_offer_is_refused() {
    let office = Office::new().await;
    let (conversation, first) = office.quiet_conversation();
    let prompt = post_prompt(&office, conversation).await;
    let answer = |message, value| {
        office
            .chatwoot
            .answer_prompt(office.contact, conversation, message, value)
    };
    assert_eq!(answer(prompt, "6"), Err(ActionError::NotFound));
    assert_eq!(answer(first, "1"), Err(ActionError::NotFound));
}

#[tokio::test]
async fn on_other_channels_the_answer_is_a_new_message() {
    let office = Office::new().await;
    let inbox = NewInbox {
        channel: "Channel::Whatsapp",
        ..NewInbox::web_widget("WhatsApp")
    };
    let inbox = office.chatwoot.add_inbox(office.account, &inbox);
    let (conversation, _) = office
        .chatwoot
        .start_conversation(office.contact, inbox, "Hello")
        .unwrap();
    let prompt = post_prompt(&office, conversation).await;
    office
        .chatwoot
        .answer_prompt(office.contact, conversation, prompt, "5")
        .unwrap();
    let body = office.bodies()[0].clone();
    assert_eq!(body["event"], "message_created");
    assert_eq!(body["message_type"], "incoming");
    assert_eq!(body["content"], "Good");
}
