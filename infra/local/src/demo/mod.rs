//! The demo: a support conversation of two days in English, and short ones in Arabic and Japanese, recorded as a chat
//! platform would record them.

pub(crate) mod page;
mod year;

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, header};
use domain::{InvalidValue, Timestamp};
use dynoxide::DynoxideError;
use errors::{Cause, Fault};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde::Deserialize;
use serde_json::{Map, Value, json};

pub(crate) use year::YearOfRatings;

/// The ID of the English conversation.
pub(crate) const CONVERSATION: &str = "demo";

/// The shop in the conversation.
pub(crate) const BRAND: &str = "Brightside Bikes";

/// The address that sends the transcript.
pub(crate) const SENDER: &str = "help@brightside.example";

const SETTINGS: &str = "/v1/settings";

/// The conversations by ID.
const SOURCES: [(&str, &str); 3] = [
    (CONVERSATION, include_str!("conversation.json")),
    ("demo-ar", include_str!("conversation-ar.json")),
    ("demo-ja", include_str!("conversation-ja.json")),
];

#[derive(Deserialize)]
struct Demo {
    conversation: Value,
    messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    minutes_ago: i64,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

/// The demo could not be created.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct DemoError(String);

impl From<Fault> for DemoError {
    fn from(fault: Fault) -> Self {
        Self(match fault.cause() {
            Cause::Aws(failure) => failure.to_string(),
            Cause::Other(cause) => cause.to_string(),
        })
    }
}

impl From<DynoxideError> for DemoError {
    fn from(error: DynoxideError) -> Self {
        Self(error.to_string())
    }
}

impl From<InvalidValue> for DemoError {
    fn from(error: InvalidValue) -> Self {
        Self(error.to_string())
    }
}

/// Records the conversations on the server at `url`, as if they ended just before `now`.
pub(crate) async fn load(url: &str, now: Timestamp) -> Result<(), DemoError> {
    let mut caller = Caller { url, token: None };
    let platform = json!({
        "sub": "demo-platform",
        "scopes": ["conversations:write", "senders:write", "settings:write"],
    });
    let issued = caller.call(Method::POST, "/dev/token", &platform).await?;
    caller.token = issued
        .get("token")
        .and_then(Value::as_str)
        .map(str::to_owned);

    for (id, source) in SOURCES {
        let demo: Demo =
            serde_json::from_str(source).map_err(|error| DemoError(error.to_string()))?;
        record(&caller, id, demo, now).await?;
    }

    let identity = json!({"identity": SENDER, "verified": true});
    caller
        .call(Method::POST, "/dev/ses/identities", &identity)
        .await?;
    let sender = json!({"name": BRAND});
    caller
        .call(Method::PUT, &format!("/v1/senders/{SENDER}"), &sender)
        .await?;
    load_settings(&caller).await
}

async fn record(
    caller: &Caller<'_>,
    id: &str,
    demo: Demo,
    now: Timestamp,
) -> Result<(), DemoError> {
    let conversation = format!("/v1/conversations/{id}");
    let messages: Vec<_> = demo
        .messages
        .into_iter()
        .enumerate()
        .map(|(index, message)| message.recorded(index, now))
        .collect();
    caller
        .call(Method::PUT, &conversation, &demo.conversation)
        .await?;
    let body = json!({ "messages": messages });
    caller
        .call(Method::POST, &format!("{conversation}/messages"), &body)
        .await?;
    Ok(())
}

/// Stores the settings of the shop, unless the organisation already has settings.
async fn load_settings(caller: &Caller<'_>) -> Result<(), DemoError> {
    let stored = caller.call(Method::GET, SETTINGS, &json!({})).await?;
    if stored.get("settings") == Some(&json!({})) {
        let settings = json!({ "reasons": year::reason_settings()? });
        caller.call(Method::PUT, SETTINGS, &settings).await?;
    }
    Ok(())
}

impl Message {
    fn recorded(self, index: usize, now: Timestamp) -> Value {
        let mut fields = self.fields;
        // One more second for each message keeps the order of messages in the same minute.
        let offset = index as i64 - self.minutes_ago * 60;
        fields.insert("id".to_owned(), json!(format!("demo-{:02}", index + 1)));
        fields.insert("sent_at".to_owned(), json!(now.plus_seconds(offset)));
        Value::Object(fields)
    }
}

struct Caller<'a> {
    url: &'a str,
    token: Option<String>,
}

impl Caller<'_> {
    async fn call(&self, method: Method, path: &str, body: &Value) -> Result<Value, DemoError> {
        let what = format!("{method} {path}");
        let failed = |problem: String| DemoError(format!("{what}: {problem}"));
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request
            .body(Body::from(body.to_string()))
            .map_err(|error| failed(error.to_string()))?;
        let client = Client::builder(TokioExecutor::new()).build_http();
        let response = client
            .request(request)
            .await
            .map_err(|error| failed(error.to_string()))?;
        let status = response.status();
        let answer = to_bytes(Body::new(response.into_body()), usize::MAX)
            .await
            .map_err(|error| failed(error.to_string()))?;
        if !status.is_success() {
            return Err(failed(format!(
                "{status} {}",
                String::from_utf8_lossy(&answer)
            )));
        }
        serde_json::from_slice(&answer).map_err(|error| failed(error.to_string()))
    }
}
