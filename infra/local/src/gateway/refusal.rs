//! The gateway's own error responses: a status and `{"message": …}`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The reason for an error response of the gateway itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No route matches.
    NotFound,
    /// The route requires a token and the request has none.
    TokenMissing,
    /// The token is malformed, expired, or has the wrong issuer or audience.
    TokenInvalid,
    /// The token has none of the route's scopes.
    ScopeMissing,
    /// The request line and headers exceed the size limit.
    HeadTooLarge,
    /// The body ended early.
    BadRequest,
    /// The body exceeds the size limit.
    BodyTooLarge,
    /// The function failed, panicked, timed out or returned an invalid response.
    InternalServerError,
    /// The function took longer than the gateway's timeout.
    ServiceUnavailable,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::TokenMissing | Self::TokenInvalid => StatusCode::UNAUTHORIZED,
            Self::ScopeMissing => StatusCode::FORBIDDEN,
            Self::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::InternalServerError => StatusCode::INTERNAL_SERVER_ERROR,
            Self::ServiceUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn message(&self) -> &'static str {
        match self {
            Self::NotFound => "Not Found",
            Self::TokenMissing | Self::TokenInvalid => "Unauthorized",
            Self::ScopeMissing => "Forbidden",
            Self::HeadTooLarge => "Request Header Fields Too Large",
            Self::BadRequest => "Bad Request",
            Self::BodyTooLarge => "Request Entity Too Large",
            Self::InternalServerError => "Internal Server Error",
            Self::ServiceUnavailable => "Service Unavailable",
        }
    }

    fn challenge(&self) -> Option<&'static str> {
        match self {
            Self::TokenMissing => Some("Bearer"),
            Self::TokenInvalid => Some("Bearer error=\"invalid_token\""),
            Self::ScopeMissing => Some("Bearer error=\"insufficient_scope\""),
            _ => None,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = Json(json!({ "message": self.message() }));
        let mut response = (self.status(), body).into_response();
        if let Some(challenge) = self.challenge() {
            let challenge = HeaderValue::from_static(challenge);
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
