//! SES's errors, in the format and with the messages of SES.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::aws::ses::mailbox::Address;
use crate::storage::StorageError;

const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// An error response of SES.
#[derive(Debug)]
pub(super) struct SesError {
    status: StatusCode,
    kind: &'static str,
    message: String,
}

impl SesError {
    fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            message: message.into(),
        }
    }

    /// A malformed request.
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequestException", message)
    }

    /// A well-formed mail that SES rejects.
    pub(super) fn message_rejected(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "MessageRejected", message)
    }

    /// A sender, or a recipient in the sandbox, that is not verified.
    pub(super) fn not_verified(addresses: &[&Address]) -> Self {
        let region = crate::template::REGION.to_ascii_uppercase();
        let addresses: Vec<_> = addresses.iter().map(ToString::to_string).collect();
        Self::message_rejected(format!(
            "Email address is not verified. \
             The following identities failed the check in region {region}: {}",
            addresses.join(", ")
        ))
    }

    /// More mails in a second than the account may send.
    pub(super) fn too_many_mails() -> Self {
        Self::too_many_requests("Maximum sending rate exceeded.")
    }

    /// More calls in a second than the account may make.
    pub(super) fn too_many_calls() -> Self {
        Self::too_many_requests("Too many requests have been made to the operation.")
    }

    fn too_many_requests(message: &str) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "TooManyRequestsException",
            message,
        )
    }

    pub(super) fn already_exists(identity: &str) -> Self {
        let message = format!("Email identity {identity} already exist.");
        Self::new(StatusCode::BAD_REQUEST, "AlreadyExistsException", message)
    }

    pub(super) fn not_found(identity: &str) -> Self {
        let message = format!("Email identity <{identity}> does not exist.");
        Self::new(StatusCode::NOT_FOUND, "NotFoundException", message)
    }

    pub(super) fn internal() -> Self {
        let message = "The service is unable to process your request.";
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalServiceErrorException",
            message,
        )
    }

    #[cfg(test)]
    pub(super) fn message(&self) -> &str {
        &self.message
    }
}

impl From<StorageError> for SesError {
    fn from(error: StorageError) -> Self {
        tracing::error!(%error, "the SES emulator could not store its state");
        Self::internal()
    }
}

impl IntoResponse for SesError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(json!({ "message": self.message }))).into_response();
        response
            .headers_mut()
            .insert(ERROR_TYPE, HeaderValue::from_static(self.kind));
        response
    }
}
