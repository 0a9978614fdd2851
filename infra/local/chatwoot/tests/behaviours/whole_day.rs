//! The crate `chatwoot` decodes everything that the server sends in a day.

use chatwoot::{
    Connection, ConversationPrefix, EventMapping, SignatureHeaders, WebhookSecret,
    decode_conversation, decode_event, decode_messages, map_conversation, map_event, map_messages,
    verify_signature,
};
use domain::Timestamp;
use local_chatwoot::{
    Action, Assignee, ConversationId, MessageId, NewAttachment, NewContact, NewInbox, Options,
    RuleEvent, ServerVersion, Status,
};
use serde_json::json;

use crate::kit::{NOW, Office};

/// The events of the day, sorted.
const EVENTS: [&str; 9] = [
    "contact_created",
    "contact_updated",
    "conversation_created",
    "conversation_status_changed",
    "conversation_typing_on",
    "conversation_updated",
    "message_created",
    "message_updated",
    "webwidget_triggered",
];

/// Everything that can happen. Returns the conversations.
async fn play(office: &Office) -> Vec<ConversationId> {
    let Office {
        chatwoot,
        account,
        agent,
        inbox,
        contact,
        ..
    } = office;
    let (account, agent, inbox, contact) = (*account, *agent, *inbox, *contact);
    let bot = chatwoot.add_bot(account, "Ratings");
    let team = chatwoot.add_team(account, "Billing");
    chatwoot.set_csat(inbox, true).unwrap();
    let note = vec![Action::AddPrivateNote("/send-transcript".to_owned())];
    chatwoot.add_rule(account, RuleEvent::ConversationResolved, note);
    let note = vec![Action::AddPrivateNote("/ask-rating".to_owned())];
    let macro_id = chatwoot.add_macro(account, note);

    chatwoot.open_widget(contact, inbox).unwrap();
    let (first, hello) = chatwoot
        .start_conversation(contact, inbox, "Where is <my> order & \u{2028}why?")
        .unwrap();
    chatwoot.server_writes(first, "We reply soon.").unwrap();
    chatwoot.agent_types(first, agent);
    chatwoot
        .assign(first, Some(Assignee::Agent(agent)))
        .unwrap();
    let reply = chatwoot
        .agent_writes(first, agent, "Hello,\nlet me check.")
        .unwrap();
    chatwoot
        .edit_message(first, reply, "Hello,\nI check.")
        .unwrap();
    let file = NewAttachment {
        file_type: "image".to_owned(),
        name: "a b.jpg".to_owned(),
        content: vec![0; 9],
    };
    chatwoot
        .visitor_sends_files(first, None, vec![file])
        .unwrap();
    chatwoot
        .set_labels(first, &["vip", "late delivery"])
        .unwrap();
    chatwoot.set_team(first, Some(team)).unwrap();
    chatwoot.run_macro(first, agent, macro_id).unwrap();
    let path = format!("/conversations/{}/messages", first.display_id);
    let body = json!({
        "content": "How was it?",
        "content_type": "input_select",
        "content_attributes": {"afterchat": "rr-1", "items": [{"title": "Good", "value": "5"}]},
        "sender_type": "AgentBot",
        "sender_id": bot.0,
    });
    let prompt = office.client().post(&path, body).await.json();
    let prompt = MessageId(prompt["id"].as_u64().unwrap());
    chatwoot.answer_prompt(contact, first, prompt, "5").unwrap();
    chatwoot.delete_message(first, hello).unwrap();
    for status in [
        Status::Snoozed,
        Status::Open,
        Status::Pending,
        Status::Resolved,
    ] {
        chatwoot.set_status(first, agent, status).unwrap();
    }
    let messages = office.client().messages(first.display_id, "").await;
    let survey = messages
        .iter()
        .find(|it| it["content_type"] == "input_csat");
    let survey = MessageId(survey.unwrap()["id"].as_u64().unwrap());
    chatwoot
        .answer_survey(contact, first, survey, 4, Some("Fast"))
        .unwrap();
    chatwoot.visitor_writes(first, "One more thing").unwrap();

    let with_bot = NewInbox {
        bot: Some(bot),
        channel: "Channel::Email",
        ..NewInbox::web_widget("Mail")
    };
    let with_bot = chatwoot.add_inbox(account, &with_bot);
    let anonymous = chatwoot.add_contact(account, NewContact::default());
    let (second, _) = chatwoot
        .start_conversation(anonymous, with_bot, "")
        .unwrap();
    chatwoot.assign(second, Some(Assignee::Bot(bot))).unwrap();
    chatwoot.bot_writes(second, bot, "Beep").unwrap();
    chatwoot.assign(second, None).unwrap();
    chatwoot.set_team(second, None).unwrap();
    chatwoot.set_blocked(anonymous, true).unwrap();
    let third = chatwoot.start_empty_conversation(anonymous, inbox).unwrap();
    vec![first, second, third]
}

