//! Arbitrary bytes, arbitrary JSON and payloads with arbitrary members never cause a panic, and the
//! bodies that result are valid for the API.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::Path;

use chatwoot::{
    Connection, ConversationPrefix, decode_action, decode_conversation, decode_event,
    decode_messages, html_to_text, map_conversation, map_event, map_messages,
};
use domain::{
    Agent, Attachment, Author, Channel, ConversationStatus, Group, Label, MESSAGE_LEAD_SECONDS,
    MessageId, MessageText, Timestamp, Visibility, Visitor,
};
use platform_recordings::{ConversationRecording, NewMessages};
use proptest::collection::{hash_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde::Deserialize;
use serde_json::{Value, json};

/// The body of `PUT /v1/conversations/{conversation_id}` with the rules of the API.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ConversationBody {
    channel: Option<Channel>,
    visitor: Option<Visitor>,
    assignee: Option<Agent>,
    inbox: Option<Group>,
    team: Option<Group>,
    labels: Option<Vec<Label>>,
    status: Option<ConversationStatus>,
    as_of: Option<Timestamp>,
}

/// A message in the body of `POST /v1/conversations/{conversation_id}/messages`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MessageBody {
    id: MessageId,
    sent_at: Timestamp,
    author: Author,
    visibility: Visibility,
    text: MessageText,
    #[serde(default)]
    attachments: Vec<Attachment>,
    as_of: Timestamp,
}

fn now() -> Timestamp {
    Timestamp::parse("2026-03-02T09:30:00.000Z").unwrap()
}

fn latest() -> Timestamp {
    now().plus_seconds(MESSAGE_LEAD_SECONDS)
}

fn check_conversation(recording: &ConversationRecording) {
    let body: ConversationBody = serde_json::from_value(json!(recording.change)).unwrap();
    assert!(body.as_of.unwrap() <= latest());
    assert!(body.labels.is_none_or(|labels| labels.len() <= 20));
    let _ = (
        body.channel,
        body.visitor,
        body.assignee,
        body.inbox,
        body.team,
        body.status,
    );
}

fn check_messages(body: &NewMessages) {
    let json = json!(body);
    assert!(json.to_string().len() <= 1_000_000);
    let messages = json["messages"].as_array().unwrap();
    assert!((1..=100).contains(&messages.len()));
    for message in messages {
        let body: MessageBody = serde_json::from_value(message.clone()).unwrap();
        assert!(body.sent_at <= latest() && body.as_of <= latest());
        let files: usize = (body.attachments.iter())
            .map(|it| it.name.as_str().len() + it.url.as_str().len() + 100)
            .sum();
        let stored =
            body.text.as_str().len() + files + json!(body.author).to_string().len() + 2_000;
        assert!(stored <= 200_000, "{stored}");
        assert!(body.attachments.len() <= 32);
        let _ = (body.id, body.visibility);
    }
}

/// Decodes `body` in each way. Returns everything that was decoded and mapped as text.
fn decode_all(body: &[u8]) -> String {
    let connection = Connection {
        prefix: ConversationPrefix::new("https://chat.example.com", 2),
        account_id: 2,
        bot_id: Some(9),
    };
    let mut shown = String::new();
    let event = decode_event(body);
    if let Ok(event) = &event {
        let mapping = map_event(&connection, event, now());
        mapping.conversation.iter().for_each(check_conversation);
        mapping.messages.iter().for_each(check_messages);
        shown.push_str(&json!(mapping).to_string());
    }
    let page = decode_messages(body);
    if let Ok(page) = &page {
        let mapping = map_messages(&connection, &page.messages, now());
        mapping.bodies.iter().for_each(check_messages);
        shown.push_str(&json!(mapping).to_string());
    }
    let conversation = decode_conversation(body);
    if let Ok(conversation) = &conversation {
        let recordings = map_conversation(&connection, conversation, now());
        recordings.iter().for_each(check_conversation);
    }
    let action = decode_action(body);
    format!("{shown} {event:?} {page:?} {conversation:?} {action:?}")
}

