//! Each operation, called by the contract's example, and the refusals that many operations share.

use reqwest::Method;
use serde_json::json;
use tests::{Callers, Reply, SENDER, Stack};

use crate::contract::responses::{ObservedResponses, path};

/// More bytes than a function accepts in a body, and more than the gateway accepts.
const TOO_LARGE_FOR_A_FUNCTION: usize = 1_000_001;
const TOO_LARGE_FOR_THE_GATEWAY: usize = 10 * 1024 * 1024 + 1;

/// Calls each operation by the contract's example. A successful response that follows from the examples
/// needs no other test here.
pub(super) async fn call_by_example(observed: &mut ObservedResponses) {
    for operation in observed.contract.operations() {
        let stack = Stack::start().await;
        let callers = Callers::of(&stack).await;
        let reply = Reply::of(callers.request(&operation, &path(&operation))).await;
        let name = observed.contract.recognize(&operation.id, &reply);
        observed.names.insert(name);
    }
}

pub(super) async fn call_without_permission(observed: &mut ObservedResponses) {
    let stack = Stack::start_with_organisations().await;
    let without_token = stack.nobody();
    let other_scope = json!({ "sub": "kim", "scopes": ["ratings:none"] });
    let other_scope = stack.with_claims(other_scope).await;
    let without_organisation = stack
        .with_claims(json!({ "sub": "kim", "org": null }))
        .await;
    for (kind, caller) in [
        ("401 gateway", &without_token),
        ("401 invalid_visitor_token", &without_token),
        ("403 gateway", &other_scope),
        ("403 token_not_accepted", &without_organisation),
    ] {
        for operation in observed.operations_with(kind) {
            let request = caller.request_by_example(&operation, &path(&operation));
            let name = format!("{} {kind}", operation.id);
            observed.record(&name, Reply::of(request).await);
        }
    }
}

pub(super) async fn send_invalid_requests(observed: &mut ObservedResponses) {
    let stack = Stack::start().await;
    let callers = Callers::of(&stack).await;
    for (kind, body) in [
        ("400 invalid_json", "{".to_owned()),
        ("413 body_too_large", " ".repeat(TOO_LARGE_FOR_A_FUNCTION)),
        ("413 gateway", " ".repeat(TOO_LARGE_FOR_THE_GATEWAY)),
    ] {
        for operation in observed.operations_with(kind) {
            // The limit of events is another one.
            if operation.id == "receiveChatwootEvent" && kind == "413 body_too_large" {
                continue;
            }
            let caller = callers.caller(&operation);
            let method: Method = operation.method.parse().unwrap();
            let reply = caller.send(method, &path(&operation), body.clone()).await;
            observed.record(&format!("{} {kind}", operation.id), reply);
        }
    }
    for operation in observed.operations_with("422 invalid_request") {
        let path = operation.path_with_all_parameters("%23");
        let path = match operation.id.as_str() {
            "listSenders" => path + "?cursor=%23",
            "listConnections" => path + "?cursor=1",
            "getRatingRequest" | "getOneRatingRequest" => path + "?language=%23",
            _ => path,
        };
        let mut request = callers.request(&operation, &path);
        if operation.id == "eraseVisitorByPost" {
            request = request.json(&json!({ "email": "nobody" }));
        }
        if operation.id == "sendVisitorTranscript" {
            request = request.json(&json!({ "to": "bo@example.net" }));
        }
        if operation.id == "putSettings" {
            request = request.json(&json!({ "texts": { "xx": {} } }));
        }
        let name = format!("{} 422 invalid_request", operation.id);
        observed.record(&name, Reply::of(request).await);
    }
}

pub(super) async fn name_missing_resources(observed: &mut ObservedResponses) {
    let stack = Stack::start().await;
    let callers = Callers::of(&stack).await;
    for (kind, from, to) in [
        ("404 gateway", "", "/x"),
        ("404 conversation_not_found", "/c1", "/c2"),
        ("404 rating_request_not_found", "/r1", "/r2"),
        ("404 sender_not_found", SENDER, "nobody@example.com"),
        ("404 connection_not_found", "/main", "/other"),
        ("404 hook_not_found", "/main", "/other"),
    ] {
        for operation in observed.operations_with(kind) {
            let path = match from {
                "" => path(&operation) + to,
                from => path(&operation).replace(from, to),
            };
            let request = callers.request(&operation, &path);
            observed.record(
                &format!("{} {kind}", operation.id),
                Reply::of(request).await,
            );
        }
    }
}
