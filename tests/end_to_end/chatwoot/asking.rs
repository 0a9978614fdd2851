//! Asking by a private note, by a macro, by a rule, by an agent of the API, each once.

use local_chatwoot::{
    Action, ApiFault, DeliveryPlan, FaultRule, NewInbox, Options, RuleEvent, ServerVersion, Status,
};
use serde_json::{Value, json};

use crate::chatwoot::{CONNECTION, Team};

async fn requests(team: &Team) -> usize {
    let items = team.items().await;
    let keys = items.iter().map(|item| item["sk"]["S"].as_str().unwrap());
    keys.filter(|key| key.starts_with("REQUEST#")).count()
}

#[tokio::test]
async fn a_note_asks_and_the_bot_posts_the_faces() {
    let team = Team::connected().await;
    team.note("/ask-rating");
    team.deliver().await;
    let prompt = team.prompt().await.unwrap();
    let content = prompt["content"].as_str().unwrap();
    assert!(
        content.starts_with("How did Kim do?") || content.contains("Kim"),
        "{content}"
    );
    assert_eq!(content.matches("/rate#").count(), 5);
    assert_eq!(prompt["sender"]["type"], "agent_bot");
    assert_eq!(prompt["private"], false);
    let items = prompt["content_attributes"]["items"].as_array().unwrap();
    let values: Vec<_> = items
        .iter()
        .map(|item| item["value"].as_str().unwrap())
        .collect();
    assert_eq!(values, ["1", "2", "3", "4", "5"]);
    assert_eq!(team.notes().await, ["Kim asked the visitor for a rating."]);
    assert_eq!(requests(&team).await, 1);
    // Neither the prompt nor the note of this project is recorded as a message.
    assert_eq!(
        team.recorded_texts().await,
        ["Hello", "Where is my parcel?", "/ask-rating"]
    );
}

#[tokio::test]
async fn a_second_note_within_seven_days_is_answered_with_the_reason() {
    let team = Team::connected().await;
    team.note("/ask-rating");
    team.deliver().await;
    team.note("/ask-rating");
    team.deliver().await;
    let notes = team.notes().await;
    assert_eq!(notes.len(), 2);
    assert!(notes[1].starts_with("The visitor was not asked for a rating. The agent asked in this conversation within the last 7 days. You can ask again on "), "{}", notes[1]);
    assert!(notes[1].ends_with(" UTC."), "{}", notes[1]);
    assert_eq!(requests(&team).await, 1);
}

#[tokio::test]
async fn a_repeated_event_of_a_note_asks_once() {
    let team = Team::connected().await;
    team.note("/ask-rating");
    let plan = DeliveryPlan::in_order().doubled_with_new_id();
    team.chatwoot.deliver_hooks(&plan).await;
    team.deliver().await;
    assert_eq!(requests(&team).await, 1);
    assert_eq!(team.notes().await.len(), 1);
    assert_eq!(team.posts().await.len(), 2);
}

#[tokio::test]
async fn a_macro_and_an_automation_rule_ask_by_a_note() {
    let team = Team::connected().await;
    let note = || vec![Action::AddPrivateNote("/ask-rating".to_owned())];
    let by_macro = team.chatwoot.add_macro(team.account, note());
    team.chatwoot
        .run_macro(team.conversation, team.kim, by_macro)
        .unwrap();
    team.deliver().await;
    assert_eq!(team.notes().await, ["Kim asked the visitor for a rating."]);

    let team = Team::connected().await;
    team.chatwoot
        .add_rule(team.account, RuleEvent::ConversationResolved, note());
    team.set_status(Status::Resolved);
    team.deliver().await;
    // Nobody is assigned, so the brand asks.
    assert_eq!(
        team.notes().await,
        ["Support asked the visitor for a rating."]
    );
}

