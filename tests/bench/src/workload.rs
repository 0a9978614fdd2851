//! What each function is asked.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::http::Request;
use local::Deployment;
use serde_json::{Value, json};
use tests::{SENDER, Stack, mail_event, message, transcript};

/// An event and what comes of it.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) event: Bytes,
    /// The status of the answer; `None` where nobody waits for one.
    pub(crate) status: Option<u16>,
}

impl Task {
    /// Whether `response` is what should come of it.
    pub(crate) fn is_done_by(&self, response: &str) -> bool {
        let response: Value = serde_json::from_str(response).expect("a response is JSON");
        match self.status {
            Some(status) => response["statusCode"] == status,
            None => response.is_null(),
        }
    }
}

/// How many messages the conversation has that is read and mailed.
const MESSAGES: usize = 20;

/// The report that is asked for.
const MONTH: &str = "/v1/satisfaction?from=2026-01-01&to=2026-01-31&group_by=day";

const AGENT: &str = "jo";

/// Puts into `stack` what the tasks are about, and gives one for each function that has one: not for
/// erasing, which goes on until nothing is left, and so for ever where answers are repeated.
pub(crate) async fn tasks(stack: &Stack, deployment: &Deployment) -> BTreeMap<String, Task> {
    for conversation in ["asked", "recorded"] {
        stack.conversation(conversation).await;
    }
    stack.verified_sender().await;
    let agent = stack.agent(AGENT).await;
    let visitor = stack.conversation("rated").await;
    let request = agent.asked("rated").await;
    long_conversation(stack, "mailed").await;
    long_conversation(stack, "delivered").await;
    let sent = agent.post("/v1/conversations/delivered/transcripts", transcript());
    let sent = sent.await.expect(201);
    let sent = sent["transcript"]["id"].as_str().unwrap();

    let task = |status: u16, method: &str, path: &str, token: Option<&str>, body: Value| {
        let event = event(deployment, method, path, token, &body);
        Task {
            event: Bytes::from(event.to_string()),
            status: Some(status),
        }
    };
    let rating = format!("/v1/visitor/rating-requests/{request}/rating");
    let answer = json!({ "score": 5, "comment": "Quick and kind." });
    let recorded = json!({ "messages": [message("m2", "2026-01-05T09:05:00Z", "It came.")] });
    let mail = json!({ "from": SENDER, "sender_name": "Acme support" });
    let delivered = mail_event("mail-delivered", "delivered", sent);
    let visitor = Some(visitor.token());
    let tasks = [
        ("ask-rating", ask(deployment, "asked", 201)),
        (
            "manage-senders",
            task(200, "GET", "/v1/senders", None, Value::Null),
        ),
        (
            "read-conversation",
            task(200, "GET", "/v1/conversations/mailed", None, Value::Null),
        ),
        (
            "record-conversation",
            task(
                200,
                "POST",
                "/v1/conversations/recorded/messages",
                None,
                recorded,
            ),
        ),
        (
            "report-satisfaction",
            task(200, "GET", MONTH, None, Value::Null),
        ),
        (
            "send-transcript",
            task(
                201,
                "POST",
                "/v1/conversations/mailed/transcripts",
                None,
                mail,
            ),
        ),
        (
            "serve-widget",
            task(200, "GET", "/v1/widget.js", None, Value::Null),
        ),
        ("submit-rating", task(201, "PUT", &rating, visitor, answer)),
        (
            "track-delivery",
            Task {
                event: Bytes::from(delivered.to_string()),
                status: None,
            },
        ),
    ];
    tasks.map(|(name, task)| (name.to_owned(), task)).into()
}

/// An agent's asking for a rating, to which the answer has this status.
pub(crate) fn ask(deployment: &Deployment, conversation: &str, status: u16) -> Task {
    let path = format!("/v1/conversations/{conversation}/rating-requests");
    let event = event(deployment, "POST", &path, None, &json!({}));
    Task {
        event: Bytes::from(event.to_string()),
        status: Some(status),
    }
}

/// The event that the gateway makes of an agent's request, or of a visitor's with a token.
fn event(
    deployment: &Deployment,
    method: &str,
    path: &str,
    visitor_token: Option<&str>,
    body: &Value,
) -> Value {
    let prefix = deployment.scope_prefix();
    let claims = [
        ("sub", AGENT.to_owned()),
        ("name", "Jo Okafor".to_owned()),
        (
            "scope",
            format!("{prefix}ratings:ask {prefix}transcripts:send"),
        ),
    ];
    let claims = claims.map(|(name, value)| (name.to_owned(), value)).into();
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("accept", "*/*")
        .header("user-agent", "bench");
    if let Some(token) = visitor_token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let body = match body {
        Value::Null => Bytes::new(),
        body => Bytes::from(body.to_string()),
    };
    let request = request
        .header("content-type", "application/json")
        .body(body);
    let claims = visitor_token.is_none().then_some(claims);
    let event = deployment.event(request.expect("a request"), claims);
    let mut event = event.unwrap_or_else(|| panic!("no route for {method} {path}"));
    // One for all, so that answers that repeat it can be compared.
    event["requestContext"]["requestId"] = "bench".into();
    event
}

async fn long_conversation(stack: &Stack, id: &str) {
    stack.conversation(id).await;
    let messages = (0..MESSAGES).map(|number| {
        let text = format!("Message {number}: it is on its way, and comes within the week.");
        let at = format!("2026-01-05T10:{number:02}:00Z");
        message(&format!("n{number}"), &at, &text)
    });
    let messages = json!({ "messages": messages.collect::<Vec<_>>() });
    let path = format!("/v1/conversations/{id}/messages");
    let platform = stack.platform().await;
    platform.post(&path, messages).await.expect(200);
}
