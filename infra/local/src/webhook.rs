//! Posts each event to a URL, as an API destination of EventBridge does, so that developers can
//! test a chat platform against it.
//!
//! Events are posted one at a time, in order. A failed post is retried with increasing pauses, and
//! the event is dropped after the last try.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Uri, header, uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use lambda::clock::{Clock, SystemClock};
use ring::hmac;
use tokio::task::JoinHandle;

use crate::aws::eventbridge::{Event, EventFeed};

/// The header with the signature: `t=<seconds>,v1=<signature>`. `<seconds>` is the Unix time.
/// `<signature>` is the HMAC-SHA256, in hexadecimal, of `<seconds>`, a dot and the body.
const SIGNATURE: &str = "afterchat-signature";

/// The time that a receiver gets to respond.
const PATIENCE: Duration = Duration::from_secs(10);

/// The maximum number of tries for an event.
const TRIES: u32 = 8;

/// The pause after the first try. Each later pause is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// The URL that events are posted to, and the secret that signs them.
#[derive(Clone, Debug)]
pub struct Webhook {
    uri: Uri,
    secret: String,
}

/// The URL cannot be used for a webhook.
#[derive(Debug, thiserror::Error)]
#[error("a webhook needs a URL that begins with http://")]
pub struct WebhookError;

impl Webhook {
    /// Creates a webhook at `url` that signs each post with `secret`.
    ///
    /// # Errors
    /// If `url` does not begin with `http://` or has no host.
    pub fn new(url: &str, secret: impl Into<String>) -> Result<Self, WebhookError> {
        let uri: Uri = url.parse().map_err(|_| WebhookError)?;
        if uri.scheme() == Some(&uri::Scheme::HTTP) && uri.host().is_some() {
            Ok(Self {
                uri,
                secret: secret.into(),
            })
        } else {
            Err(WebhookError)
        }
    }

    /// Posts all new events for as long as the task runs.
    pub(crate) async fn start(self, feed: &EventFeed) -> JoinHandle<()> {
        let mut events = feed.read(None).await;
        let sender = Sender {
            client: Client::builder(TokioExecutor::new()).build_http(),
            key: hmac::Key::new(hmac::HMAC_SHA256, self.secret.as_bytes()),
            uri: self.uri,
        };
        let sender = Arc::new(sender);
        tokio::spawn(async move {
            while let Some(event) = events.next().await {
                sender.deliver(&event).await;
            }
        })
    }
}

struct Sender {
    client: Client<HttpConnector, Body>,
    key: hmac::Key,
    uri: Uri,
}

impl Sender {
    async fn deliver(&self, event: &Event) {
        let body = event.json.to_string();
        let kind = &event.detail_type;
        let mut pause = FIRST_PAUSE;
        for tried in 1..=TRIES {
            let problem = match tokio::time::timeout(PATIENCE, self.post(&body)).await {
                Ok(Ok(())) => return,
                Ok(Err(problem)) => problem,
                Err(_elapsed) => "it did not answer".to_owned(),
            };
            if tried == TRIES {
                tracing::error!(
                    "the webhook failed {TRIES} times, so the event {kind} is dropped: {problem}"
                );
                return;
            }
            tracing::warn!("the webhook failed at {kind}, try {tried} of {TRIES}: {problem}");
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }

    async fn post(&self, body: &str) -> Result<(), String> {
        let seconds = SystemClock.now().epoch_seconds();
        let request = Request::post(self.uri.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .header(SIGNATURE, signature(&self.key, seconds, body))
            .body(Body::from(body.to_owned()))
            .map_err(|error| error.to_string())?;
        let answer = self.client.request(request).await;
        match answer.map(|answer| answer.status()) {
            Ok(status) if status.is_success() => Ok(()),
            Ok(status) => Err(format!("it answered {status}")),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn signature(key: &hmac::Key, seconds: i64, body: &str) -> String {
    let tag = hmac::sign(key, format!("{seconds}.{body}").as_bytes());
    let digits: String = tag
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("t={seconds},v1={digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected value comes from `printf '1767646800.{"a":1}' | openssl dgst -sha256 -hmac
    /// key`.
    #[test]
    fn a_signature_is_the_one_that_openssl_computes() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"key");
        assert_eq!(
            signature(&key, 1_767_646_800, r#"{"a":1}"#),
            "t=1767646800,v1=bc6931458b1cc165b24a610f0652cb357d074864143c4d9a4361dedb017a4e28"
        );
    }

    #[test]
    fn a_webhook_url_must_begin_with_http() {
        assert!(Webhook::new("http://127.0.0.1:9/events?a=b", "s").is_ok());
        for url in [
            "https://example.com",
            "example.com",
            "/events",
            "http:///x",
            "",
        ] {
            assert!(Webhook::new(url, "s").is_err(), "{url}");
        }
    }
}
