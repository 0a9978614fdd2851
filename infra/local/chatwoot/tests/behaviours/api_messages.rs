//! Reading and posting messages.

use domain::Timestamp;
use local_chatwoot::{NewInbox, Options, ServerVersion};
use serde_json::{Value, json};

use crate::kit::Office;

fn ids(messages: &[Value]) -> Vec<u64> {
    messages
        .iter()
        .map(|it| it["id"].as_u64().unwrap())
        .collect()
}

/// An office with a conversation of the messages 1 to `count`.
async fn with_messages(count: usize) -> (Office, u64) {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    for number in 2..=count {
        let text = format!("Message {number}");
        office.clock.advance(1_000);
        office.chatwoot.visitor_writes(conversation, &text).unwrap();
    }
    (office, conversation.display_id)
}

#[tokio::test]
async fn a_list_has_the_newest_20_or_those_that_a_bound_selects() {
    let (office, conversation) = with_messages(130).await;
    let client = office.client();
    for (query, first, last) in [
        ("", 111, 130),
        ("?before=100", 80, 99),
        ("?after=5", 6, 105),
        ("?after=120", 121, 130),
        ("?after=5&before=120", 5, 119),
        ("?after=7&before=8", 7, 7),
        ("?after=0", 1, 100),
        ("?after=&before=", 111, 130),
    ] {
        let messages = client.messages(conversation, query).await;
        assert_eq!(
            ids(&messages),
            (first..=last).collect::<Vec<_>>(),
            "{query}"
        );
    }
}

#[tokio::test]
async fn two_bounds_select_at_most_1000_messages() {
    let (office, conversation) = with_messages(1_010).await;
    let messages = office
        .client()
        .messages(conversation, "?after=1&before=5000")
        .await;
    assert_eq!(ids(&messages), (1..=1_000).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_list_is_sorted_by_time_and_not_by_id() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let late = office
        .chatwoot
        .visitor_writes(conversation, "Imported")
        .unwrap();
    let early = Timestamp::parse("2026-03-01T00:00:00Z").unwrap();
    office
        .chatwoot
        .backdate_message(conversation, late, early)
        .unwrap();
    let messages = office.client().messages(conversation.display_id, "").await;
    assert_eq!(ids(&messages), [2, 1]);
}

#[tokio::test]
async fn a_list_contains_private_and_system_messages_unless_they_are_filtered_out() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    office
        .chatwoot
        .agent_notes(conversation, office.agent, "Note")
        .unwrap();
    office
        .chatwoot
        .set_status(conversation, office.agent, local_chatwoot::Status::Resolved)
        .unwrap();
    let client = office.client();
    let id = conversation.display_id;
    assert_eq!(client.messages(id, "").await.len(), 3);
    assert_eq!(
        client
            .messages(id, "?filter_internal_messages=true")
            .await
            .len(),
        1
    );
}

#[tokio::test]
async fn a_post_is_answered_with_200_and_the_message() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let path = format!("/conversations/{}/messages", conversation.display_id);
    let attributes = json!({"afterchat": "rr-1", "other": [1, {"a": null}]});
    let body = json!({
        "content": "Note",
        "private": true,
        "content_attributes": attributes,
        "echo_id": "echo-1",
    });
    let reply = office.client().post(&path, body).await;
    assert_eq!(reply.status, 200);
    let posted = reply.json();
    assert_eq!(posted["message_type"], 1);
    assert_eq!(posted["private"], true);
    assert_eq!(posted["sender"]["id"], office.admin.0);
    assert_eq!(posted["echo_id"], "echo-1");
    let hook = office.bodies()[0].clone();
    let read = office.client().messages(conversation.display_id, "").await[1].clone();
    for body in [&posted, &hook, &read] {
        assert_eq!(body["content_attributes"], attributes);
    }
    assert!(read.get("echo_id").is_none());
}

