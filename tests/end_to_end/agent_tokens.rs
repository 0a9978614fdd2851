//! Agents' tokens with a valid signature and unusual claims. The gateway passes every claim as text, and the functions
//! validate it.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use tests::{Caller, Stack};

/// The claims of a caller's token with changes. A change to `null` removes the claim.
fn claims_with(caller: &Caller, changes: Value) -> Value {
    let payload = caller.token().split('.').nth(1).unwrap();
    let payload = BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap();
    let mut claims: Map<String, Value> = serde_json::from_slice(&payload).unwrap();
    claims.extend(changes.as_object().unwrap().clone());
    claims.retain(|_, value| !value.is_null());
    Value::Object(claims)
}

/// A stack with the conversation `c1`, and an agent.
async fn stack() -> (Stack, Caller) {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    (stack, agent)
}

#[tokio::test]
async fn a_token_without_a_subject_is_not_accepted() {
    let (stack, agent) = stack().await;
    let before = stack.all_data().await;
    for changes in [
        json!({ "sub": null }),
        json!({ "sub": "" }),
        json!({ "sub": null, "Sub": "kim", "SUB": "kim", "client_id": "kim" }),
    ] {
        let without_subject = stack.signed(&claims_with(&agent, changes));
        without_subject
            .ask("c1")
            .await
            .expect_problem(403, "token_not_accepted");
    }
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn a_subject_that_is_not_text_never_equals_another_agents_id() {
    let (stack, agent) = stack().await;
    agent.ask_for_id("c1").await;
    for subject in [
        json!(["kim"]),
        json!({ "id": "kim" }),
        json!(true),
        json!(7),
    ] {
        let other = stack.signed(&claims_with(&agent, json!({ "sub": subject })));
        let reply = other.ask("c1").await;
        // If the gateway accepts the token, the agent's id is the claim's text.
        if reply.status != 401 {
            let body = reply.expect(201);
            assert_ne!(body["rating_request"]["agent_id"], "kim", "{subject}");
        }
    }
}

#[tokio::test]
async fn an_invalid_agent_name_is_not_shown_to_the_visitor() {
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
        let agent = stack.signed(&claims_with(&agent, json!({ "name": name })));
        agent.ask_for_id(&conversation).await;
        let shown = visitor.rating_request().await;
        assert_eq!(shown["rating_request"].get("agent_name"), None, "{name}");
    }
}

#[tokio::test]
async fn scopes_in_the_wrong_format_grant_nothing() {
    let (stack, agent) = stack().await;
    let before = stack.all_data().await;
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
        let agent = stack.signed(&claims_with(&agent, json!({ "scope": scope })));
        let body = agent.ask("c1").await.expect(403);
        assert_eq!(body, json!({ "message": "Forbidden" }), "{scope}");
    }
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn a_token_with_an_invalid_expiry_is_refused() {
    let (stack, agent) = stack().await;
    let before = stack.all_data().await;
    for changes in [
        json!({ "exp": "9999999999" }),
        json!({ "exp": [9_999_999_999_u64] }),
        json!({ "exp": {} }),
        json!({ "exp": true }),
        json!({ "exp": -1 }),
        json!({ "exp": 0 }),
    ] {
        let agent = stack.signed(&claims_with(&agent, changes.clone()));
        let body = agent.ask("c1").await.expect(401);
        assert_eq!(body, json!({ "message": "Unauthorized" }), "{changes}");
    }
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn a_token_that_becomes_valid_in_the_far_future_is_refused() {
    let (stack, agent) = stack().await;
    let before = stack.all_data().await;
    let now: Timestamp = stack.now().await.parse().unwrap();
    let in_a_century = now.as_second() + 100 * 365 * 86_400;
    for claim in ["nbf", "iat"] {
        for time in [json!(in_a_century), json!(1e18), json!(u64::MAX)] {
            let mut changes = json!({ "exp": u64::MAX });
            changes[claim] = time;
            let agent = stack.signed(&claims_with(&agent, changes));
            agent.ask("c1").await.expect(401);
        }
    }
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn a_huge_token_is_refused_by_the_gateway() {
    let (stack, agent) = stack().await;
    let before = stack.all_data().await;
    let padding = json!({ "padding": "x".repeat(9_000) });
    let huge = stack.signed(&claims_with(&agent, padding));
    let reply = huge.ask("c1").await;
    assert_eq!(reply.status, 431, "{}", reply.body);
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn a_token_with_an_invalid_organisation_is_not_accepted() {
    let stack = Stack::start_with_organisations().await;
    stack.conversation_of("red", "c1").await;
    let agent = stack.agent_of("red", "kim").await;
    let before = stack.all_data().await;
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
        let agent = stack.signed(&claims_with(&agent, json!({ "org": organisation })));
        agent
            .ask("c1")
            .await
            .expect_problem(403, "token_not_accepted");
    }
    assert_eq!(stack.all_data().await, before);
}
