//! Updates that arrive late or in another order. An update with an older `as_of` overwrites nothing
//! that a newer update has recorded.

use serde_json::{Value, json};
use tests::{Caller, Stack, message, note};

const CONVERSATION: &str = "/v1/conversations/c1";
const MESSAGES: &str = "/v1/conversations/c1/messages";
const EARLY: &str = "2026-01-05T09:00:00Z";
const LATE: &str = "2026-01-05T10:00:00Z";
const SENT_AT: &str = "2026-01-05T08:30:00Z";

fn as_of(mut body: Value, moment: &str) -> Value {
    body["as_of"] = json!(moment);
    body
}

/// The message `m9` as an agent reads it in the thread.
async fn read_m9(agent: &Caller) -> Value {
    let read = agent.conversation("c1").await;
    let entries = read["thread"]["entries"].as_array().unwrap();
    let found = entries.iter().find(|entry| entry["id"] == "m9");
    found.cloned().unwrap_or_default()
}

async fn record_message(platform: &Caller, message: Value) -> Value {
    let body = json!({ "messages": [message] });
    platform.post(MESSAGES, body).await.expect(200)
}

#[tokio::test]
async fn an_older_update_neither_withdraws_a_request_nor_restores_an_old_address() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let opened =
        json!({ "channel": "widget", "status": "open", "visitor": { "email": "old@example.org" } });
    let resolved = json!({ "status": "resolved", "visitor": { "email": "new@example.org" } });
    let opened = as_of(opened, EARLY);
    let first = platform.put(CONVERSATION, opened.clone()).await.expect(201);
    assert!(first.get("outdated").is_none());
    let recorded = platform.put(CONVERSATION, as_of(resolved, LATE)).await;
    let recorded = recorded.expect(200);
    assert!(recorded.get("outdated").is_none());
    let agent = stack.agent("kim").await;
    let request = agent.ask_for_id("c1").await;

    let late = platform.put(CONVERSATION, opened).await.expect(200);
    assert_eq!(late["outdated"], true);
    assert_eq!(late["visitor_token"], first["visitor_token"]);
    assert_eq!(late["conversation"]["status"], "resolved");
    assert_eq!(late["conversation"]["visitor"]["email"], "new@example.org");
    let visitor = stack.bearer(first["visitor_token"].as_str().unwrap());
    visitor
        .rate(&request, json!({ "score": 5 }))
        .await
        .expect(201);
}

#[tokio::test]
async fn an_older_update_fills_in_only_fields_that_were_never_recorded() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let newer = json!({ "channel": "widget", "visitor": { "name": "Ana" } });
    platform
        .put(CONVERSATION, as_of(newer, LATE))
        .await
        .expect(201);
    let older = json!({
        "channel": "messenger",
        "status": "resolved",
        "visitor": {
            "name": "A.", "email": "ana@example.org", "time_zone": "Europe/Lisbon", "language": "pt",
        },
        "assignee": { "id": "kim", "name": "Kim" },
        "renew_visitor_token": true,
    });
    let late = platform
        .put(CONVERSATION, as_of(older, EARLY))
        .await
        .expect(200);
    assert_eq!(late["outdated"], true);
    let conversation = &late["conversation"];
    assert_eq!(conversation["channel"], "widget");
    assert_eq!(conversation["status"], "open");
    assert_eq!(
        conversation["visitor"],
        json!({
            "name": "Ana", "email": "ana@example.org", "time_zone": "Europe/Lisbon", "language": "pt",
        })
    );
    assert_eq!(conversation["assignee"]["id"], "kim");
    // The address that was filled in links the conversation to the visitor's erasure.
    let agent = stack.agent("kim").await;
    agent
        .delete("/v1/visitors/ana@example.org")
        .await
        .expect(200);
    agent
        .get(CONVERSATION)
        .await
        .expect_problem(404, "conversation_not_found");
}

#[tokio::test]
async fn an_update_with_an_equal_or_absent_as_of_is_applied() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let body = json!({ "channel": "widget", "visitor": { "name": "Ana" } });
    platform
        .put(CONVERSATION, as_of(body, LATE))
        .await
        .expect(201);
    for (name, moment) in [("Bo", Some(LATE)), ("Cy", None), ("Di", Some(LATE))] {
        let mut body = json!({ "visitor": { "name": name } });
        if let Some(moment) = moment {
            body = as_of(body, moment);
        }
        let recorded = platform.put(CONVERSATION, body).await.expect(200);
        assert_eq!(recorded["conversation"]["visitor"]["name"], name);
        assert!(recorded.get("outdated").is_none());
    }
}

