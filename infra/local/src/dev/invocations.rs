//! `POST /dev/lambda`: the faults of the next calls that invoke functions.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use crate::aws::lambda::{InvokeApi, InvokeFault};
use crate::dev::input::{self, BadInput};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Faults {
    next_calls: VecDeque<InvokeFault>,
}

/// Replaces the faults of the next calls.
pub(super) async fn set_faults(
    State(api): State<Arc<InvokeApi>>,
    body: Bytes,
) -> Result<StatusCode, BadInput> {
    let Faults { next_calls } = input::parse(&body)?;
    api.set_faults(next_calls);
    Ok(StatusCode::NO_CONTENT)
}
