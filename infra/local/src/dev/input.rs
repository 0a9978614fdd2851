//! Parses the bodies of the `/dev` endpoints, and describes errors in them.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_json::{Map, Value, json};

/// The body is not JSON, or not the expected JSON.
#[derive(Debug)]
pub(super) struct BadInput {
    status: StatusCode,
    message: String,
}

impl BadInput {
    /// The JSON contains an invalid value.
    pub(super) fn invalid_value(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            message: message.into(),
        }
    }
}

impl IntoResponse for BadInput {
    fn into_response(self) -> Response {
        (self.status, message(&self.message)).into_response()
    }
}

/// The body of an error response.
pub(super) fn message(text: &str) -> Json<Value> {
    Json(json!({ "message": text }))
}

/// Parses a body that is one JSON object. The content type is ignored.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, BadInput> {
    // Serde would also accept an array in place of an object.
    read::<Map<String, Value>>(body)?;
    read(body)
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, BadInput> {
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        Category::Data => BadInput::invalid_value(error.to_string()),
        Category::Io | Category::Syntax | Category::Eof => BadInput {
            status: StatusCode::BAD_REQUEST,
            message: format!("The body is not JSON: {error}"),
        },
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Input {
        #[expect(dead_code, reason = "only its reading is tested")]
        n: u64,
    }

    #[test]
    fn invalid_json_and_unexpected_json_have_different_errors() {
        let status = |body: &[u8]| parse::<Input>(body).unwrap_err().status;
        assert_eq!(status(b""), StatusCode::BAD_REQUEST);
        assert_eq!(status(b"{\"n\":"), StatusCode::BAD_REQUEST);
        for body in [
            "{}",
            "[]",
            "[1]",
            "{\"n\":-1}",
            "{\"n\":1.5}",
            "{\"n\":\"1\"}",
            "{\"n\":1,\"m\":2}",
        ] {
            assert_eq!(
                status(body.as_bytes()),
                StatusCode::UNPROCESSABLE_ENTITY,
                "{body}"
            );
        }
    }
}
