//! The scheduler's errors, in the format of the scheduler.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::storage::StorageError;

const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// An error response of the scheduler.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SchedulerError {
    status: StatusCode,
    kind: &'static str,
    message: String,
}

impl SchedulerError {
    fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            message: message.into(),
        }
    }

    /// A request that breaks a rule of the API.
    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "ValidationException", message)
    }

    /// A value that does not satisfy a constraint of the API's model.
    pub(super) fn constraint(member: &str, value: &str, constraint: &str) -> Self {
        Self::validation(format!(
            "1 validation error detected: Value '{value}' at '{member}' failed to satisfy \
             constraint: {constraint}"
        ))
    }

    pub(super) fn schedule_exists(name: &str) -> Self {
        let message = format!("Schedule {name} already exists.");
        Self::new(StatusCode::CONFLICT, "ConflictException", message)
    }

    pub(super) fn schedule_not_found(name: &str) -> Self {
        Self::not_found(format!("Schedule {name} does not exist."))
    }

    pub(super) fn group_not_found(name: &str) -> Self {
        Self::not_found(format!("Schedule group {name} does not exist."))
    }

    fn not_found(message: String) -> Self {
        let kind = "ResourceNotFoundException";
        Self::new(StatusCode::NOT_FOUND, kind, message)
    }

    /// More schedules than the account may have.
    pub(super) fn quota_exceeded() -> Self {
        Self::new(
            StatusCode::PAYMENT_REQUIRED,
            "ServiceQuotaExceededException",
            "The maximum number of schedules is reached.",
        )
    }

    /// More calls in a second than the account may make.
    pub(super) fn throttled() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "ThrottlingException",
            "Rate exceeded",
        )
    }

    pub(super) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalServerException",
            "The service is unable to process your request.",
        )
    }

    #[cfg(test)]
    pub(super) fn kind(&self) -> &'static str {
        self.kind
    }

    #[cfg(test)]
    pub(super) fn message(&self) -> &str {
        &self.message
    }
}

impl From<StorageError> for SchedulerError {
    fn from(error: StorageError) -> Self {
        tracing::error!(%error, "the scheduler could not store its state");
        Self::internal()
    }
}

impl IntoResponse for SchedulerError {
    fn into_response(self) -> Response {
        let body = Json(json!({ "Message": self.message }));
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(ERROR_TYPE, HeaderValue::from_static(self.kind));
        response
    }
}
