//! `POST /dev/clock`: moves the functions' clock ahead. Agents' tokens use real time.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use crate::clock::AdjustableClock;
use crate::dev::failure;
use crate::dev::input::{self, BadInput};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: u64,
}

pub(super) async fn advance(
    State(clock): State<Arc<AdjustableClock>>,
    body: Bytes,
) -> Result<Response, BadInput> {
    let Advance { advance_seconds } = input::parse(&body)?;
    match clock.advance(advance_seconds) {
        Ok(Some(now)) => Ok(Json(json!({ "now": now })).into_response()),
        Ok(None) => Err(BadInput::invalid_value(
            "advance_seconds leads beyond the year 9999",
        )),
        Err(error) => Ok(failure(&error)),
    }
}