#[tokio::test]
async fn a_post_can_be_made_as_a_bot_of_the_account() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let bot = office.chatwoot.add_bot(office.account, "Ratings");
    let other = office.chatwoot.add_account("Other");
    let foreign = office.chatwoot.add_bot(other, "Foreign");
    let path = format!("/conversations/{}/messages", conversation.display_id);
    for (id, kind, sender) in [(bot, "agent_bot", bot.0), (foreign, "user", office.admin.0)] {
        let body = json!({"content": "Hi", "sender_type": "AgentBot", "sender_id": id.0});
        let posted = office.client().post(&path, body).await.json();
        assert_eq!(posted["sender"]["type"], kind);
        assert_eq!(posted["sender"]["id"], sender);
    }
}

#[tokio::test]
async fn an_invalid_message_is_refused_with_422() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let path = format!("/conversations/{}/messages", conversation.display_id);
    for body in [
        json!({"content": "x".repeat(150_001)}),
        json!({"content": "x", "message_type": "incoming"}),
        json!({"content": "x", "message_type": "unknown"}),
        json!({"content": "x", "content_type": "input_select"}),
        json!({
            "content": "x",
            "content_type": "input_select",
            "content_attributes": {"items": [{"title": "a", "value": "b", "image": "c"}]},
        }),
    ] {
        let reply = office.client().post(&path, body).await;
        assert_eq!(reply.error().0, 422);
    }
    assert!(office.events().is_empty());
    assert_eq!(
        office
            .client()
            .messages(conversation.display_id, "")
            .await
            .len(),
        1
    );
}

#[tokio::test]
async fn incoming_messages_are_posted_in_inboxes_of_the_api_only() {
    let office = Office::new().await;
    let inbox = NewInbox {
        channel: "Channel::Api",
        ..NewInbox::web_widget("API")
    };
    let inbox = office.chatwoot.add_inbox(office.account, &inbox);
    let (conversation, _) = office
        .chatwoot
        .start_conversation(office.contact, inbox, "Hello")
        .unwrap();
    let path = format!("/conversations/{}/messages", conversation.display_id);
    let body = json!({"content": "{{contact.name}}", "message_type": "incoming"});
    let posted = office.client().post(&path, body).await.json();
    assert_eq!(posted["sender"]["type"], "contact");
    assert_eq!(posted["content"], "{{contact.name}}");
}

#[tokio::test]
async fn a_change_of_a_message_is_forbidden_outside_inboxes_of_the_api() {
    let office = Office::new().await;
    let (conversation, message) = office.quiet_conversation();
    let path = format!(
        "/conversations/{}/messages/{}",
        conversation.display_id, message.0
    );
    let reply = office
        .client()
        .patch(&path, json!({"status": "read"}))
        .await;
    assert_eq!(reply.error().0, 403);
}

#[tokio::test]
async fn a_body_that_is_not_json_is_a_bad_request() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let path = format!("/conversations/{}/messages", conversation.display_id);
    let reply = office.client().post(&path, json!("text")).await;
    assert_eq!(reply.status, 400);
}

#[tokio::test]
async fn a_post_keeps_unknown_attributes_since_version_4_9() {
    for (version, expected) in [
        (ServerVersion::V4_15, json!({"ours": "1", "in_reply_to": 1})),
        (ServerVersion::V4_9, json!({"ours": "1", "in_reply_to": 1})),
        (ServerVersion::V4_8, json!({"in_reply_to": 1})),
    ] {
        let office = Office::with(Options {
            version,
            ..Options::default()
        })
        .await;
        let (conversation, _) = office.quiet_conversation();
        let path = format!("/conversations/{}/messages", conversation.display_id);
        let attributes = json!({"ours": "1", "in_reply_to": 1});
        let body = json!({"content": "Hello", "content_attributes": attributes});
        let posted = office.client().post(&path, body).await.json();
        assert_eq!(posted["content_attributes"], expected, "{version:?}");
    }
}
