//! Members that are absent, null or unknown.

use local_chatwoot::{Assignee, NewContact, Options, ServerVersion};
use serde_json::{Value, json};

use crate::kit::Office;

async fn conversation_event(options: Options) -> Value {
    let office = Office::with(options).await;
    let (conversation, _) = office.quiet_conversation();
    office.chatwoot.set_labels(conversation, &["vip"]).unwrap();
    office.bodies()[0].clone()
}

#[tokio::test]
async fn the_account_of_a_conversation_depends_on_the_version() {
    let new = conversation_event(Options::default()).await;
    assert_eq!(new["account"], json!({"id": 1, "name": "Example"}));
    for version in [ServerVersion::V4_12, ServerVersion::V4_9] {
        let options = Options {
            version,
            ..Options::default()
        };
        let old = conversation_event(options).await;
        assert!(old.get("account").is_none());
    }
}

#[tokio::test]
async fn a_conversation_has_no_messages_if_its_hook_is_built_before_the_first_one() {
    let office = Office::new().await;
    office.chatwoot.take_pending_hooks();
    let conversation = office
        .chatwoot
        .start_empty_conversation(office.contact, office.inbox)
        .unwrap();
    let hooks = office.chatwoot.take_pending_hooks();
    let messages = || {
        let hook = office.chatwoot.build_hook(&hooks[0]).unwrap();
        let body: Value = serde_json::from_slice(&hook.body).unwrap();
        body["messages"].clone()
    };
    assert_eq!(hooks[0].event, "conversation_created");
    assert_eq!(messages(), json!([]));
    office
        .chatwoot
        .visitor_writes(conversation, "Hello")
        .unwrap();
    assert_eq!(messages()[0]["content"], "Hello");
}

#[tokio::test]
async fn a_conversation_with_only_notes_has_no_nested_message() {
    let office = Office::new().await;
    let conversation = office
        .chatwoot
        .start_empty_conversation(office.contact, office.inbox)
        .unwrap();
    office
        .chatwoot
        .agent_notes(conversation, office.agent, "Note")
        .unwrap();
    for body in office.bodies() {
        let conversation = body.get("conversation").unwrap_or(&body);
        if conversation.get("messages").is_some() {
            assert_eq!(conversation["messages"], json!([]));
        }
    }
}

#[tokio::test]
async fn an_assignee_is_an_agent_without_an_address_or_a_bot_or_null() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let bot = office.chatwoot.add_bot(office.account, "Helper");
    let mut metas = Vec::new();
    for assignee in [
        Some(Assignee::Agent(office.agent)),
        Some(Assignee::Bot(bot)),
        None,
    ] {
        office.chatwoot.assign(conversation, assignee).unwrap();
        metas.push(office.bodies()[0]["meta"].clone());
    }
    assert_eq!(metas[0]["assignee"]["name"], "Sam Okafor");
    assert!(metas[0]["assignee"].get("email").is_none());
    assert_eq!(metas[0]["assignee_type"], "User");
    assert_eq!(metas[1]["assignee"]["type"], "agent_bot");
    assert_eq!(metas[1]["assignee_type"], "AgentBot");
    assert_eq!(metas[2]["assignee"], Value::Null);
    assert_eq!(metas[2]["assignee_type"], Value::Null);
}

#[tokio::test]
async fn the_messages_of_a_removed_agent_have_no_sender() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    office
        .chatwoot
        .agent_writes(conversation, office.agent, "Hi")
        .unwrap();
    office.chatwoot.remove_agent(office.agent);
    assert_eq!(office.bodies()[0]["sender"], Value::Null);
    let messages = office.client().messages(conversation.display_id, "").await;
    assert!(messages[1].get("sender").is_none());
}

#[tokio::test]
async fn an_anonymous_visitor_has_no_language_and_no_address() {
    let office = Office::new().await;
    office.chatwoot.take_pending_hooks();
    let contact = office
        .chatwoot
        .add_contact(office.account, NewContact::default());
    office
        .chatwoot
        .start_conversation(contact, office.inbox, "Hello")
        .unwrap();
    let bodies = office.bodies();
    let body = bodies
        .iter()
        .find(|it| it["event"] == "conversation_created")
        .unwrap();
    assert_eq!(
        body["additional_attributes"]["browser_language"],
        Value::Null
    );
    assert_eq!(body["meta"]["sender"]["email"], Value::Null);
    assert_eq!(body["meta"]["sender"]["name"], "");
}

#[tokio::test]
async fn the_time_zone_is_the_localised_text_of_the_browser() {
    let body = conversation_event(Options::default()).await;
    let text = &body["additional_attributes"]["initiated_at"]["timestamp"];
    assert!(
        text.as_str()
            .unwrap()
            .ends_with("GMT+0100 (Mitteleuropäische Normalzeit)")
    );
}

#[tokio::test]
async fn payloads_can_contain_unknown_members() {
    let options = Options {
        has_unknown_members: true,
        ..Options::default()
    };
    assert!(
        conversation_event(options)
            .await
            .get("new_member")
            .is_some()
    );
}

#[tokio::test]
async fn a_conversation_contains_the_token_of_the_visitors_socket() {
    let body = conversation_event(Options::default()).await;
    assert!(body["contact_inbox"]["pubsub_token"].is_string());
}

#[tokio::test]
async fn senders_have_the_type_of_their_kind_and_contacts_have_none() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let bot = office.chatwoot.add_bot(office.account, "Helper");
    office.chatwoot.visitor_writes(conversation, "a").unwrap();
    office.chatwoot.bot_writes(conversation, bot, "b").unwrap();
    office
        .chatwoot
        .agent_writes(conversation, office.agent, "c")
        .unwrap();
    office.chatwoot.server_writes(conversation, "d").unwrap();
    let bodies = office.bodies();
    let messages = bodies.iter().filter(|it| it["event"] == "message_created");
    let senders: Vec<_> = messages.map(|it| it["sender"].clone()).collect();
    assert!(senders[0].get("type").is_none());
    assert_eq!(senders[0]["email"], "ana@example.com");
    assert_eq!(senders[1]["type"], "agent_bot");
    let agent = json!({"id": 2, "name": "Sam Okafor", "email": "sam@example.com", "type": "user"});
    assert_eq!(senders[2], agent);
    assert_eq!(senders[3], Value::Null);
}

#[tokio::test]
async fn messages_in_hooks_lack_the_members_that_only_the_api_has() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    office.chatwoot.visitor_writes(conversation, "a").unwrap();
    let body = office.bodies()[0].clone();
    for member in ["updated_at", "status", "changed_attributes", "attachments"] {
        assert!(body.get(member).is_none(), "{member}");
    }
}

#[tokio::test]
async fn an_address_that_is_given_later_is_in_the_next_hook_of_the_conversation() {
    let office = Office::new().await;
    let contact = office
        .chatwoot
        .add_contact(office.account, NewContact::default());
    let (conversation, _) = office
        .chatwoot
        .start_conversation(contact, office.inbox, "Hello")
        .unwrap();
    office.chatwoot.take_pending_hooks();
    office
        .chatwoot
        .set_contact_email(contact, "ben@example.com")
        .unwrap();
    assert_eq!(office.events(), ["contact_updated"]);
    office.chatwoot.take_pending_hooks();
    office
        .chatwoot
        .visitor_writes(conversation, "Again")
        .unwrap();
    let sender = office.bodies()[0]["conversation"]["meta"]["sender"].clone();
    assert_eq!(sender["email"], "ben@example.com");
}
