//! Agents' tokens with a good signature and odd claims. The gateway hands claims on as text,
//! whatever they were; what they say is read in the functions.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use tests::{Caller, Stack};

/// The claims of an agent's own token, changed; `null` takes a claim out.
fn changed(caller: &Caller, changes: Value) -> Value {
    let payload = caller.token().split('.').nth(1).unwrap();
    let payload = BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap();
    let mut claims: Map<String, Value> = serde_json::from_slice(&payload).unwrap();
    claims.extend(changes.as_object().unwrap().clone());
    claims.retain(|_, value| !value.is_null());
    Value::Object(claims)
}

/// A stack with a conversation `c1`, and an agent in it.
async fn stack() -> (Stack, Caller) {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    (stack, agent)
}

#[tokio::test]
async fn a_token_without_a_subject_is_nobodys() {
    let (stack, agent) = stack().await;
    let before = stack.kept().await;
    for changes in [
        json!({ "sub": null }),
        json!({ "sub": "" }),
        json!({ "sub": null, "Sub": "kim", "SUB": "kim", "client_id": "kim" }),
    ] {
        let nobody = stack.signed(&changed(&agent, changes));
        nobody
            .ask("c1")
            .await
            .expect_problem(403, "token_not_accepted");
    }
    assert_eq!(stack.kept().await, before);
}

#[tokio::test]
async fn a_subject_that_is_no_text_is_no_other_agent() {
    let (stack, agent) = stack().await;
    agent.asked("c1").await;
    for subject in [
        json!(["kim"]),
        json!({ "id": "kim" }),
        json!(true),
        json!(7),
    ] {
        let other = stack.signed(&changed(&agent, json!({ "sub": subject })));
        let reply = other.ask("c1").await;
        // Where the gateway lets it pass, it is whoever its text says.
        if reply.status != 401 {
            let body = reply.expect(201);
            assert_ne!(body["rating_request"]["agent_id"], "kim", "{subject}");
        }
    }
}

#[tokio::test]
async fn a_name_that_breaks_its_rule_is_shown_to_nobody() {
    let stack = Stack::start().await;
    let agent = stack.agent("kim").await;
    for (number, name) in [
        json!("Kim\r\nBcc: eve@example.net"),
        json!("Kim\u{2028}Lee"),
        json!("\0"),
        json!("   "),
        json!("k".repeat(201)),
    ]
    .into_iter()
    .enumerate()
    {
        let conversation = format!("c{number}");
        let visitor = stack.conversation(&conversation).await;
        let agent = stack.signed(&changed(&agent, json!({ "name": name })));
        agent.asked(&conversation).await;
        let shown = visitor.rating_request().await;
        assert_eq!(shown["rating_request"].get("agent_name"), None, "{name}");
    }
}

#[tokio::test]
async fn scopes_in_another_shape_are_none() {
    let (stack, agent) = stack().await;
    let before = stack.kept().await;
    for scope in [
        json!({ "afterchat/ratings:ask": true }),
        json!(["afterchat/ratings:ask afterchat/ratings:ask"]),
        json!([["afterchat/ratings:ask"]]),
        json!("afterchat/ratings:ask,"),
        json!("afterchat/*"),
        json!("*"),
        json!(1),
        json!(true),
    ] {
        let agent = stack.signed(&changed(&agent, json!({ "scope": scope })));
        let body = agent.ask("c1").await.expect(403);
        assert_eq!(body, json!({ "message": "Forbidden" }), "{scope}");
    }
    assert_eq!(stack.kept().await, before);
}

#[tokio::test]
async fn a_time_of_another_type_is_no_time() {
    let (stack, agent) = stack().await;
    let before = stack.kept().await;
    for changes in [
        json!({ "exp": "9999999999" }),
        json!({ "exp": [9_999_999_999_u64] }),
        json!({ "exp": {} }),
        json!({ "exp": true }),
        json!({ "exp": -1 }),
        json!({ "exp": 0 }),
    ] {
        let agent = stack.signed(&changed(&agent, changes.clone()));
        let body = agent.ask("c1").await.expect(401);
        assert_eq!(body, json!({ "message": "Unauthorized" }), "{changes}");
    }
    assert_eq!(stack.kept().await, before);
}

#[tokio::test]
async fn a_token_of_the_far_future_opens_nothing_yet() {
    let (stack, agent) = stack().await;
    let before = stack.kept().await;
    let now: Timestamp = stack.now().await.parse().unwrap();
    let in_a_century = now.as_second() + 100 * 365 * 86_400;
    for claim in ["nbf", "iat"] {
        for time in [json!(in_a_century), json!(1e18), json!(u64::MAX)] {
            let mut changes = json!({ "exp": u64::MAX });
            changes[claim] = time;
            let agent = stack.signed(&changed(&agent, changes));
            agent.ask("c1").await.expect(401);
        }
    }
    assert_eq!(stack.kept().await, before);
}

#[tokio::test]
async fn a_huge_token_reaches_no_function() {
    let (stack, agent) = stack().await;
    let before = stack.kept().await;
    let padding = json!({ "padding": "x".repeat(9_000) });
    let huge = stack.signed(&changed(&agent, padding));
    let reply = huge.ask("c1").await;
    assert_eq!(reply.status, 431, "{}", reply.body);
    assert_eq!(stack.kept().await, before);
}

#[tokio::test]
async fn an_organisation_of_another_type_is_none() {
    let stack = Stack::start_with_organisations().await;
    stack.conversation_of("red", "c1").await;
    let agent = stack.agent_of("red", "kim").await;
    let before = stack.kept().await;
    for organisation in [
        json!(["red"]),
        json!(["blue", "red"]),
        json!({ "id": "red" }),
        json!("red#c1"),
        json!("red "),
        json!("red\0"),
        json!(""),
        json!(null),
    ] {
        let agent = stack.signed(&changed(&agent, json!({ "org": organisation })));
        agent
            .ask("c1")
            .await
            .expect_problem(403, "token_not_accepted");
    }
    assert_eq!(stack.kept().await, before);
}
