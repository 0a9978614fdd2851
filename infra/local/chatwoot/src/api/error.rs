//! Errors of the API, in the format and with the sentences of Chatwoot.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::api::response::respond_with;
use crate::error::ActionError;

pub(crate) type ApiResult = Result<Response, ApiError>;

/// An error response.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    body: ErrorBody,
}

#[derive(Debug)]
enum ErrorBody {
    Json(Value),
    Text(&'static str, &'static str),
}

impl ApiError {
    fn json(status: StatusCode, body: Value) -> Self {
        let body = ErrorBody::Json(body);
        Self { status, body }
    }

    pub(crate) fn error(status: StatusCode, sentence: &str) -> Self {
        Self::json(status, json!({"error": sentence}))
    }

    /// A request without a token.
    pub(crate) fn no_token() -> Self {
        let sentence = "You need to sign in or sign up before continuing.";
        Self::json(StatusCode::UNAUTHORIZED, json!({"errors": [sentence]}))
    }

    pub(crate) fn invalid_token() -> Self {
        Self::error(StatusCode::UNAUTHORIZED, "Invalid Access Token")
    }

    pub(crate) fn not_for_bots() -> Self {
        let sentence = "Access to this endpoint is not authorized for bots";
        Self::error(StatusCode::UNAUTHORIZED, sentence)
    }

    pub(crate) fn foreign_account() -> Self {
        let sentence = "You are not authorized to access this account";
        Self::error(StatusCode::UNAUTHORIZED, sentence)
    }

    pub(crate) fn bot_of_other_account() -> Self {
        let sentence = "Bot is not authorized to access this account";
        Self::error(StatusCode::UNAUTHORIZED, sentence)
    }

    /// An action for which the role or the membership is missing. Chatwoot answers 401, not 403.
    pub(crate) fn not_authorized() -> Self {
        let sentence = "You are not authorized to do this action";
        Self::error(StatusCode::UNAUTHORIZED, sentence)
    }

    pub(crate) fn not_found() -> Self {
        Self::error(StatusCode::NOT_FOUND, "Resource could not be found")
    }

    pub(crate) fn no_route() -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            body: ErrorBody::Text("text/html", "<h1>Not found</h1>"),
        }
    }

    pub(crate) fn bad_request() -> Self {
        Self::json(
            StatusCode::BAD_REQUEST,
            json!({"status": 400, "error": "Bad Request"}),
        )
    }

    pub(crate) fn too_many_requests() -> Self {
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            body: ErrorBody::Text("text/plain", "Retry later\n"),
        }
    }

    /// A request that took too long or failed in the server.
    pub(crate) fn server_error() -> Self {
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            body: ErrorBody::Text(
                "text/html",
                "<h1>We're sorry, but something went wrong.</h1>",
            ),
        }
    }

    /// A message that is not valid.
    pub(crate) fn invalid_message(sentence: &str) -> Self {
        Self::error(StatusCode::UNPROCESSABLE_ENTITY, sentence)
    }

    /// Another record that is not valid.
    pub(crate) fn invalid_record(attribute: &str, sentence: &str) -> Self {
        Self::json(
            StatusCode::UNPROCESSABLE_ENTITY,
            json!({"message": sentence, "attributes": [attribute]}),
        )
    }
}

impl From<ActionError> for ApiError {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::NotFound => Self::not_found(),
            ActionError::Forbidden => Self::not_authorized(),
            ActionError::Invalid(sentence) => Self::invalid_message(&sentence),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self.body {
            ErrorBody::Json(body) => respond_with(self.status, &body),
            ErrorBody::Text(content_type, text) => {
                (self.status, [(header::CONTENT_TYPE, content_type)], text).into_response()
            }
        }
    }
}
