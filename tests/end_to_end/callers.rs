use std::collections::BTreeSet;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Caller, Contract, Reply, Stack, transcript};

/// Every route that requires an agent's token, with its scope and a request that succeeds.
fn routes() -> Vec<(Method, String, String, Value)> {
    let operations = Contract::load().operations().into_iter();
    let routes = operations.filter_map(|operation| {
        let [scope] = operation.scopes.as_deref()? else {
            panic!("{} requires one scope", operation.id);
        };
        let path = operation.example_path(&[
            ("conversation_id", "c1"),
            ("address", "sales@example.com"),
            ("email", "bo@example.org"),
        ]);
        let method = operation.method.parse().unwrap();
        let body = operation.example_body.clone().unwrap_or(json!({}));
        Some((method, path, scope.clone(), body))
    });
    let routes: Vec<_> = routes.collect();
    assert!(!routes.is_empty());
    routes
}

/// Every scope.
fn scopes() -> BTreeSet<String> {
    let of_routes = routes().into_iter().map(|(_, _, scope, _)| scope);
    of_routes.chain(["agents:act".to_owned()]).collect()
}

async fn stack() -> Stack {
    let options = Stack::options_for_platforms();
    let stack = Stack::start_with(options).await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    stack
}

async fn send(caller: &Caller, method: Method, path: &str, body: &Value) -> Reply {
    Reply::of(caller.request(method, path).json(body)).await
}

/// The claims of a caller's own token.
fn claims(caller: &Caller) -> Value {
    let payload = caller.token().split('.').nth(1).unwrap();
    let json = BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap();
    serde_json::from_slice(&json).unwrap()
}

/// A token with this header, these claims and this signature, which need not match.
fn token(header: &Value, claims: &Value, signature: &str) -> String {
    let encode = |part: &Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
    format!("{}.{}.{signature}", encode(header), encode(claims))
}

/// Asserts that the gateway refuses this caller on every route, and that nothing changes.
async fn assert_refused(stack: &Stack, caller: &Caller, status: u16, message: &str) {
    let before = stack.all_data().await;
    for (method, path, _, body) in routes() {
        let reply = send(caller, method, &path, &body).await;
        assert_eq!(reply.header("content-type"), "application/json");
        assert_eq!(
            reply.expect(status),
            json!({ "message": message }),
            "{path}"
        );
    }
    assert_eq!(stack.all_data().await, before);
}

async fn assert_token_refused(stack: &Stack, token: &str) {
    assert_refused(stack, &stack.bearer(token), 401, "Unauthorized").await;
}

#[tokio::test]
async fn each_route_requires_its_own_scope() {
    let stack = stack().await;
    let platform = tests::ChatPlatform::start().await;
    for (method, path, needed, body) in routes() {
        let body = platform.replace_example(body);
        let mut others = scopes();
        assert!(others.remove(&needed));
        let before = stack.all_data().await;
        let caller = json!({ "sub": "kim", "scopes": others });
        let caller = stack.with_claims(caller).await;
        let reply = send(&caller, method.clone(), &path, &body).await;
        assert_eq!(reply.header("content-type"), "application/json");
        assert_eq!(
            reply.expect(403),
            json!({ "message": "Forbidden" }),
            "{path}"
        );
        assert_eq!(stack.all_data().await, before);

        let caller = json!({ "sub": "kim", "scopes": [needed] });
        let caller = stack.with_claims(caller).await;
        send(&caller, method, &path, &body).await.expect_success();
    }
}

#[tokio::test]
async fn a_scope_without_the_right_prefix_grants_nothing() {
    let stack = stack().await;
    let good = claims(&stack.platform().await);
    let scopes = good["scope"].as_str().unwrap();
    for scope in [
        scopes.replace("afterchat/", ""),
        scopes.replace("afterchat/", "other/"),
        scopes.replace(' ', ","),
        scopes.to_uppercase(),
        String::new(),
    ] {
        let mut claims = good.clone();
        claims["scope"] = json!(scope);
        assert_refused(&stack, &stack.signed(&claims), 403, "Forbidden").await;
    }
}

#[tokio::test]
async fn a_request_without_a_token_is_refused() {
    let stack = stack().await;
    assert_refused(&stack, &stack.nobody(), 401, "Unauthorized").await;
}

#[tokio::test]
async fn a_valid_token_signed_with_the_stacks_key_is_accepted() {
    let stack = stack().await;
    let caller = stack.signed(&claims(&stack.agent("kim").await));
    caller.conversation("c1").await;
}

