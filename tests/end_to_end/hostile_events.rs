//! Events that no gateway should send, and ends that no process should meet, tried on the real
//! binaries.

use std::collections::{BTreeSet, HashMap};
use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::future::join;
use serde_json::{Value, json};
use tests::{BROKEN_FUNCTION, Ended, Lambda, NoResponse, Sandbox, deadline_in};

const SIGTERM: i32 = 15;

const ENOUGH: Duration = Duration::from_secs(20);

const CONVERSATION: &str = "/v1/conversations/c1";
const ASK: &str = "/v1/conversations/c1/rating-requests";

/// As much as Lambda takes of an event, less what stands around the body.
const HUGE: usize = 5_900_000;

async fn with_a_conversation() -> Lambda {
    let lambda = Lambda::start().await;
    record(&lambda).await;
    lambda
}

async fn record(lambda: &Lambda) {
    let platform = lambda.agent("platform");
    let body = json!({ "channel": "widget" });
    platform.put(CONVERSATION, body).await.expect(201);
}

/// The event of an agent's reading the conversation, with `changes`.
fn reading(lambda: &Lambda, changes: &Value) -> Value {
    changed(
        lambda.agent("kim").event("GET", CONVERSATION, None),
        changes,
    )
}

/// The event of an agent's asking for a rating, with `changes`.
fn asking(lambda: &Lambda, changes: &Value) -> Value {
    let body = json!({});
    changed(lambda.agent("kim").event("POST", ASK, Some(&body)), changes)
}

fn changed(mut event: Value, changes: &Value) -> Value {
    for (name, change) in changes.as_object().expect("changes are an object") {
        let member = event[name].take();
        event[name] = if change.is_object() && member.is_object() {
            changed(member, change)
        } else {
            change.clone()
        };
    }
    event
}

fn lines(ended: &Ended) -> Vec<Value> {
    assert_eq!(ended.errors, "");
    ended.lines()
}

#[tokio::test]
async fn what_is_no_http_apis_event_is_answered_and_logged_as_a_fault_of_ours() {
    let lambda = Lambda::start().await;
    let routes = lambda.deployment().routes().iter();
    let functions: BTreeSet<_> = routes.map(|route| route.function.clone()).collect();
    let foreign = [
        json!({}),
        json!([]),
        json!(null),
        json!("text"),
        json!({ "source": "aws.ses", "detail-type": "Email Bounced", "detail": {} }),
        json!({ "httpMethod": "GET", "path": "/", "requestContext": { "stage": "prod" } }),
        reading(&lambda, &json!({ "requestContext": null })),
        reading(&lambda, &json!({ "requestContext": { "http": null } })),
        reading(
            &lambda,
            &json!({ "requestContext": { "http": { "method": "A B" } } }),
        ),
        reading(&lambda, &json!({ "headers": [] })),
        reading(&lambda, &json!({ "body": 5 })),
    ];
    for function in &functions {
        for event in &foreign {
            let reply = lambda.sandbox(function).answer(event, deadline_in(ENOUGH));
            let told = reply.await.expect_problem(500, "internal_error");
            assert_ne!(told["request_id"], "", "{event}");
        }
    }
    let ended = lambda.terminate().await;
    for function in &functions {
        let lines = lines(&ended[function]);
        assert_eq!(lines.len(), foreign.len(), "{function}");
        for line in lines {
            assert_eq!(line["level"], "ERROR");
            assert_eq!(line["cause"], "the event is no HTTP API's");
        }
    }
}

/// Lambda lets nothing through that is not JSON. Its runtime answers with an error of its own.
#[tokio::test]
async fn what_is_not_json_is_an_error_of_the_runtime_and_the_next_request_is_answered() {
    let lambda = with_a_conversation().await;
    let sandbox = lambda.sandbox("read-conversation");
    for bytes in [&b""[..], b"{", b"\xff\xfe", b"{\"a\":\"\xc3\x28\"}", b"nul"] {
        let outcome = sandbox.invoke(bytes, deadline_in(ENOUGH)).await;
        assert!(matches!(outcome, Err(NoResponse::Error(_))), "{outcome:?}");
    }
    let bomb = format!("{{\"a\":{}", "[".repeat(1_000_000));
    let outcome = sandbox.invoke(bomb, deadline_in(ENOUGH)).await;
    assert!(matches!(outcome, Err(NoResponse::Error(_))), "{outcome:?}");

    let event = reading(&lambda, &json!({}));
    lambda.invoke(&event).await.expect(200);
}

