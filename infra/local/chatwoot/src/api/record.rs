//! The record of API calls, and the limit of calls per minute.

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Timestamp;

use crate::api::error::ApiError;
use crate::api::handle::ApiState;
use crate::server::Chatwoot;
use crate::state::api_call::ApiCall;

impl Chatwoot {
    /// All requests to the API so far, including those that were refused.
    pub fn api_calls(&self) -> Vec<ApiCall> {
        self.state().calls.clone()
    }
}

/// Records a request and refuses it if there were too many in this minute. The windows are whole
/// minutes.
pub(crate) async fn record_and_limit(
    api: ApiState,
    request: Request<Body>,
    next: Next,
) -> Response {
    let is_refused = {
        let mut state = api.state();
        let now = state.now();
        let minute = |time: Timestamp| time.epoch_seconds() / 60;
        let in_this_minute = state.calls.iter().rev();
        let count = in_this_minute
            .take_while(|call| minute(call.at) == minute(now))
            .count();
        let uri = request.uri();
        let path = uri.path_and_query().map(ToString::to_string);
        state.calls.push(ApiCall {
            at: now,
            method: request.method().to_string(),
            path: path.unwrap_or_default(),
        });
        count >= state.options.limits.requests_per_minute
    };
    if is_refused {
        return ApiError::too_many_requests().into_response();
    }
    next.run(request).await
}
