//! Fault injection for API calls.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::ApiState;
use crate::api::error::ApiError;
use crate::listener::NoReply;
use crate::server::Chatwoot;

/// The outcome of an API call instead of the usual one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiFault {
    /// The call is not executed. The response has this status, and an `error` in JSON.
    Status(u16),
    /// The call is not executed. The response is 429 in plain text.
    RateLimited,
    /// The call is not executed. The response is 500 in HTML, after
    /// [`Options::server_error_delay`](crate::Options::server_error_delay).
    SlowServerError,
    /// The call is executed, and the connection is closed without a response.
    LostReply,
    /// The call is executed, and the response never comes.
    NoAnswer,
    /// The call is executed, and the response comes after a delay.
    Slow(Duration),
    /// The call is executed. So many spaces follow the response.
    Huge(usize),
    /// The call is executed. The response is 200 and is not JSON.
    Garbage,
    /// The call is not executed. The response redirects to this URL.
    Redirect(String),
}

/// A fault, and the calls that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultRule {
    /// The method. `None` means every method.
    pub method: Option<String>,
    /// A part of the path. An empty text means every path.
    pub path_contains: String,
    /// The fault.
    pub fault: ApiFault,
}

impl FaultRule {
    /// A fault for the next call.
    pub fn next(fault: ApiFault) -> Self {
        Self {
            method: None,
            path_contains: String::new(),
            fault,
        }
    }

    /// A fault for the next call with this method and this part in its path.
    pub fn next_of(method: &str, path_contains: &str, fault: ApiFault) -> Self {
        Self {
            method: Some(method.to_owned()),
            path_contains: path_contains.to_owned(),
            fault,
        }
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|it| it == method) && path.contains(&self.path_contains)
    }
}

impl Chatwoot {
    /// Adds faults. Each is used by the first call that it is for, and then removed.
    pub fn inject_faults(&self, faults: impl IntoIterator<Item = FaultRule>) {
        self.state().faults.extend(faults);
    }

    /// Removes all faults that are not used yet, and returns them.
    pub fn take_faults(&self) -> Vec<FaultRule> {
        self.state().faults.drain(..).collect()
    }
}

pub(crate) async fn inject(api: ApiState, request: Request<Body>, next: Next) -> Response {
    let (fault, delay) = {
        let mut state = api.state();
        let method = request.method().as_str();
        let path = request.uri().path();
        let position = state.faults.iter().position(|it| it.matches(method, path));
        let rule = position.and_then(|position| state.faults.remove(position));
        (
            rule.map(|rule| rule.fault),
            state.options.server_error_delay,
        )
    };
    let Some(fault) = fault else {
        return next.run(request).await;
    };
    match fault {
        ApiFault::Status(status) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
            ApiError::error(status, "injected").into_response()
        }
        ApiFault::RateLimited => ApiError::too_many_requests().into_response(),
        ApiFault::SlowServerError => {
            tokio::time::sleep(delay).await;
            ApiError::server_error().into_response()
        }
        ApiFault::LostReply => {
            next.run(request).await;
            NoReply.into_response()
        }
        ApiFault::NoAnswer => {
            next.run(request).await;
            std::future::pending().await
        }
        ApiFault::Slow(delay) => {
            let response = next.run(request).await;
            tokio::time::sleep(delay).await;
            response
        }
        ApiFault::Huge(spaces) => pad(next.run(request).await, spaces).await,
        ApiFault::Garbage => {
            next.run(request).await;
            let content_type = [(header::CONTENT_TYPE, "application/json")];
            (content_type, "{\"payload\": [\u{0}<html>").into_response()
        }
        ApiFault::Redirect(url) => (StatusCode::FOUND, [(header::LOCATION, url)]).into_response(),
    }
}

/// Adds spaces to the end of the body, which remains valid JSON.
async fn pad(response: Response, spaces: usize) -> Response {
    let (mut parts, body) = response.into_parts();
    let mut bytes = match to_bytes(body, usize::MAX).await {
        Ok(bytes) => bytes.to_vec(),
        Err(_) => Vec::new(),
    };
    bytes.resize(bytes.len() + spaces, b' ');
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(bytes))
}