#[tokio::test]
async fn claims_that_are_no_text_are_read_as_the_gateway_would_write_them() {
    let lambda = with_a_conversation().await;
    let with_claims = |claims: Value| {
        let authorizer = json!({ "jwt": { "claims": claims } });
        json!({ "requestContext": { "authorizer": authorizer } })
    };
    let others = json!({
        "exp": 1_900_000_000, "email_verified": true, "nbf": 1.5, "nothing": null,
        "groups": ["a", "b"], "address": { "country": "PT" },
    });
    let event = reading(&lambda, &with_claims(others));
    lambda.invoke(&event).await.expect(200);

    let a_list_of_scopes = json!({ "scope": ["x", "afterchat/agents:act"], "sub": "platform" });
    let event = asking(&lambda, &with_claims(a_list_of_scopes));
    lambda
        .invoke(&event)
        .await
        .expect_problem(422, "agent_required");

    let a_number = asking(&lambda, &with_claims(json!({ "sub": 5, "name": null })));
    let asked = lambda.invoke(&a_number).await.expect(201);
    assert_eq!(asked["rating_request"]["agent_id"], "5");

    for sub in [json!(null), json!("")] {
        let event = reading(&lambda, &with_claims(json!({ "sub": sub })));
        lambda
            .invoke(&event)
            .await
            .expect_problem(403, "token_not_accepted");
    }
}

#[tokio::test]
async fn a_body_that_is_no_base64_though_it_is_said_to_be_is_refused() {
    let lambda = with_a_conversation().await;
    for body in ["=", "e30", "{}", "e3 0=", "😑"] {
        let broken = json!({ "body": body, "isBase64Encoded": true });
        for event in [asking(&lambda, &broken), reading(&lambda, &broken)] {
            let reply = lambda.invoke(&event).await;
            reply.expect_problem(400, "invalid_json");
        }
    }
    let whole = asking(&lambda, &json!({ "body": "e30=", "isBase64Encoded": true }));
    lambda.invoke(&whole).await.expect(201);
}

#[tokio::test]
async fn no_path_query_or_header_keeps_a_request_from_its_function() {
    let lambda = with_a_conversation().await;
    let mut oddities = vec![
        json!({ "rawPath": "/a b\u{0}<é>[\\" }),
        json!({ "rawPath": null }),
        json!({ "rawPath": "//" }),
        json!({ "rawQueryString": "x=<y z>&é=\u{1}&%zz=%" }),
        json!({ "rawQueryString": "x".repeat(70_000) }),
        json!({ "rawQueryString": null }),
        json!({ "headers": null }),
        json!({ "headers": { "host": "[", "x-forwarded-proto": "a b" } }),
        json!({ "headers": { "host": "\u{0}", "a b": "c", "x": "é\u{7f}" } }),
        json!({ "headers": { "x": null, "y": 5, "z": ["a", "b"] } }),
        json!({ "cookies": null, "pathParameters": { "conversation_id": "c1", "other": "é" } }),
        json!({ "requestContext": { "routeKey": null, "stage": null, "domainName": null } }),
        json!({ "requestContext": { "stage": "prod", "domainName": "[" } }),
        json!({ "unknown": { "of": "gateways to come" } }),
    ];
    oddities.push(json!({ "headers": { "x": "a\r\nset-cookie: b" } }));
    for oddity in oddities {
        let event = reading(&lambda, &oddity);
        let reply = lambda
            .sandbox("read-conversation")
            .answer(&event, deadline_in(ENOUGH));
        let reply = reply.await;
        assert_eq!(reply.status, 200, "{oddity}: {}", reply.body);
    }
    let without = reading(&lambda, &json!({ "pathParameters": null }));
    let reply = lambda.invoke(&without).await;
    reply.expect_problem(422, "invalid_request");
}