#[tokio::test]
async fn unsigned_calls_ask_only_if_they_are_on() {
    let team = Team::connected().await;
    let connection = team.connect().await;
    assert_eq!(connection.get("action_urls"), None);
    let mut body = team.connection();
    body["unsigned_actions"] = true.into();
    let connection = team.admin.put(CONNECTION, body).await.expect(200);
    let url = connection["connection"]["action_urls"]["ask"]
        .as_str()
        .unwrap();
    let call = vec![Action::SendWebhookEvent(url.to_owned())];
    let by_macro = team.chatwoot.add_macro(team.account, call);
    team.chatwoot
        .run_macro(team.conversation, team.kim, by_macro)
        .unwrap();
    team.deliver().await;
    assert_eq!(
        team.notes().await,
        ["Support asked the visitor for a rating."]
    );

    // The name in an unsigned call is not used.
    let path = url.strip_prefix(team.stack.url()).unwrap();
    let forged = json!({
        "event": "macro.executed",
        "id": team.conversation.display_id,
        "meta": {"assignee": {"id": 99, "name": "[refund](https://evil.example)", "type": "user"}},
    });
    team.stack.advance(61).await;
    team.stack.stop_clock();
    for reason in [None, Some("repeated_or_unknown")] {
        let reply = team.stack.nobody().post(path, forged.clone()).await;
        let reply = reply.expect(200);
        assert_eq!(reply["accepted"], reason.is_none(), "{reply}");
    }
    team.deliver().await;
    let notes = team.notes().await;
    assert_eq!(notes.len(), 2);
    assert!(
        notes[1].starts_with("The visitor was not asked"),
        "{notes:?}"
    );

    let mut body = team.connection();
    body["unsigned_actions"] = false.into();
    team.admin.put(CONNECTION, body).await.expect(200);
    let path = url.strip_prefix(team.stack.url()).unwrap();
    let refused = team.stack.nobody().post(path, json!({})).await;
    refused.expect_problem(404, "hook_not_found");
}

#[tokio::test]
async fn a_request_of_the_api_is_posted_too() {
    let team = Team::connected().await;
    let id = team.id().await;
    team.stack.agent("lee").await.ask_for_id(&id).await;
    team.deliver().await;
    assert!(team.prompt().await.is_some());
    assert_eq!(team.notes().await, ["lee asked the visitor for a rating."]);
}

#[tokio::test]
async fn a_note_says_so_if_the_conversation_could_not_be_read_in_the_last_attempt() {
    let team = Team::connected().await;
    let reads = || FaultRule::next_of("GET", "/messages", ApiFault::Status(500));
    team.chatwoot
        .inject_faults(std::iter::repeat_with(reads).take(9));
    let mut listener = team.stack.listen().await;
    team.note("/ask-rating");
    team.deliver().await;
    team.chatwoot.take_faults();
    assert!(team.notes().await.is_empty());
    let task = loop {
        let event = listener.next().await;
        if event.kind == "platform.task_created" {
            break event.data;
        }
    };
    // Lambda repeats the event for the last time.
    team.stack.advance(180).await;
    team.chatwoot.inject_faults([reads()]);
    team.stack.put_events(std::slice::from_ref(&task)).await;
    let note = "The visitor was not asked for a rating, because the conversation could not be read. \
        Ask again later. If it fails again, tell an administrator.";
    assert_eq!(team.notes().await, [note]);
    // A dead letter that is repeated later asks nobody, because the teammate knows that nobody was asked.
    team.stack.put_events(&[task]).await;
    team.deliver().await;
    assert_eq!(team.prompt().await, None);
    assert_eq!(team.notes().await.len(), 1);
}

#[tokio::test]
async fn a_rule_of_the_settings_asks_after_a_resolution_on_the_server() {
    let team = Team::connected().await;
    let rule = json!({"asking": {"on_resolve": {"enabled": true, "after_minutes": 15}}});
    team.admin.put("/v1/settings", rule).await.expect(200);
    team.set_status(Status::Resolved);
    team.deliver().await;
    assert_eq!(team.prompt().await, None);
    team.stack.advance(16 * 60).await;
    team.deliver().await;
    assert!(team.prompt().await.is_some());
    assert_eq!(
        team.notes().await,
        ["A rule asked the visitor for a rating."]
    );
}

#[tokio::test]
async fn the_prompt_is_in_the_visitors_language() {
    let team = Team::new().await;
    team.connect().await;
    let visitor = team.chatwoot.add_contact(
        team.account,
        local_chatwoot::NewContact {
            browser_language: Some("pl".to_owned()),
            ..local_chatwoot::NewContact::default()
        },
    );
    let (conversation, _) = team
        .chatwoot
        .start_conversation(visitor, team.inbox, "Gdzie jest moja paczka?")
        .unwrap();
    let team = Team {
        visitor,
        conversation,
        ..team
    };
    team.deliver().await;
    team.note("/ask-rating");
    team.deliver().await;
    let prompt = team.prompt().await.unwrap();
    let first = &prompt["content_attributes"]["items"][4]["title"];
    let polish = texts::VisitorLanguage::Polish.prompt_texts();
    assert!(
        first
            .as_str()
            .unwrap()
            .ends_with(&polish.unbroken_faces()[4]),
        "{first}"
    );
}

