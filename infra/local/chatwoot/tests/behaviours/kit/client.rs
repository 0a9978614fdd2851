//! A client of the API.

use local_chatwoot::{AccountId, Chatwoot};
use reqwest::redirect::Policy;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

pub(crate) struct Client {
    http: reqwest::Client,
    pub(crate) base: String,
    origin: String,
    token: String,
    pub(crate) header: &'static str,
}

/// A response of the API.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) content_type: String,
    pub(crate) bytes: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    /// The status, and the sentence of an error.
    pub(crate) fn error(&self) -> (u16, String) {
        let sentence = self.json()["error"].as_str().unwrap().to_owned();
        (self.status.as_u16(), sentence)
    }
}

impl Client {
    pub(crate) fn new(chatwoot: &Chatwoot, account: AccountId, token: &str) -> Self {
        let origin = chatwoot.origin();
        Self {
            http: reqwest::Client::builder()
                .redirect(Policy::none())
                .build()
                .unwrap(),
            base: format!("{origin}/api/v1/accounts/{}", account.0),
            origin,
            token: token.to_owned(),
            header: "Api-Access-Token",
        }
    }

    pub(crate) async fn try_send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> reqwest::Result<Reply> {
        let url = match path.strip_prefix("//") {
            Some(path) => format!("{}/{path}", self.origin),
            None => format!("{}{path}", self.base),
        };
        let request = self.http.request(method, url);
        let mut request = request.header(self.header, &self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await?;
        let content_type = response.headers().get("content-type").cloned();
        Ok(Reply {
            status: response.status(),
            content_type: content_type
                .map(|it| it.to_str().unwrap().to_owned())
                .unwrap_or_default(),
            bytes: response.bytes().await?.to_vec(),
        })
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.try_send(Method::GET, path, None).await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.try_send(Method::POST, path, Some(body)).await.unwrap()
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Reply {
        self.try_send(Method::PATCH, path, Some(body))
            .await
            .unwrap()
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.try_send(Method::DELETE, path, None).await.unwrap()
    }

    /// Posts a message and returns it.
    pub(crate) async fn write(&self, conversation: u64, content: &str) -> Value {
        let path = format!("/conversations/{conversation}/messages");
        self.post(&path, json!({"content": content})).await.json()
    }

    /// The messages that a query selects.
    pub(crate) async fn messages(&self, conversation: u64, query: &str) -> Vec<Value> {
        let path = format!("/conversations/{conversation}/messages{query}");
        let list = self.get(&path).await.json();
        list["payload"].as_array().unwrap().clone()
    }
}
