//! The task of each function.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::http::Request;
use local::Deployment;
use serde_json::{Value, json};
use tests::{ChatPlatform, Contract, SENDER, Stack, mail_event, message, transcript};

/// An event and the expected response.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    /// The case of the function, if its name is not enough.
    pub(crate) variant: Option<&'static str>,
    pub(crate) event: Bytes,
    pub(crate) expected: ExpectedResponse,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum ExpectedResponse {
    /// An HTTP response with this status.
    Status(u16),
    /// No response, because no caller waits for one.
    Nothing,
    /// A batch response without failed records.
    WholeBatch,
}

impl Task {
    /// An HTTP API's event, and the status of the response.
    pub(crate) fn request(event: impl Into<Bytes>, status: u16) -> Self {
        Self {
            variant: None,
            event: event.into(),
            expected: ExpectedResponse::Status(status),
        }
    }

    /// An event that does not come from the gateway.
    fn event(event: &Value, expected: ExpectedResponse) -> Self {
        Self {
            variant: None,
            event: Bytes::from(event.to_string()),
            expected,
        }
    }

    fn with_variant(self, variant: &'static str) -> Self {
        let variant = Some(variant);
        Self { variant, ..self }
    }

    /// Whether `response` is the expected one.
    pub(crate) fn accepts(&self, response: &str) -> bool {
        let response: Value = serde_json::from_str(response).expect("a response is JSON");
        match self.expected {
            ExpectedResponse::Status(status) => response["statusCode"] == status,
            ExpectedResponse::Nothing => response.is_null(),
            ExpectedResponse::WholeBatch => response == json!({ "batchItemFailures": [] }),
        }
    }
}

/// The number of messages in the conversation that is read and mailed.
const MESSAGES: usize = 20;

const MONTH: &str = "/v1/satisfaction?from=2026-01-01&to=2026-01-31&group_by=day";

const AGENT: &str = "jo";

/// The data that the tasks use.
struct Data {
    visitor_token: String,
    rating_request_id: String,
    transcript_id: String,
    /// The stream record of a rating.
    rating_record: Value,
    /// The path of a hook of Chatwoot, and the event of a message.
    hook: (String, Value),
}

/// Prepares `stack`, and returns one task for each function. A task must make the same calls each time,
/// even if the responses of AWS are replayed. So no task erases a visitor or rolls up a day, because
/// these continue until nothing is left.
pub(crate) async fn tasks(stack: &Stack, deployment: &Deployment) -> BTreeMap<String, Task> {
    let data = prepare(stack).await;
    let tasks = request_tasks(deployment, &data).into_iter();
    let tasks = tasks.chain(event_tasks(&data));
    tasks.map(|(name, task)| (name.to_owned(), task)).collect()
}

async fn prepare(stack: &Stack) -> Data {
    for conversation in ["asked", "recorded"] {
        stack.conversation(conversation).await;
    }
    stack.verified_sender().await;
    let agent = stack.agent(AGENT).await;
    let visitor = stack.conversation("rated").await;
    let rating_request_id = agent.ask_for_id("rated").await;
    long_conversation(stack, "mailed").await;
    long_conversation(stack, "delivered").await;
    let sent = agent.post("/v1/conversations/delivered/transcripts", transcript());
    let sent = sent.await.expect(201);
    let transcript_id = sent["transcript"]["id"].as_str().unwrap().to_owned();
    long_conversation(stack, "erased").await;
    Data {
        visitor_token: visitor.token().to_owned(),
        rating_request_id,
        transcript_id,
        rating_record: rating_record(stack).await,
        hook: hook(stack).await,
    }
}

fn request_tasks(deployment: &Deployment, data: &Data) -> Vec<(&'static str, Task)> {
    let task = |status: u16, method: &str, path: &str, token: Option<&str>, body: Value| {
        let event = event(deployment, method, path, token, &body);
        Task::request(event.to_string(), status)
    };
    let get = |path: &str| task(200, "GET", path, None, Value::Null);
    let post = |status: u16, path: &str, body: Value| task(status, "POST", path, None, body);
    let erasure = "/v1/conversations/erased";
    let messages = json!({ "messages": [message("m2", "2026-01-05T09:05:00Z", "It came.")] });
    let messages_path = "/v1/conversations/recorded/messages";
    let mail = json!({ "from": SENDER, "sender_name": "Acme support" });
    let mail_path = "/v1/conversations/mailed/transcripts";
    let rating = json!({ "score": 5, "comment": "Quick and kind." });
    let rating_path = format!(
        "/v1/visitor/rating-requests/{}/rating",
        data.rating_request_id
    );
    let visitor = Some(data.visitor_token.as_str());
    vec![
        ("ask-rating", rating_request(deployment, "asked", 201)),
        (
            "erase-conversations",
            task(200, "DELETE", erasure, None, Value::Null),
        ),
        ("manage-senders", get("/v1/senders")),
        ("read-conversation", get("/v1/conversations/mailed")),
        (
            "receive-webhook",
            post(200, &data.hook.0, data.hook.1.clone()),
        ),
        ("record-conversation", post(200, messages_path, messages)),
        ("report-satisfaction", get(MONTH)),
        ("send-transcript", post(201, mail_path, mail)),
        ("serve-widget", get("/v1/widget.js")),
        (
            "submit-rating",
            task(201, "PUT", &rating_path, visitor, rating),
        ),
    ]
}

