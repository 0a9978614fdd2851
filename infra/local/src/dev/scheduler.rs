//! `GET /dev/schedules` and `POST /dev/scheduler`: the schedules and the behavior of the scheduler.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::aws::scheduler::Scheduler;
use crate::dev::input::{self, BadInput};

/// The schedules that will invoke their targets, and those that remained after they did.
pub(super) async fn list(State(scheduler): State<Arc<Scheduler>>) -> Response {
    let (pending, completed) = scheduler.describe();
    Json(json!({ "schedules": pending, "completed": completed })).into_response()
}

/// Changes the behavior, which includes the faults of the next calls and firings.
pub(super) async fn change_behavior(
    State(scheduler): State<Arc<Scheduler>>,
    body: Bytes,
) -> Result<Response, BadInput> {
    let change = input::parse(&body)?;
    let behavior = scheduler.change_behavior(change);
    let behavior = behavior.map_err(BadInput::invalid_value)?;
    Ok(Json(behavior).into_response())
}
