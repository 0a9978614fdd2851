use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use reqwest::{Body, Client, Method, RequestBuilder};
use serde_json::{Value, json};

/// A caller of the API, with a token or without one.
#[derive(Clone)]
pub struct Caller {
    url: String,
    token: Option<String>,
    http: Client,
}

impl Caller {
    /// A caller of the API at `url`.
    pub fn new(url: &str, token: Option<String>) -> Self {
        Self {
            url: url.to_owned(),
            token,
            http: Client::new(),
        }
    }

    /// A caller without a token of the API at `url`.
    pub fn at(url: &str) -> Self {
        Self::new(url, None)
    }

    /// The same caller with another token. It shares the connections.
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    /// The token.
    pub fn token(&self) -> &str {
        self.token.as_deref().expect("the caller has a token")
    }

    /// A request builder. `path` is sent as it is.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        match &self.token {
            Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Reply {
        Reply::of(self.request(Method::GET, path)).await
    }

    /// PUT.
    pub async fn put(&self, path: &str, body: Value) -> Reply {
        Reply::of(self.request(Method::PUT, path).json(&body)).await
    }

    /// POST.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        Reply::of(self.request(Method::POST, path).json(&body)).await
    }

    /// Sends `body` as it is, with the content type of JSON.
    pub async fn send(&self, method: Method, path: &str, body: impl Into<Body>) -> Reply {
        let request = self.request(method, path).body(body);
        Reply::of(request.header(CONTENT_TYPE, "application/json")).await
    }

    /// POST with an idempotency key.
    pub async fn post_with_key(&self, path: &str, key: &str, body: Value) -> Reply {
        let request = self.request(Method::POST, path).json(&body);
        Reply::of(request.header("idempotency-key", key)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Reply {
        Reply::of(self.request(Method::DELETE, path)).await
    }

    /// Asks for a rating, as an agent.
    pub async fn ask(&self, conversation: &str) -> Reply {
        let path = format!("/v1/conversations/{conversation}/rating-requests");
        self.post(&path, json!({})).await
    }

    /// Asks for a rating, and returns the id of the rating request.
    pub async fn ask_for_id(&self, conversation: &str) -> String {
        let body = self.ask(conversation).await.expect(201);
        body["rating_request"]["id"].as_str().unwrap().to_owned()
    }

    /// Answers a rating request, as the visitor.
    pub async fn rate(&self, rating_request: &str, answer: Value) -> Reply {
        let path = format!("/v1/visitor/rating-requests/{rating_request}/rating");
        self.put(&path, answer).await
    }

    /// The current rating request and its answer, as the visitor reads them.
    pub async fn rating_request(&self) -> Value {
        self.get("/v1/visitor/rating-request").await.expect(200)
    }

    /// A conversation as an agent reads it.
    pub async fn conversation(&self, id: &str) -> Value {
        self.get(&format!("/v1/conversations/{id}"))
            .await
            .expect(200)
    }

    /// The events of one type in a conversation's thread, as an agent reads it.
    pub async fn events(&self, conversation: &str, kind: &str) -> Vec<Value> {
        let read = self.conversation(conversation).await;
        let entries = read["thread"]["entries"].as_array().unwrap();
        let events = entries.iter().map(|entry| &entry["event"]);
        events
            .filter(|event| event["type"] == kind)
            .cloned()
            .collect()
    }
}

/// A response.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, or `null` if there is none.
    pub body: Value,
}

impl Reply {
    /// Sends `request` and reads the response.
    pub async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.expect("the stack responds");
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text().await.expect("a complete response");
        let body = match text.as_str() {
            "" => Value::Null,
            text => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
        };
        Self {
            status,
            headers,
            body,
        }
    }

    /// The body of a response with this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The body of a response with any 2xx status.
    #[track_caller]
    pub fn expect_success(self) -> Value {
        assert!(
            (200..300).contains(&self.status),
            "{}: {}",
            self.status,
            self.body
        );
        self.body
    }

    /// The body of the first 201 for an idempotency key.
    #[track_caller]
    pub fn expect_first(self) -> Value {
        assert_eq!(self.header("idempotent-replayed"), "", "{self:?}");
        self.expect(201)
    }

    /// The body of a 201 that repeats the response to an earlier request with the same idempotency key.
    #[track_caller]
    pub fn expect_replayed(self) -> Value {
        assert_eq!(self.header("idempotent-replayed"), "true", "{self:?}");
        self.expect(201)
    }

    /// The problem with this status and code.
    #[track_caller]
    pub fn expect_problem(self, status: u16, code: &str) -> Value {
        let content_type = self.header("content-type");
        assert_eq!(content_type, "application/problem+json", "{self:?}");
        let body = self.expect(status);
        assert_eq!(body["code"], code, "{body}");
        assert_eq!(body["status"], status);
        body
    }

    /// The value of a header, or "" if it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a header in ASCII"))
    }
}
