//! Lambda's API to invoke a function and wait for its response.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use lambda::clock::{Clock, SharedClock, SystemClock};
use lambda::random;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::aws::lambda::signature;
use crate::functions::{Function, Functions};
use crate::listener::NoReply;

/// The maximum size of an event (<https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>).
const EVENT_BYTES: usize = 6 * 1024 * 1024;

/// The functions that can be invoked, and injected faults.
pub(crate) struct InvokeApi {
    functions: Functions,
    /// The clock of the functions.
    clock: SharedClock,
    next_faults: Mutex<VecDeque<InvokeFault>>,
}

/// The result of an invocation instead of success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum InvokeFault {
    /// All concurrent executions of the account are in use. The function does not run.
    Throttle,
    /// Lambda returns a service error, and the function does not run.
    Error,
    /// The function runs, and Lambda closes the connection without a response.
    LostReply,
}

/// An error of Lambda.
struct InvokeError {
    status: StatusCode,
    kind: &'static str,
    message: String,
}

impl InvokeApi {
    pub(crate) fn new(functions: Functions, clock: SharedClock) -> Arc<Self> {
        Arc::new(Self {
            functions,
            clock,
            next_faults: Mutex::default(),
        })
    }

    /// Replaces the faults of the next invocations.
    pub(crate) fn set_faults(&self, faults: VecDeque<InvokeFault>) {
        *self.faults() = faults;
    }

    fn faults(&self) -> std::sync::MutexGuard<'_, VecDeque<InvokeFault>> {
        self.next_faults
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, name: &str) -> Result<Function, InvokeError> {
        self.functions.named(name).cloned().ok_or_else(|| {
            let message = format!("Function not found: {name}");
            InvokeError::new(StatusCode::NOT_FOUND, "ResourceNotFoundException", message)
        })
    }
}

/// The operation that is supported.
pub(crate) fn router(api: Arc<InvokeApi>) -> Router {
    Router::new()
        .route("/2015-03-31/functions/{name}/invocations", post(invoke))
        .layer(DefaultBodyLimit::disable())
        .with_state(api)
}

async fn invoke(
    State(api): State<Arc<InvokeApi>>,
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, InvokeError> {
    // A function in this process signs with the real time, whatever its clock says. One in a process of its own, whose
    // time a test moved, signs with that time.
    let times = [SystemClock.now(), api.clock.now()];
    if let Err(kind) = signature::check(&headers, uri.path(), &body, &times) {
        let message = "The signature of the request is missing or wrong.";
        return Err(InvokeError::new(StatusCode::FORBIDDEN, kind, message));
    }
    if headers
        .get("x-amz-invocation-type")
        .is_some_and(|kind| kind != "RequestResponse")
    {
        let message = "This emulator supports the invocation type RequestResponse only.";
        let kind = "InvalidParameterValueException";
        return Err(InvokeError::new(StatusCode::BAD_REQUEST, kind, message));
    }
    if body.len() > EVENT_BYTES {
        let message = format!("Request must be smaller than {EVENT_BYTES} bytes");
        let kind = "RequestTooLargeException";
        return Err(InvokeError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            kind,
            message,
        ));
    }
    let event: Value = serde_json::from_slice(&body).map_err(|error| {
        let message = format!("Could not parse request body into json: {error}");
        let kind = "InvalidRequestContentException";
        InvokeError::new(StatusCode::BAD_REQUEST, kind, message)
    })?;
    let function = api.find(&name)?;
    let fault = api.faults().pop_front();
    match fault {
        Some(InvokeFault::Throttle) => {
            let kind = "TooManyRequestsException";
            return Err(InvokeError::new(
                StatusCode::TOO_MANY_REQUESTS,
                kind,
                "Rate Exceeded.",
            ));
        }
        Some(InvokeFault::Error) => {
            let kind = "ServiceException";
            return Err(InvokeError::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                kind,
                "An error occurred.",
            ));
        }
        Some(InvokeFault::LostReply) | None => {}
    }
    let request_id = random::unique_id().to_string();
    let invoked = function.invoke(&request_id, &event).await;
    if fault == Some(InvokeFault::LostReply) {
        return Ok(NoReply.into_response());
    }
    let headers = [("x-amzn-requestid", request_id)];
    Ok(match invoked {
        Ok(response) => {
            let content_type = [("content-type", "application/json")];
            (headers, content_type, response).into_response()
        }
        Err(error) => {
            let body = json!({ "errorType": "Unhandled", "errorMessage": error });
            (headers, [("x-amz-function-error", "Unhandled")], Json(body)).into_response()
        }
    })
}

impl InvokeError {
    fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            message: message.into(),
        }
    }
}

impl IntoResponse for InvokeError {
    fn into_response(self) -> Response {
        let body = json!({ "Type": "User", "Message": self.message });
        (self.status, [("x-amzn-errortype", self.kind)], Json(body)).into_response()
    }
}