fn fixtures() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|it| it == "json"));
    files
        .map(|path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap())
        .collect()
}

/// Replaces the value at `position` in the order of a depth-first walk, if there is one.
fn replace_nth(value: &mut Value, position: &mut usize, new: &Value) -> bool {
    if *position == 0 {
        *value = new.clone();
        return true;
    }
    *position -= 1;
    match value {
        Value::Array(list) => list.iter_mut().any(|it| replace_nth(it, position, new)),
        Value::Object(members) => {
            let mut values = members.values_mut();
            values.any(|it| replace_nth(it, position, new))
        }
        _ => false,
    }
}

fn arbitrary_json() -> impl Strategy<Value = Value> {
    let names = select(vec![
        "event",
        "id",
        "conversation",
        "private",
        "payload",
        "meta",
        "sender",
        "content",
        "message_type",
        "created_at",
        "updated_at",
        "attachments",
        "content_attributes",
        "items",
        "submitted_values",
        "deleted",
        "afterchat",
        "data_url",
        "assignee",
        "team",
        "labels",
    ]);
    let leaf = hostile();
    leaf.prop_recursive(4, 40, 8, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::Array),
            hash_map(names.clone().prop_map(str::to_owned), inner, 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Values that a member may have by mistake or by intent.
fn hostile() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0..3_000_000_000_u64).prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        select(vec![
            "message_created",
            "message_updated",
            "conversation_updated",
            "macro.executed",
            "incoming",
            "outgoing",
            "resolved",
            "<p>",
            "<p>&#x110000;</p>",
            "{{x}}",
            "\\\n",
            "",
            "https://a.example/%",
            "https://a.example/é",
            "2026-03-02T09:30:00Z",
            "\u{202e}x",
        ])
        .prop_map(Value::from),
        (
            select(vec!["😀", "a", "\"", "\\\n", "<p>", "\u{0}"]),
            select(vec![300_usize, 40_000, 150_000])
        )
            .prop_map(|(text, count)| Value::from(text.repeat(count))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_do_not_panic(body: Vec<u8>, text in "[\\[\\]{}\":,0-9a-z\\\\]{0,60}") {
        decode_all(&body);
        decode_all(text.as_bytes());
    }

    #[test]
    fn arbitrary_json_does_not_panic(value in arbitrary_json()) {
        decode_all(value.to_string().as_bytes());
    }

    #[test]
    fn a_payload_with_arbitrary_members_becomes_valid_bodies(
        mut payload in select(fixtures()),
        changes in vec((0..120_usize, prop_oneof![3 => hostile().boxed(), 1 => arbitrary_json().boxed()]), 1..4),
    ) {
        for (mut position, value) in changes {
            replace_nth(&mut payload, &mut position, &value);
        }
        let shown = decode_all(payload.to_string().as_bytes());
        prop_assert!(!shown.contains("pubsub"));
    }

    #[test]
    fn arbitrary_html_becomes_text(html in ".{0,200}") {
        html_to_text(&html);
    }
}

#[test]
fn deeply_nested_json_is_refused() {
    let deep = "[".repeat(1_000_000);
    assert!(decode_event(deep.as_bytes()).is_err());
    let deep = "<div>".repeat(100_000);
    assert_eq!(html_to_text(&deep), "");
}

#[test]
fn a_message_with_the_longest_text_and_attachments_is_valid() {
    let url = format!("https://chat.example.com/{}", "%F0%9F%98%80".repeat(168));
    let file = json!({"file_type": "file", "data_url": url, "file_size": u64::MAX});
    let body = json!({
        "event": "message_created",
        "id": 1,
        "content": "😀".repeat(150_000),
        "message_type": "outgoing",
        "private": false,
        "created_at": "2026-03-02T09:15:04.123Z",
        "sender": {"id": 7, "name": "😀".repeat(400), "type": "user"},
        "attachments": vec![file; 40],
        "conversation": {"id": 118},
    });
    let shown = decode_all(body.to_string().as_bytes());
    assert!(shown.contains('…'));
}
