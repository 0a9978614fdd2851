//! Events that no gateway should send and interruptions of a process, tested on the real binaries.

use std::collections::{BTreeSet, HashMap};
use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::future::join;
use serde_json::{Value, json};
use tests::{BROKEN_FUNCTION, Ended, NoResponse, RealBinaries, Sandbox, deadline_in};

const SIGTERM: i32 = 15;

const ENOUGH_TIME: Duration = Duration::from_secs(20);

const CONVERSATION: &str = "/v1/conversations/c1";
const RATING_REQUESTS: &str = "/v1/conversations/c1/rating-requests";

/// The largest body that fits into an event of the maximum size.
const LARGEST_BODY: usize = 5_900_000;

async fn start_with_conversation() -> RealBinaries {
    let lambda = RealBinaries::start().await;
    record_conversation(&lambda).await;
    lambda
}

async fn record_conversation(lambda: &RealBinaries) {
    let platform = lambda.agent("platform");
    let body = json!({ "channel": "widget" });
    platform.put(CONVERSATION, body).await.expect(201);
}

/// The event of a request that reads the conversation, with `changes`.
fn read_event(lambda: &RealBinaries, changes: &Value) -> Value {
    changed(
        lambda.agent("kim").event("GET", CONVERSATION, None),
        changes,
    )
}