#[tokio::test]
async fn the_largest_event_that_lambda_takes_is_refused_for_its_body() {
    let lambda = with_a_conversation().await;
    let text = json!({ "body": "x".repeat(HUGE) });
    let bytes = BASE64_STANDARD.encode(vec![0xff; HUGE / 4 * 3]);
    let bytes = json!({ "body": bytes, "isBase64Encoded": true });
    for body in [text, bytes] {
        let reply = lambda.invoke(&asking(&lambda, &body)).await;
        reply.expect_problem(413, "body_too_large");
    }
    lambda
        .invoke(&asking(&lambda, &json!({})))
        .await
        .expect(201);
}

#[tokio::test]
async fn a_request_whose_time_is_up_already_does_nothing() {
    let lambda = with_a_conversation().await;
    let event = asking(&lambda, &json!({}));
    let passed = deadline_in(Duration::ZERO) - Duration::from_secs(5);
    let reply = lambda.sandbox("ask-rating").answer(&event, passed).await;
    reply.expect_problem(503, "timed_out");
    // It took no effect: the limit of one in 7 days is untouched.
    lambda.invoke(&event).await.expect(201);
}

#[tokio::test]
async fn a_process_that_is_ended_within_a_request_leaves_what_the_next_one_mends() {
    let (mut lambda, aws) = Lambda::start_behind_proxy().await;
    record(&lambda).await;
    let key = json!({ "headers": { "idempotency-key": "k1" } });
    let event = asking(&lambda, &key);

    let held = aws.hold(|call| call.operation == "dynamodb:TransactWriteItems");
    let sandbox = lambda.sandbox("ask-rating");
    let invoking = sandbox.invoke(event.to_string(), deadline_in(ENOUGH));
    let (outcome, ()) = join(invoking, async {
        held.arrived().await;
        sandbox.send_sigterm().await;
    })
    .await;
    let Err(NoResponse::Ended(status)) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(status.signal(), Some(SIGTERM));
    held.release();

    lambda.replace("ask-rating", &aws.url()).await;
    let asked = lambda.invoke(&event).await.expect(201);
    let read = lambda.agent("kim").get(CONVERSATION).await.expect(200);
    let entries = read["thread"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 1, "{entries:?}");
    let asked = &asked["rating_request"]["id"];
    assert_eq!(&entries[0]["event"]["rating_request_id"], asked);
}

/// The function that goes wrong as it is told, and an event that tells it.
async fn broken_function() -> (Sandbox, impl Fn(&str) -> Value) {
    let sandbox = Sandbox::start(BROKEN_FUNCTION, HashMap::new()).await;
    let event = |body: &str| {
        let context = json!({
            "http": { "method": "POST" },
            "requestId": "r1",
            "routeKey": "POST /v1/any",
        });
        json!({ "headers": {}, "requestContext": context, "body": body })
    };
    (sandbox, event)
}

#[tokio::test]
async fn a_panic_is_a_problem_and_one_line_of_log_and_the_next_request_is_answered() {
    let (sandbox, event) = broken_function().await;
    let reply = sandbox.answer(&event("panic"), deadline_in(ENOUGH)).await;
    let told = reply.expect_problem(500, "internal_error");
    assert_eq!(told["request_id"], "r1");
    let reply = sandbox.answer(&event("nothing"), deadline_in(ENOUGH)).await;
    reply.expect(204);

    let ended = sandbox.terminate().await;
    assert!(!ended.log.contains("secret"), "{}", ended.log);
    let [panic, next] = lines(&ended).try_into().unwrap();
    assert_eq!(panic["level"], "ERROR");
    assert_eq!(panic["request_id"], "r1");
    assert_eq!(panic["route"], "POST /v1/any");
    let cause = panic["cause"].as_str().unwrap();
    assert!(cause.contains("src/main.rs:"), "{cause}");
    assert_eq!(next["status"], 204);
}

#[tokio::test]
async fn a_function_that_would_never_end_is_ended_before_lambda_ends_it() {
    let (sandbox, event) = broken_function().await;
    let mut answered_in_time = false;
    // A busy machine can be late with an answer that the function gave in time.
    for _ in 0..10 {
        let deadline = deadline_in(Duration::from_secs(2));
        let reply = sandbox.answer(&event("never end"), deadline).await;
        reply.expect_problem(503, "timed_out");
        answered_in_time = deadline_in(Duration::ZERO) < deadline;
        if answered_in_time {
            break;
        }
    }
    assert!(answered_in_time);
    let reply = sandbox.answer(&event("nothing"), deadline_in(ENOUGH)).await;
    reply.expect(204);
}
