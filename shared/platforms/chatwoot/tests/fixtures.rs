//! Compares the result for each payload in `fixtures/` with `fixtures/expected/`.
//! `REWRITE_EXPECTED=1 cargo test -p chatwoot --test fixtures` writes the expected results.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};

use chatwoot::{
    Connection, ConversationPrefix, decode_action, decode_conversation, decode_event,
    decode_messages, map_conversation, map_event, map_messages,
};
use domain::Timestamp;
use serde_json::{Value, json};

fn connection() -> Connection {
    Connection {
        prefix: ConversationPrefix::new("https://chat.example.com", 2),
        account_id: 2,
        bot_id: Some(9),
    }
}

fn now() -> Timestamp {
    Timestamp::parse("2026-03-02T09:30:00.000Z").unwrap()
}

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let is_json = |path: &PathBuf| path.extension().is_some_and(|it| it == "json");
    let mut files: Vec<_> = files.filter(is_json).collect();
    files.sort();
    files
}

fn name(path: &Path) -> &str {
    path.file_stem().unwrap().to_str().unwrap()
}

/// The recordings for a payload, and everything that was decoded from it.
fn result(path: &Path) -> (Value, String) {
    let body = fs::read(path).unwrap();
    let connection = connection();
    let error = |error: &dyn std::error::Error| json!({"error": error.to_string()});
    if name(path) == "api_messages" {
        let page = decode_messages(&body).unwrap();
        let mapping = map_messages(&connection, &page.messages, now());
        let unreadable = page.unreadable.iter().map(ToString::to_string);
        let unreadable: Vec<_> = unreadable.collect();
        let result = json!({"mapping": mapping, "unreadable": unreadable});
        (result, format!("{page:?}"))
    } else if name(path) == "api_conversation" {
        let conversation = decode_conversation(&body).unwrap();
        let recordings = map_conversation(&connection, &conversation, now());
        (json!(recordings), format!("{conversation:?}"))
    } else if name(path).starts_with("action_") {
        let conversation = decode_action(&body).unwrap();
        let shown = format!("{conversation:?}");
        (
            json!(shown.split_whitespace().collect::<Vec<_>>().join(" ")),
            shown,
        )
    } else {
        match decode_event(&body) {
            Ok(event) => {
                let mapping = map_event(&connection, &event, now());
                (json!(mapping), format!("{event:?}"))
            }
            Err(refused) => (error(&refused), format!("{refused:?}")),
        }
    }
}

#[test]
fn each_payload_has_the_expected_result() {
    let is_rewriting = std::env::var_os("REWRITE_EXPECTED").is_some();
    let mut differences = Vec::new();
    for path in fixtures() {
        let (result, _) = result(&path);
        let result = format!("{result:#}\n");
        let expected_path = path
            .with_file_name("expected")
            .join(path.file_name().unwrap());
        if is_rewriting {
            fs::write(&expected_path, &result).unwrap();
        }
        let expected = fs::read_to_string(&expected_path).unwrap_or_default();
        if result != expected {
            differences.push(format!("{}: {result}", name(&path)));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn the_token_of_the_visitors_connection_is_never_kept() {
    let mut with_token = 0;
    for path in fixtures() {
        let payload = fs::read_to_string(&path).unwrap();
        with_token += usize::from(payload.contains("pubsub_token"));
        let (result, decoded) = result(&path);
        for shown in [result.to_string(), decoded] {
            assert!(!shown.contains("pubsub"), "{}", path.display());
        }
    }
    assert!(with_token > 30);
}

#[test]
fn the_same_message_is_equal_in_events_and_in_the_api() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let event = |name: &str| result(&folder.join(format!("{name}.json"))).0;
    let page = event("api_messages");
    for (name, id) in [
        ("message_created_agent_backslash", "3002"),
        ("message_created_command_by_agent", "3006"),
    ] {
        let mut by_event = event(name)["messages"]["messages"][0].clone();
        let messages = page["mapping"]["bodies"][0]["messages"].as_array().unwrap();
        let by_api = messages.iter().find(|it| it["id"] == id).unwrap();
        let mut by_api = by_api.clone();
        by_event["as_of"].take();
        by_api["as_of"].take();
        if id == "3002" {
            assert_eq!(by_event, by_api);
        } else {
            assert_eq!(by_event["author"], by_api["author"]);
        }
    }
}
