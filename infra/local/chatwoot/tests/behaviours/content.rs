//! The content of messages.

use local_chatwoot::{NewAttachment, Options, ServerVersion, WebhookContent};
use serde_json::Value;

use crate::kit::Office;

/// The content that an agent's text has in the hook and in the API.
async fn contents(version: ServerVersion, text: &str) -> (Value, Value) {
    let office = Office::with(Options {
        version,
        editor_writes_backslashes: true,
        ..Options::default()
    })
    .await;
    let (conversation, _) = office.quiet_conversation();
    office
        .chatwoot
        .agent_writes(conversation, office.agent, text)
        .unwrap();
    let hook = office.bodies()[0]["content"].clone();
    let messages = office.client().messages(conversation.display_id, "").await;
    (hook, messages[1]["content"].clone())
}

#[tokio::test]
async fn the_api_keeps_the_backslashes_that_the_hook_lacks() {
    let (hook, api) = contents(ServerVersion::V4_15, "One\nTwo").await;
    assert_eq!(hook, "One\nTwo");
    assert_eq!(api, "One\\\nTwo");
}

#[tokio::test]
async fn an_old_server_sends_the_backslashes_in_both() {
    let (hook, api) = contents(ServerVersion::V4_8, "One\nTwo").await;
    assert_eq!(hook, "One\\\nTwo");
    assert_eq!(api, "One\\\nTwo");
}

#[tokio::test]
async fn hooks_of_some_versions_contain_html() {
    let (hook, api) = contents(ServerVersion::V4_12, "1 < 2\nTwo").await;
    assert_eq!(hook, "<p>1 &lt; 2<br />\nTwo</p>\n");
    assert_eq!(api, "1 < 2\\\nTwo");
}

#[tokio::test]
async fn hooks_of_the_newest_version_end_without_line_breaks() {
    let version = ServerVersion {
        webhook_content: WebhookContent::WithoutBackslashes,
        ..ServerVersion::V4_15
    };
    let (hook, _) = contents(version, "Text\n\n").await;
    assert_eq!(hook, "Text");
}

#[tokio::test]
async fn a_message_with_files_only_has_no_content() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let file = NewAttachment {
        file_type: "image".to_owned(),
        name: "my parcel.jpg".to_owned(),
        content: b"bytes".to_vec(),
    };
    office
        .chatwoot
        .visitor_sends_files(conversation, None, vec![file])
        .unwrap();
    let body = office.bodies()[0].clone();
    assert_eq!(body["content"], Value::Null);
    let url = body["attachments"][0]["data_url"].as_str().unwrap();
    assert!(url.ends_with("/my%20parcel.jpg"));
    let file = reqwest::get(url).await.unwrap().bytes().await.unwrap();
    assert_eq!(file, "bytes");
}

#[tokio::test]
async fn a_message_can_have_150_000_characters() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let text = "é".repeat(150_000);
    office.chatwoot.visitor_writes(conversation, &text).unwrap();
    assert_eq!(office.bodies()[0]["content"], text);
    let messages = office.client().messages(conversation.display_id, "").await;
    assert_eq!(messages[1]["content"], text);
}
