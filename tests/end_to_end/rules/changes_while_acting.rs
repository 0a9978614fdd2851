//! A rule decides from what it reads. Its write fails if the conversation changed meanwhile, and then the
//! rule decides again.

use serde_json::{Value, json};
use tests::{AwsCall, AwsProxy, Stack, message, note};

use super::{
    CONVERSATION, HOUR, MINUTE, SECOND, advance, asking, prepare, record, requests, resolve,
    sending,
};

const SENT_AT: &str = "2026-01-05T09:10:00Z";

async fn start(mut settings: Value) -> (Stack, AwsProxy) {
    for rules in ["asking", "transcripts"] {
        if let Some(rule) = settings.pointer_mut(&format!("/{rules}/on_resolve")) {
            rule["conditions"] = json!({ "labels_none": ["vip"] });
        }
    }
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    prepare(&stack, settings).await;
    record_message(&stack, message("m1", SENT_AT, "Hello")).await;
    record_message(&stack, message("m2", SENT_AT, "Secret")).await;
    resolve(&stack).await;
    (stack, aws)
}

async fn record_message(stack: &Stack, message: Value) {
    let platform = stack.platform().await;
    let path = format!("{CONVERSATION}/messages");
    let body = json!({ "messages": [message] });
    platform.post(&path, body).await.expect(200);
}

/// Changes the conversation between the decision of the rule and its write.
async fn change_meanwhile(
    stack: &Stack,
    aws: &AwsProxy,
    seconds: u64,
    writes: impl FnMut(&AwsCall) -> bool + Send + 'static,
    kind: &str,
) {
    stack.settle().await;
    let held = aws.hold(writes);
    let changing = held.meanwhile(async {
        match kind {
            "opened" => record(stack, json!({ "status": "open" })).await,
            "label" => record(stack, json!({ "labels": ["vip"] })).await,
            "assignee" => record(stack, json!({ "assignee": { "id": "sam" } })).await,
            "address" => record(stack, json!({ "visitor": { "email": "b@example.org" } })).await,
            "private" => record_message(stack, note("m2", SENT_AT, "Secret")).await,
            "asked" => {
                stack.agent("kim").await.ask_for_id("c1").await;
            }
            _ => panic!("an unknown change: {kind}"),
        }
    });
    tokio::join!(advance(stack, seconds), changing);
}

#[tokio::test]
async fn a_rule_does_not_ask_from_an_outdated_decision() {
    for (kind, expected) in [
        ("opened", None),
        ("label", None),
        ("assignee", Some(("sam", "rule"))),
        ("asked", Some(("kim", "agent"))),
    ] {
        let (stack, aws) = start(asking(&json!({}))).await;
        let asks =
            |call: &AwsCall| call.function == "follow-up" && call.mentions(r#""rating_requested""#);
        change_meanwhile(&stack, &aws, 15 * MINUTE + SECOND, asks, kind).await;
        let requests = requests(&stack).await;
        let made: Vec<_> = requests
            .iter()
            .map(|it| {
                (
                    it["agent"]["id"].as_str().unwrap(),
                    it["by"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(made, Vec::from_iter(expected), "{kind}");
    }
}

#[tokio::test]
async fn a_rule_sends_no_transcript_from_an_outdated_decision() {
    for (kind, expected) in [
        ("opened", None),
        ("label", None),
        ("address", Some("b@example.org")),
        ("private", Some("ana@example.org")),
    ] {
        let (stack, aws) = start(sending()).await;
        let reserves = |call: &AwsCall| call.function == "follow-up" && call.mentions("ADD ids");
        change_meanwhile(&stack, &aws, HOUR + SECOND, reserves, kind).await;
        let mails = stack.outbox().await;
        let recipients: Vec<_> = mails
            .iter()
            .map(|mail| mail["to"][0].as_str().unwrap_or_else(|| panic!("{mail}")))
            .collect();
        assert_eq!(recipients, Vec::from_iter(expected), "{kind}");
        if kind == "private" {
            assert!(!mails[0].to_string().contains("Secret"));
        }
    }
}
