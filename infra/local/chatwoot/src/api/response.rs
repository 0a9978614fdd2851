//! Responses in JSON.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::json;

/// A response with the status 200.
pub(crate) fn respond(body: &Value) -> Response {
    respond_with(StatusCode::OK, body)
}

pub(crate) fn respond_with(status: StatusCode, body: &Value) -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (status, content_type, json::to_bytes(body)).into_response()
}