#[tokio::test]
async fn a_token_of_another_time_audience_or_issuer_is_refused() {
    let stack = stack().await;
    let good = claims(&stack.platform().await);
    let now: Timestamp = stack.now().await.parse().unwrap();
    let now = now.as_second();
    for (claim, value) in [
        ("exp", json!(now - 1)),
        ("exp", json!("never")),
        ("exp", json!(null)),
        ("nbf", json!(now + 3_600)),
        ("iat", json!(now + 3_600)),
        ("aud", json!("another")),
        ("aud", json!(["another", "third"])),
        ("aud", json!([])),
        ("aud", json!(null)),
        ("iss", json!("https://issuer.example.com")),
        ("iss", json!(format!("{}/", good["iss"].as_str().unwrap()))),
        ("iss", json!(null)),
    ] {
        let mut claims = good.clone();
        claims[claim] = value;
        claims
            .as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        let caller = stack.signed(&claims);
        assert_refused(&stack, &caller, 401, "Unauthorized").await;
    }
}

#[tokio::test]
async fn a_token_signed_with_another_key_is_refused() {
    let stack = stack().await;
    let good = stack.platform().await;
    let another_key = Stack::start().await.signed(&claims(&good));
    assert_token_refused(&stack, another_key.token()).await;
}

#[tokio::test]
async fn a_token_with_another_signing_algorithm_is_refused() {
    let stack = stack().await;
    let good = stack.platform().await;
    let signature = good.token().rsplit('.').next().unwrap();
    for algorithm in ["none", "None", "NONE", "HS256", "RS256", "ES384", ""] {
        let header = json!({ "alg": algorithm, "typ": "JWT" });
        for signature in ["", signature] {
            let token = token(&header, &claims(&good), signature);
            assert_token_refused(&stack, &token).await;
        }
    }
    // The original header without a signature is refused, too.
    let header = json!({ "typ": "JWT", "alg": "ES256" });
    let token = token(&header, &claims(&good), "");
    assert_token_refused(&stack, &token).await;
}

#[tokio::test]
async fn a_token_whose_claims_were_changed_is_refused() {
    let stack = stack().await;
    let agent = stack.agent("kim").await;
    let (header, rest) = agent.token().split_once('.').unwrap();
    let signature = rest.rsplit('.').next().unwrap();
    let mut claims = claims(&agent);
    claims["sub"] = json!("owner");
    let claims = BASE64_URL_SAFE_NO_PAD.encode(claims.to_string());
    assert_token_refused(&stack, &format!("{header}.{claims}.{signature}")).await;
}

#[tokio::test]
async fn a_malformed_token_is_refused() {
    let stack = stack().await;
    let good = stack.platform().await;
    let token = good.token();
    for garbage in [
        "",
        ".",
        "..",
        "a.b.c",
        "null",
        &token[..token.len() - 2],
        &token[1..],
    ] {
        assert_token_refused(&stack, garbage).await;
    }
    let request = stack.nobody().request(Method::GET, "/v1/senders");
    let basic = request.basic_auth("kim", Some(token));
    Reply::of(basic).await.expect(401);
}