#[tokio::test]
async fn quoted_words_are_not_executed_by_the_server() {
    let team = Team::connected().await;
    let settings = json!({
        "texts": {"en": {"question_about": "{{contact.email}} {agent}?"}},
    });
    let reply = team.admin.put("/v1/settings", settings).await;
    // Unknown placeholders are refused, so braces can only come from names.
    reply.expect_problem(422, "invalid_request");
    let evil = team.chatwoot.add_agent(
        team.account,
        &local_chatwoot::NewAgent {
            name: "{{ contact.email }}",
            email: "evil@example.com",
            role: local_chatwoot::Role::Administrator,
        },
    );
    team.chatwoot
        .agent_notes(team.conversation, evil, "/ask-rating")
        .unwrap();
    team.deliver().await;
    let prompt = team.prompt().await.unwrap();
    let content = prompt["content"].as_str().unwrap();
    assert!(content.contains("{ { contact.email }}"), "{content}");
    assert!(!content.contains("ana@example.org"), "{content}");
}

#[tokio::test]
async fn another_channel_than_the_widget_is_answered_with_the_reason() {
    let team = Team::new().await;
    team.connect().await;
    let inbox = NewInbox {
        channel: "Channel::Instagram",
        ..NewInbox::web_widget("Instagram")
    };
    let inbox = team.chatwoot.add_inbox(team.account, &inbox);
    team.chatwoot.add_inbox_member(inbox, team.kim).unwrap();
    let (conversation, _) = team
        .chatwoot
        .start_conversation(team.visitor, inbox, "Hi")
        .unwrap();
    let team = Team {
        inbox,
        conversation,
        ..team
    };
    team.deliver().await;
    team.note("/ask-rating");
    team.deliver().await;
    assert_eq!(team.prompt().await, None);
    let notes = team.notes().await;
    assert!(
        notes[0].starts_with("The visitor was not asked for a rating."),
        "{notes:?}"
    );
    let _: Value = team.recorded().await;
}

#[tokio::test]
async fn nobody_is_asked_while_the_servers_own_survey_is_open() {
    let team = Team::connected().await;
    team.chatwoot.set_csat(team.inbox, true).unwrap();
    team.set_status(Status::Resolved);
    team.deliver().await;
    team.note("/ask-rating");
    team.deliver().await;
    assert_eq!(team.prompt().await, None);
    let notes = team.notes().await;
    let expected = "The visitor was not asked for a rating. Chatwoot's own survey is open in this conversation. You can ask again on ";
    assert!(notes[0].starts_with(expected), "{notes:?}");
    // A request of the API is not posted beside the survey, either.
    let id = team.id().await;
    team.stack.agent("lee").await.ask_for_id(&id).await;
    team.deliver().await;
    assert_eq!(team.prompt().await, None);
    let notes = team.notes().await;
    assert_eq!(notes.len(), 2);
    assert!(notes[1].starts_with(expected), "{notes:?}");
}

#[tokio::test]
async fn a_conversation_that_was_resolved_before_the_connection_is_not_asked() {
    // The clock of the stack is ahead, so signatures would not be accepted.
    let team = Team::with(Options {
        version: ServerVersion::V4_9,
        ..Options::default()
    })
    .await;
    team.set_status(Status::Resolved);
    team.chatwoot.take_pending_hooks();
    team.connect().await;
    let rule = json!({"enabled": true, "after_minutes": 0});
    let settings = json!({"asking": {"on_resolve": rule}});
    team.admin.put("/v1/settings", settings).await.expect(200);
    // The chat began before yesterday.
    team.stack.advance(2 * 24 * 60 * 60).await;
    team.chatwoot
        .set_labels(team.conversation, &["vip"])
        .unwrap();
    team.deliver().await;
    assert_eq!(team.recorded().await["conversation"]["status"], "resolved");
    assert_eq!(requests(&team).await, 0);
    team.set_status(Status::Open);
    team.deliver().await;
    team.set_status(Status::Resolved);
    team.deliver().await;
    assert_eq!(requests(&team).await, 1);
}
