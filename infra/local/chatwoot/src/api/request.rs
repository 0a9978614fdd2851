//! The parts of requests.

use axum::body::Bytes;
use serde_json::{Map, Value};

use crate::api::error::ApiError;

/// The members of a body in JSON. An empty body has none.
pub(crate) fn read_body(body: &Bytes) -> Result<Map<String, Value>, ApiError> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_slice(body).map_err(|_| ApiError::bad_request())
}

/// An id in a path. Rails reads the digits at the beginning and ignores the rest.
pub(crate) fn read_id(text: &str) -> u64 {
    let end = text
        .find(|it: char| !it.is_ascii_digit())
        .unwrap_or(text.len());
    text.get(..end)
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}