#[tokio::test]
async fn a_token_whose_subject_is_not_a_valid_agent_id_is_not_accepted() {
    let stack = stack().await;
    let before = stack.all_data().await;
    for subject in ["", "kim#lee", "kím", "kim\n", &"k".repeat(256)] {
        let agent = stack.agent(subject).await;
        for reply in [
            agent.ask("c1").await,
            agent.send_transcript("c1").await,
            agent.get("/v1/conversations/c1").await,
        ] {
            reply.expect_problem(403, "token_not_accepted");
        }
    }
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn a_caller_that_acts_for_agents_must_name_an_agent() {
    let stack = stack().await;
    let platform = stack.platform().await;
    let before = stack.all_data().await;
    for reply in [
        platform.ask("c1").await,
        platform.send_transcript("c1").await,
    ] {
        let problem = reply.expect_problem(422, "agent_required");
        assert_eq!(problem["field"], "agent");
    }
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn an_agents_own_token_may_not_name_an_agent() {
    let stack = stack().await;
    let agent = stack.agent("kim").await;
    let before = stack.all_data().await;
    for named in ["kim", "lee"] {
        let mut transcript = transcript();
        transcript["agent"] = json!({ "id": named });
        for (path, body) in [
            (
                "/v1/conversations/c1/rating-requests",
                json!({ "agent": { "id": named } }),
            ),
            ("/v1/conversations/c1/transcripts", transcript),
        ] {
            let problem = agent
                .post(path, body)
                .await
                .expect_problem(403, "agent_not_allowed");
            assert_eq!(problem["field"], "agent");
        }
    }
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn the_platforms_server_requests_a_rating_for_an_agent() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let platform = stack.platform().await;
    let ask = async |agent: Value| {
        let path = "/v1/conversations/c1/rating-requests";
        platform.post(path, json!({ "agent": agent })).await
    };
    let kim = json!({ "id": "kim", "name": "Kim Sato" });
    let created = ask(kim.clone()).await.expect(201);
    assert_eq!(created["rating_request"]["agent_id"], "kim");
    let shown = visitor.rating_request().await;
    assert_eq!(shown["rating_request"]["agent_name"], "Kim Sato");

    // The cooldown of 7 days belongs to the agent, whichever caller sends the request. Other agents are not affected.
    ask(kim)
        .await
        .expect_problem(429, "rating_already_requested");
    let own = stack.agent("kim").await;
    own.ask("c1")
        .await
        .expect_problem(429, "rating_already_requested");
    ask(json!({ "id": "lee" })).await.expect(201);
}

#[tokio::test]
async fn the_platforms_server_sends_a_transcript_for_an_agent() {
    let stack = stack().await;
    let platform = stack.platform().await;
    let mut body = transcript();
    body["agent"] = json!({ "id": "kim", "name": "Kim Sato" });
    platform.send_transcript_as("c1", body).await.expect(201);
    let events = platform.events("c1", "transcript_sent").await;
    assert_eq!(
        events[0]["agent"],
        json!({ "id": "kim", "name": "Kim Sato" })
    );
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_preflight_request_allows_the_methods_and_headers_of_the_api() {
    let stack = Stack::start().await;
    for (method, path) in [
        ("POST", "/v1/conversations/c1/rating-requests"),
        ("PUT", "/v1/visitor/rating-requests/r1/rating"),
        ("DELETE", "/v1/senders/a@example.com"),
    ] {
        let preflight = stack
            .nobody()
            .request(Method::OPTIONS, path)
            .header("origin", "https://chat.example.com")
            .header("access-control-request-method", method)
            .header(
                "access-control-request-headers",
                "authorization,content-type,idempotency-key,if-match",
            );
        let reply = Reply::of(preflight).await;
        assert_eq!(reply.status, 204);
        assert_eq!(reply.header("access-control-allow-origin"), "*");
        assert_eq!(
            reply.header("access-control-allow-methods"),
            "GET,HEAD,POST,PUT,DELETE"
        );
        assert_eq!(
            reply.header("access-control-allow-headers"),
            "authorization,content-type,idempotency-key,if-match"
        );
        assert_eq!(reply.header("access-control-allow-credentials"), "");
    }
}

#[tokio::test]
async fn browsers_may_read_every_response_including_errors_of_the_gateway() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    agent.ask_for_id("c1").await;
    for (caller, method, path, status) in [
        (&visitor, Method::GET, "/v1/visitor/rating-request", 200),
        (
            &agent,
            Method::POST,
            "/v1/conversations/c1/rating-requests",
            429,
        ),
        (&visitor, Method::GET, "/v1/senders", 401),
        (&visitor, Method::GET, "/v1/nowhere", 404),
    ] {
        let request = caller.request(method, path);
        let reply = Reply::of(request.header("origin", "https://chat.example.com")).await;
        assert_eq!(reply.status, status);
        assert_eq!(reply.header("access-control-allow-origin"), "*");
        assert_eq!(
            reply.header("access-control-expose-headers"),
            "retry-after,ratelimit,ratelimit-policy,idempotent-replayed,link,content-disposition,etag"
        );
    }
}

#[tokio::test]
async fn a_path_or_method_without_a_route_is_not_found() {
    let stack = stack().await;
    let agent = stack.agent("kim").await;
    let before = stack.all_data().await;
    for (method, path) in [
        (Method::GET, "/v1"),
        (Method::GET, "/v2/conversations/c1"),
        (Method::GET, "/v1/conversations"),
        (Method::GET, "/v1/conversations/c1/"),
        (Method::GET, "/V1/conversations/c1"),
        (Method::GET, "/v1/conversations/c1/messages"),
        (Method::POST, "/v1/conversations/c1"),
        (Method::DELETE, "/v1/conversations/c1/messages"),
        (Method::PATCH, "/v1/conversations/c1"),
        (Method::GET, "/v1/visitors/ana@example.org"),
        (Method::POST, "/v1/visitors/ana@example.org"),
        (Method::GET, "/v1/visitors/erase"),
        (Method::POST, "/v1/senders"),
        (Method::GET, "/v1/senders/support@example.com"),
        (Method::PUT, "/v1/visitor/rating-request"),
    ] {
        for caller in [&agent, &stack.nobody()] {
            let reply = send(caller, method.clone(), path, &json!({})).await;
            let body = reply.expect(404);
            assert_eq!(body, json!({ "message": "Not Found" }), "{method} {path}");
        }
    }
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn no_response_may_be_cached() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    for reply in [
        visitor.get("/v1/visitor/rating-request").await,
        agent.get("/v1/conversations/c1").await,
        agent.get("/v1/conversations/nowhere").await,
    ] {
        assert_eq!(reply.header("cache-control"), "no-store");
    }
}
