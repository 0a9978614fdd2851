use errors::{Fault, Refusal};
use lambda_http::Body;
use lambda_http::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use lambda_http::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};

/// The header that marks a response as a replay under the same idempotency key.
const REPLAYED: &str = "idempotent-replayed";

/// A successful response: its status, body and headers.
#[derive(Clone, Debug)]
pub struct HttpResponse {
    status: StatusCode,
    content: Content,
    headers: HeaderMap,
}

#[derive(Clone, Debug)]
enum Content {
    Nothing,
    Json(String),
    Text {
        content_type: &'static str,
        text: String,
    },
    File {
        content_type: &'static str,
        bytes: Vec<u8>,
    },
}

impl HttpResponse {
    /// 200 with `body`.
    pub fn ok(body: impl Serialize) -> Self {
        Self::new(StatusCode::OK, Content::Json(write_json(&body)))
    }

    /// 201 with `body`.
    pub fn created(body: impl Serialize) -> Self {
        Self::new(StatusCode::CREATED, Content::Json(write_json(&body)))
    }

    /// 202 with `body`.
    pub fn accepted(body: impl Serialize) -> Self {
        Self::new(StatusCode::ACCEPTED, Content::Json(write_json(&body)))
    }

    /// 204.
    pub fn no_content() -> Self {
        Self::new(StatusCode::NO_CONTENT, Content::Nothing)
    }

    /// 200 with a file. Browsers must not interpret it as anything but `content_type`.
    pub fn file(content_type: &'static str, bytes: Vec<u8>) -> Self {
        let file = Content::File {
            content_type,
            bytes,
        };
        Self::new(StatusCode::OK, file)
            .with_header(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"))
    }

    /// 200 with a text. Browsers must not interpret it as anything but `content_type`.
    pub fn text(content_type: &'static str, text: String) -> Self {
        Self::new(StatusCode::OK, Content::Text { content_type, text })
            .with_header(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"))
    }

    /// 304: the caller has the current version already.
    pub fn not_modified() -> Self {
        Self::new(StatusCode::NOT_MODIFIED, Content::Nothing)
    }

    fn new(status: StatusCode, content: Content) -> Self {
        Self {
            status,
            content,
            headers: HeaderMap::new(),
        }
    }

    /// The same response with the header `name` added or replaced.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The same response, marked as a replay under the same idempotency key.
    #[must_use]
    pub fn replayed(self) -> Self {
        self.with_header(
            HeaderName::from_static(REPLAYED),
            HeaderValue::from_static("true"),
        )
    }

    /// Whether the response is marked as a replay.
    pub fn is_replayed(&self) -> bool {
        self.headers.contains_key(REPLAYED)
    }

    /// The body as it is sent, or an empty string if it is not text.
    pub fn body_text(&self) -> &str {
        match &self.content {
            Content::Json(text) | Content::Text { text, .. } => text,
            Content::Nothing | Content::File { .. } => "",
        }
    }

    /// The status code.
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    pub(super) fn render(self) -> Response<Body> {
        let (content_type, body) = match self.content {
            Content::Nothing => ("", Body::Empty),
            Content::Json(text) => ("application/json", Body::Text(text)),
            Content::Text { content_type, text } => (content_type, Body::Text(text)),
            Content::File {
                content_type,
                bytes,
            } => (content_type, Body::Binary(bytes)),
        };
        let mut response = respond(self.status, content_type, body);
        for (name, value) in &self.headers {
            response.headers_mut().insert(name, value.clone());
        }
        response
    }
}

#[expect(
    clippy::expect_used,
    reason = "bodies have only string keys, and none of their types fails to serialize"
)]
fn write_json(body: &impl Serialize) -> String {
    serde_json::to_string(body).expect("a body serializes as JSON")
}

/// An RFC 9457 problem.
struct Problem<'a> {
    status: u16,
    code: &'static str,
    title: &'static str,
    detail: &'a str,
}

impl Problem<'_> {
    fn render(&self, request_id: &str, members: &[(&str, Value)]) -> Response<Body> {
        let mut body = json!({
            "type": format!("urn:afterchat:problem:{}", self.code),
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "request_id": request_id,
        });
        if let Some(body) = body.as_object_mut() {
            let members = members.iter().cloned();
            body.extend(members.map(|(name, value)| (name.to_owned(), value)));
        }
        respond(
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            "application/problem+json",
            Body::Text(body.to_string()),
        )
    }
}

/// Renders a refusal as a problem.
pub(super) fn render_refusal(refusal: &Refusal, request_id: &str) -> Response<Body> {
    let code = refusal.code();
    let problem = Problem {
        status: code.status(),
        code: code.as_str(),
        title: code.title(),
        detail: refusal.detail(),
    };
    let mut response = problem.render(request_id, refusal.members());
    for (name, value) in refusal.headers() {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(*name, value);
        }
    }
    response
}

/// Renders a fault as a problem. Only the code's fixed text is included.
pub(super) fn render_fault(fault: &Fault, request_id: &str) -> Response<Body> {
    let code = fault.code();
    let problem = Problem {
        status: code.status(),
        code: code.as_str(),
        title: code.title(),
        detail: code.detail(),
    };
    let mut response = problem.render(request_id, &[]);
    if fault.is_replay() {
        response
            .headers_mut()
            .insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}

fn respond(status: StatusCode, content_type: &'static str, body: Body) -> Response<Body> {
    let has_body = !matches!(body, Body::Empty);
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if has_body {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    response
}

#[cfg(test)]
mod tests {
    use errors::{FaultCode, RefusalCode};

    use super::*;

    fn body(response: &Response<Body>) -> Value {
        serde_json::from_slice(response.body()).unwrap()
    }

    #[test]
    fn a_5xx_never_shows_its_cause() {
        let fault = Fault::new(FaultCode::StorageUnavailable, "the secret cause");
        let response = render_fault(&fault, "r1");
        assert_eq!(response.status(), 503);
        assert!(!body(&response).to_string().contains("secret"));
        assert_eq!(
            body(&response)["detail"],
            FaultCode::StorageUnavailable.detail()
        );
    }

    #[test]
    fn a_refusal_is_a_problem_with_its_members() {
        let refusal =
            Refusal::new(RefusalCode::ChannelNotSupported, "No.").with_member("channel", "voice");
        let response = render_refusal(&refusal, "r1");
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json"
        );
        assert_eq!(
            body(&response),
            json!({
                "type": "urn:afterchat:problem:channel_not_supported",
                "title": "The channel does not support ratings",
                "status": 409,
                "detail": "No.",
                "code": "channel_not_supported",
                "request_id": "r1",
                "channel": "voice",
            })
        );
    }
}