/// The event of a request for a rating, with `changes`.
fn ask_event(lambda: &RealBinaries, changes: &Value) -> Value {
    let body = json!({});
    changed(
        lambda
            .agent("kim")
            .event("POST", RATING_REQUESTS, Some(&body)),
        changes,
    )
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
async fn an_event_that_is_not_from_an_http_api_returns_500_and_is_logged() {
    let lambda = RealBinaries::start().await;
    let routes = lambda.deployment().routes().iter();
    let functions: BTreeSet<_> = routes.map(|route| route.function.clone()).collect();
    let other_events = [
        json!({}),
        json!([]),
        json!(null),
        json!("text"),
        json!({ "source": "aws.ses", "detail-type": "Email Bounced", "detail": {} }),
        json!({ "httpMethod": "GET", "path": "/", "requestContext": { "stage": "prod" } }),
        read_event(&lambda, &json!({ "requestContext": null })),
        read_event(&lambda, &json!({ "requestContext": { "http": null } })),
        read_event(
            &lambda,
            &json!({ "requestContext": { "http": { "method": "A B" } } }),
        ),
        read_event(&lambda, &json!({ "headers": [] })),
        read_event(&lambda, &json!({ "body": 5 })),
    ];
    for function in &functions {
        for event in &other_events {
            let reply = lambda
                .sandbox(function)
                .answer(event, deadline_in(ENOUGH_TIME));
            let problem = reply.await.expect_problem(500, "internal_error");
            assert_ne!(problem["request_id"], "", "{event}");
        }
    }
    let ended = lambda.terminate().await;
    for function in &functions {
        let lines = lines(&ended[function]);
        assert_eq!(lines.len(), other_events.len(), "{function}");
        for line in lines {
            assert_eq!(line["level"], "ERROR");
            assert_eq!(line["cause"], "the event is not an event of an HTTP API");
        }
    }
}

/// The function never receives an event that is not JSON, because Lambda's runtime returns an error first.
#[tokio::test]
async fn invalid_json_is_an_error_of_the_runtime_and_the_next_request_succeeds() {
    let lambda = start_with_conversation().await;
    let sandbox = lambda.sandbox("read-conversation");
    for bytes in [&b""[..], b"{", b"\xff\xfe", b"{\"a\":\"\xc3\x28\"}", b"nul"] {
        let outcome = sandbox.invoke(bytes, deadline_in(ENOUGH_TIME)).await;
        assert!(matches!(outcome, Err(NoResponse::Error(_))), "{outcome:?}");
    }
    let bomb = format!("{{\"a\":{}", "[".repeat(1_000_000));
    let outcome = sandbox.invoke(bomb, deadline_in(ENOUGH_TIME)).await;
    assert!(matches!(outcome, Err(NoResponse::Error(_))), "{outcome:?}");

    let event = read_event(&lambda, &json!({}));
    lambda.invoke(&event).await.expect(200);
}

#[tokio::test]
async fn claims_that_are_not_text_are_read_as_the_gateway_formats_them() {
    let lambda = start_with_conversation().await;
    let with_claims = |claims: Value| {
        let authorizer = json!({ "jwt": { "claims": claims } });
        json!({ "requestContext": { "authorizer": authorizer } })
    };
    let others = json!({
        "exp": 1_900_000_000, "email_verified": true, "nbf": 1.5, "nothing": null,
        "groups": ["a", "b"], "address": { "country": "PT" },
    });
    let event = read_event(&lambda, &with_claims(others));
    lambda.invoke(&event).await.expect(200);

    let a_list_of_scopes = json!({ "scope": ["x", "afterchat/agents:act"], "sub": "platform" });
    let event = ask_event(&lambda, &with_claims(a_list_of_scopes));
    lambda
        .invoke(&event)
        .await
        .expect_problem(422, "agent_required");

    let a_number = ask_event(&lambda, &with_claims(json!({ "sub": 5, "name": null })));
    let created = lambda.invoke(&a_number).await.expect(201);
    assert_eq!(created["rating_request"]["agent_id"], "5");

    for sub in [json!(null), json!("")] {
        let event = read_event(&lambda, &with_claims(json!({ "sub": sub })));
        lambda
            .invoke(&event)
            .await
            .expect_problem(403, "token_not_accepted");
    }
}

#[tokio::test]
async fn a_body_with_invalid_base64_is_refused() {
    let lambda = start_with_conversation().await;
    for body in ["=", "e30", "{}", "e3 0=", "😑"] {
        let broken = json!({ "body": body, "isBase64Encoded": true });
        for event in [ask_event(&lambda, &broken), read_event(&lambda, &broken)] {
            let reply = lambda.invoke(&event).await;
            reply.expect_problem(400, "invalid_json");
        }
    }
    let whole = ask_event(&lambda, &json!({ "body": "e30=", "isBase64Encoded": true }));
    lambda.invoke(&whole).await.expect(201);
}

#[tokio::test]
async fn invalid_paths_queries_and_headers_have_no_effect() {
    let lambda = start_with_conversation().await;
    let mut unusual_changes = vec![
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
        json!({ "unknown": { "of": "future gateways" } }),
    ];
    unusual_changes.push(json!({ "headers": { "x": "a\r\nset-cookie: b" } }));
    for changes in unusual_changes {
        let event = read_event(&lambda, &changes);
        let reply = lambda
            .sandbox("read-conversation")
            .answer(&event, deadline_in(ENOUGH_TIME));
        let reply = reply.await;
        assert_eq!(reply.status, 200, "{changes}: {}", reply.body);
    }
    let without = read_event(&lambda, &json!({ "pathParameters": null }));
    let reply = lambda.invoke(&without).await;
    reply.expect_problem(422, "invalid_request");
}

#[tokio::test]
async fn the_largest_event_that_lambda_accepts_is_refused_as_too_large() {
    let lambda = start_with_conversation().await;
    let text = json!({ "body": "x".repeat(LARGEST_BODY) });
    let bytes = BASE64_STANDARD.encode(vec![0xff; LARGEST_BODY / 4 * 3]);
    let bytes = json!({ "body": bytes, "isBase64Encoded": true });
    for body in [text, bytes] {
        let reply = lambda.invoke(&ask_event(&lambda, &body)).await;
        reply.expect_problem(413, "body_too_large");
    }
    lambda
        .invoke(&ask_event(&lambda, &json!({})))
        .await
        .expect(201);
}

#[tokio::test]
async fn a_request_past_its_deadline_has_no_effect() {
    let lambda = start_with_conversation().await;
    let event = ask_event(&lambda, &json!({}));
    let passed = deadline_in(Duration::ZERO) - Duration::from_secs(5);
    let reply = lambda.sandbox("ask-rating").answer(&event, passed).await;
    reply.expect_problem(503, "timed_out");
    // It had no effect, so no cooldown applies to the next request.
    lambda.invoke(&event).await.expect(201);
}

#[tokio::test]
async fn a_request_interrupted_by_sigterm_takes_effect_once_in_the_next_process() {
    let (mut lambda, aws) = RealBinaries::start_behind_proxy().await;
    record_conversation(&lambda).await;
    let key = json!({ "headers": { "idempotency-key": "k1" } });
    let event = ask_event(&lambda, &key);

    let held = aws.hold(|call| call.operation == "dynamodb:TransactWriteItems");
    let sandbox = lambda.sandbox("ask-rating");
    let invoking = sandbox.invoke(event.to_string(), deadline_in(ENOUGH_TIME));
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
    let created = lambda.invoke(&event).await.expect(201);
    let read = lambda.agent("kim").get(CONVERSATION).await.expect(200);
    let entries = read["thread"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 1, "{entries:?}");
    let id = &created["rating_request"]["id"];
    assert_eq!(&entries[0]["event"]["rating_request_id"], id);
}

/// A function that fails in the way that the event's body names, and a constructor of such events.
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
async fn a_panic_returns_500_with_one_log_line_and_the_next_request_succeeds() {
    let (sandbox, event) = broken_function().await;
    let reply = sandbox
        .answer(&event("panic"), deadline_in(ENOUGH_TIME))
        .await;
    let problem = reply.expect_problem(500, "internal_error");
    assert_eq!(problem["request_id"], "r1");
    let reply = sandbox
        .answer(&event("nothing"), deadline_in(ENOUGH_TIME))
        .await;
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
async fn a_function_that_never_returns_times_out_before_lambda_ends_it() {
    let (sandbox, event) = broken_function().await;
    let mut responded_in_time = false;
    // On a busy machine, a response that the function returned in time can arrive late.
    for _ in 0..10 {
        let deadline = deadline_in(Duration::from_secs(2));
        let reply = sandbox.answer(&event("never end"), deadline).await;
        reply.expect_problem(503, "timed_out");
        responded_in_time = deadline_in(Duration::ZERO) < deadline;
        if responded_in_time {
            break;
        }
    }
    assert!(responded_in_time);
    let reply = sandbox
        .answer(&event("nothing"), deadline_in(ENOUGH_TIME))
        .await;
    reply.expect(204);
}