#[tokio::test]
async fn an_older_version_of_a_message_does_not_undo_an_edit() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    let secret = as_of(message("m9", SENT_AT, "My card is 4111 1111"), EARLY);
    let edited = as_of(message("m9", SENT_AT, "My card is ***"), LATE);
    assert_eq!(
        record_message(&platform, secret.clone()).await,
        json!({ "recorded": 1 })
    );
    assert_eq!(
        record_message(&platform, edited).await,
        json!({ "recorded": 1 })
    );
    let late = record_message(&platform, secret.clone()).await;
    assert_eq!(late, json!({ "recorded": 1, "outdated": true }));
    assert_eq!(read_m9(&agent).await["text"], "My card is ***");

    // Other messages in the same body are recorded.
    let body = json!({ "messages": [secret, message("m10", SENT_AT, "New")] });
    let both = platform.post(MESSAGES, body).await.expect(200);
    assert_eq!(both, json!({ "recorded": 2, "outdated": true }));
    assert_eq!(read_m9(&agent).await["text"], "My card is ***");
    let read = agent.conversation("c1").await;
    assert!(read.to_string().contains("\"New\""));
}

#[tokio::test]
async fn a_message_that_was_ever_private_is_private_in_any_order_of_its_versions() {
    let public = as_of(message("m9", SENT_AT, "Public"), LATE);
    let private = as_of(note("m9", SENT_AT, "Private"), EARLY);
    for versions in [[&public, &private], [&private, &public]] {
        let stack = Stack::start().await;
        stack.verified_sender().await;
        stack.conversation("c1").await;
        let platform = stack.platform().await;
        let agent = stack.agent("kim").await;
        for version in versions {
            record_message(&platform, version.clone()).await;
        }
        assert_eq!(read_m9(&agent).await["visibility"], "private");
        agent.send_transcript("c1").await.expect(201);
        let mail = stack.outbox().await.pop().unwrap().to_string();
        assert!(
            !mail.contains("Public") && !mail.contains("Private"),
            "{mail}"
        );
    }
}

#[tokio::test]
async fn every_pair_of_message_versions_leads_to_the_expected_text_and_visibility() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    let times = [None, Some(EARLY), Some(LATE)];
    let versions: Vec<_> = ["public", "private"]
        .into_iter()
        .flat_map(|visibility| times.map(|time| (visibility, time)))
        .collect();
    let mut number = 0;
    for first in &versions {
        for second in &versions {
            number += 1;
            let path = format!("/v1/conversations/pair-{number}");
            let body = json!({ "channel": "widget" });
            platform.put(&path, body).await.expect(201);
            for (text, (visibility, time)) in [("First", first), ("Second", second)] {
                let mut version = message("m9", SENT_AT, text);
                version["visibility"] = json!(visibility);
                if let Some(time) = time {
                    version = as_of(version, time);
                }
                let body = json!({ "messages": [version] });
                platform
                    .post(&format!("{path}/messages"), body)
                    .await
                    .expect(200);
            }
            let read = agent.get(&path).await.expect(200);
            let entry = &read["thread"]["entries"][0];
            let is_private = first.0 == "private" || second.0 == "private";
            let visibility = if is_private { "private" } else { "public" };
            assert_eq!(entry["visibility"], visibility, "{first:?} {second:?}");
            let is_older = matches!((first.1, second.1), (Some(LATE), Some(EARLY)));
            let hides_public = first.0 == "private" && second.0 == "public";
            let text = if is_older || hides_public {
                "First"
            } else {
                "Second"
            };
            assert_eq!(entry["text"], text, "{first:?} {second:?}");
        }
    }
}

#[tokio::test]
async fn an_as_of_more_than_five_minutes_in_the_future_is_refused() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    for (moment, status) in [
        ("2999-01-01T00:00:00Z", 422),
        ("yesterday", 422),
        ("2026-01-05T10:00:00+02:00", 200),
    ] {
        let reply = platform
            .put(CONVERSATION, as_of(json!({ "status": "open" }), moment))
            .await;
        assert_eq!(reply.status, status, "{moment}: {}", reply.body);
        let message = as_of(message("m9", SENT_AT, "Hi"), moment);
        let body = json!({ "messages": [message] });
        let reply = platform.post(MESSAGES, body).await;
        assert_eq!(reply.status, status, "{moment}: {}", reply.body);
        if status == 422 {
            let problem = reply.expect_problem(422, "invalid_request");
            assert_eq!(problem["field"], "messages[0].as_of");
        }
    }
}

#[tokio::test]
async fn updates_in_any_order_lead_to_the_same_conversation() {
    let versions = [
        as_of(
            json!({ "channel": "widget", "status": "open", "visitor": { "name": "A" } }),
            EARLY,
        ),
        as_of(
            json!({ "channel": "widget", "status": "resolved", "visitor": { "name": "B" } }),
            "2026-01-05T09:30:00Z",
        ),
        as_of(
            json!({ "channel": "widget", "status": "open", "visitor": { "name": "C", "email": "c@example.org" } }),
            LATE,
        ),
    ];
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let stack = Stack::start().await;
        let platform = stack.platform().await;
        for index in order {
            platform
                .put(CONVERSATION, versions[index].clone())
                .await
                .expect_success();
        }
        let agent = stack.agent("kim").await;
        let read = agent.conversation("c1").await;
        assert_eq!(read["conversation"]["status"], "open", "{order:?}");
        let visitor = json!({ "name": "C", "email": "c@example.org" });
        assert_eq!(read["conversation"]["visitor"], visitor, "{order:?}");
    }
}