fn event_tasks(data: &Data) -> [(&'static str, Task); 5] {
    let records = json!({ "Records": [data.rating_record] });
    let delivered = mail_event("mail-delivered", "delivered", &data.transcript_id);
    [
        (
            "call-platform",
            Task::event(&requested(), ExpectedResponse::Nothing)
                .with_variant("a conversation that is not connected"),
        ),
        (
            "count-ratings",
            Task::event(&records, ExpectedResponse::WholeBatch).with_variant("an answer"),
        ),
        (
            "follow-up",
            Task::event(&due(), ExpectedResponse::Nothing).with_variant("a round that ended"),
        ),
        (
            "roll-up-satisfaction",
            Task::event(&schedule(), ExpectedResponse::Nothing).with_variant("nothing to roll up"),
        ),
        (
            "track-delivery",
            Task::event(&delivered, ExpectedResponse::Nothing),
        ),
    ]
}

/// The task of a function that [`tasks`] does not list: the contract's example of a request by an agent.
/// `None` if no agent can call the function.
pub(crate) fn task_by_example(deployment: &Deployment, function: &str) -> Option<Task> {
    let contract = Contract::load();
    let mut operations = contract.operations().into_iter();
    let operation = operations.find(|it| it.tags.contains(&function.to_owned()))?;
    operation.scopes.as_ref()?;
    let path = operation.example_path(&[("conversation_id", "recorded")]);
    let body = operation.example_body.unwrap_or_default();
    let event = event(deployment, &operation.method, &path, None, &body);
    let answers = contract.response_names();
    let success = (200..300).find(|status| answers.contains(&format!("{} {status}", operation.id)));
    Some(Task::request(event.to_string(), success?))
}

/// A rating request in the chat, and the status of the response.
pub(crate) fn rating_request(deployment: &Deployment, conversation: &str, status: u16) -> Task {
    let path = format!("/v1/conversations/{conversation}/rating-requests");
    let event = event(deployment, "POST", &path, None, &json!({}));
    Task::request(event.to_string(), status)
}

/// The stream record of a rating that is not counted yet. Its rating request is counted.
async fn rating_record(stack: &Stack) -> Value {
    let visitor = stack.conversation("counted").await;
    let request = stack.agent(AGENT).await.ask_for_id("counted").await;
    assert!(
        stack.deliver_stream().await,
        "the rating request is counted"
    );
    let answer = json!({ "score": 4, "comment": "Quick and kind." });
    visitor.rate(&request, answer).await.expect(201);
    let mut records = stack.stream_records().await;
    records.pop().expect("the stream has the rating")
}

/// Connects an account of a server that does not sign, and returns the path of its hook and the event of a
/// message in a conversation that is recorded.
async fn hook(stack: &Stack) -> (String, Value) {
    let platform = ChatPlatform::start_unsigned().await;
    let agent = stack.agent(AGENT).await;
    let connection = "/v1/connections/chatwoot/main";
    let connected = agent.put(connection, platform.connection()).await;
    let connected = connected.expect(201);
    let url = connected["connection"]["webhook_url"].as_str().unwrap();
    let path = url.strip_prefix(stack.url()).unwrap().to_owned();
    let conversation = platform.start_conversation("Where is my parcel?");
    let first = platform.next_message_event();
    let recorded = stack.nobody().post(&path, first).await.expect(200);
    assert_eq!(recorded["accepted"], true);
    let written = platform
        .chatwoot
        .visitor_writes(conversation, "It has not arrived.");
    written.unwrap();
    (path, platform.next_message_event())
}

/// The event of a rating request in a conversation whose account is not connected any more.
fn requested() -> Value {
    json!({
        "detail-type": "rating.requested",
        "detail": {
            "id": "rating_requested/00000000000000000000000000000001",
            "organisation": "main",
            "conversation_id": "cw-000000000000-1",
            "rating_request_id": "00000000000000000000000000000001",
        },
    })
}

/// The input of a schedule of `follow-up`.
fn due() -> Value {
    json!({
        "due": "ask",
        "organisation": "main",
        "conversation_id": "recorded",
        "round_id": "00000000000000000000000000000001",
        "after_minutes": 15,
        "at": "2026-01-05T10:00:00.000Z",
    })
}

/// The event of an EventBridge schedule.
fn schedule() -> Value {
    json!({
        "version": "0",
        "id": "00000000-0000-4000-8000-000000000001",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-01-05T10:00:00Z",
        "region": "us-east-1",
        "resources": ["arn:aws:events:us-east-1:123456789012:rule/afterchat-EachHour"],
        "detail": {},
    })
}

/// The gateway's event of an agent's request, or of a visitor's request if there is a token.
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
    // The id is constant, so that responses that contain it can be compared.
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
