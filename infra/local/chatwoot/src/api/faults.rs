//! Fault injection for API calls.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::error::ApiError;
use crate::api::handle::ApiState;
use crate::listener::NoReply;
use crate::server::Chatwoot;
use crate::state::faults::{ApiFault, FaultRule};

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