fn connection(office: &Office) -> Connection {
    Connection {
        prefix: ConversationPrefix::new(&office.chatwoot.origin(), office.account.0),
        account_id: office.account.0,
        bot_id: Some(1),
    }
}

/// Verifies, decodes and maps all pending hooks.
fn map_hooks(office: &Office) -> Vec<(String, EventMapping)> {
    let now = Timestamp::parse(NOW).unwrap();
    let secret = office.chatwoot.webhook_secret(office.webhook).unwrap();
    let secret = WebhookSecret::new(secret);
    let hooks = office.chatwoot.take_pending_hooks();
    let mapped = hooks.iter().map(|pending| {
        let hook = office.chatwoot.build_hook(pending).unwrap();
        if let Some(timestamp) = hook.timestamp {
            let timestamp = timestamp.to_string();
            let headers = SignatureHeaders {
                signature: hook.signature.as_deref(),
                timestamp: Some(&timestamp),
            };
            verify_signature(&secret, headers, &hook.body, now).unwrap();
        }
        let event = decode_event(&hook.body).unwrap();
        (hook.event, map_event(&connection(office), &event, now))
    });
    mapped.collect()
}

async fn check(options: Options) {
    let office = Office::with(options).await;
    office
        .chatwoot
        .set_subscriptions(office.webhook, &EVENTS)
        .unwrap();
    let conversations = play(&office).await;
    let now = Timestamp::parse(NOW).unwrap();
    let hooks = map_hooks(&office);
    let mut kinds: Vec<_> = hooks.iter().map(|(event, _)| event.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds, EVENTS);
    let commands = hooks
        .iter()
        .filter(|(_, mapping)| mapping.command.is_some());
    assert_eq!(commands.count(), 2);
    let answers = hooks
        .iter()
        .filter_map(|(_, mapping)| mapping.read_back.as_ref());
    let answers = answers.filter(|it| it.answered_prompt.as_deref() == Some("rr-1"));
    // The event of the new message is sent late, so it contains the answer, too.
    assert_eq!(answers.count(), 2);
    for conversation in conversations {
        let client = office.client();
        let path = format!("/conversations/{}", conversation.display_id);
        let read = decode_conversation(&client.get(&path).await.bytes).unwrap();
        assert!(!map_conversation(&connection(&office), &read, now).is_empty());
        let list = client.get(&format!("{path}/messages?after=0")).await;
        let page = decode_messages(&list.bytes).unwrap();
        assert_eq!(page.unreadable, []);
        map_messages(&connection(&office), &page.messages, now);
    }
}

#[tokio::test]
async fn a_day_on_the_newest_version_is_decoded() {
    check(Options::default()).await;
}

#[tokio::test]
async fn a_day_on_old_versions_is_decoded() {
    for version in [ServerVersion::V4_12, ServerVersion::V4_9] {
        check(Options {
            version,
            editor_writes_backslashes: true,
            ..Options::default()
        })
        .await;
    }
}

#[tokio::test]
async fn a_day_with_unknown_members_is_decoded() {
    check(Options {
        has_unknown_members: true,
        ..Options::default()
    })
    .await;
}
