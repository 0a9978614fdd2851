use lambda_http::Body;
use lambda_http::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use lambda_http::http::{HeaderValue, Response, StatusCode};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Refusal;
use crate::fault::Fault;

/// The header that tells a repeat under the same idempotency key from the first answer.
const REPLAYED: &str = "idempotent-replayed";

/// A request that was done: its status and body.
#[derive(Clone, Debug)]
pub struct Answer {
    status: StatusCode,
    body: Option<Value>,
    is_replay: bool,
}

impl Answer {
    /// 200 with `body`.
    pub fn ok(body: impl Serialize) -> Self {
        Self::new(StatusCode::OK, Some(json!(body)))
    }

    /// 201 with `body`.
    pub fn created(body: impl Serialize) -> Self {
        Self::new(StatusCode::CREATED, Some(json!(body)))
    }

    /// 204.
    pub fn no_content() -> Self {
        Self::new(StatusCode::NO_CONTENT, None)
    }

    fn new(status: StatusCode, body: Option<Value>) -> Self {
        Self {
            status,
            body,
            is_replay: false,
        }
    }

    /// The same answer, given again to a repeat under the same idempotency key.
    #[must_use]
    pub fn replayed(mut self) -> Self {
        self.is_replay = true;
        self
    }

    pub(super) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    pub(super) fn render(self) -> Response<Body> {
        let body = self
            .body
            .map_or(Body::Empty, |body| Body::Text(body.to_string()));
        let mut response = respond(self.status, "application/json", body);
        if self.is_replay {
            response
                .headers_mut()
                .insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}

/// An RFC 9457 problem.
struct Problem<'a> {
    status: u16,
    code: &'static str,
    title: &'static str,
    detail: &'a str,
}

impl Problem<'_> {
    fn render(&self, request_id: &str, members: &Map<String, Value>) -> Response<Body> {
        let mut body = json!({
            "type": format!("urn:afterchat:problem:{}", self.code),
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "request_id": request_id,
        });
        if let Some(body) = body.as_object_mut() {
            body.extend(members.clone());
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
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Renders a fault as a problem: it can reach nothing but the code's fixed text.
pub(super) fn render_fault(fault: &Fault, request_id: &str) -> Response<Body> {
    let code = fault.code();
    let problem = Problem {
        status: code.status(),
        code: code.as_str(),
        title: code.title(),
        detail: code.detail(),
    };
    let mut response = problem.render(request_id, &Map::new());
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
    use super::*;
    use crate::api::RefusalCode;
    use crate::fault::FaultCode;

    fn body(response: &Response<Body>) -> Value {
        serde_json::from_slice(response.body()).unwrap()
    }

    #[test]
    fn a_5xx_never_shows_its_cause() {
        let fault = Fault::other(FaultCode::StorageUnavailable, "the secret cause");
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
