//! `/dev/stream` and `/dev/schedules`: invoke background functions on request.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::aws::lambda::{EventSources, Schedules};
use crate::dev::input::{self, BadInput};

/// The records that match the filter of a function on the table's stream.
pub(super) async fn list_records(State(sources): State<Arc<EventSources>>) -> Response {
    Json(json!({ "records": sources.records().await })).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch {
    /// The records. `None` means all records that were not delivered before.
    records: Option<Vec<Value>>,
}

/// Delivers records to the functions on the stream. Any record is allowed, in any order and any
/// number of times.
pub(super) async fn deliver_records(
    State(sources): State<Arc<EventSources>>,
    body: Bytes,
) -> Result<Response, BadInput> {
    let Batch { records } = input::parse(&body)?;
    let answer = match records {
        Some(records) => json!({ "answers": sources.invoke_with(&records).await }),
        None => json!({ "done": sources.deliver_waiting().await }),
    };
    Ok(Json(answer).into_response())
}

/// Invokes each function that has a schedule.
pub(super) async fn call_scheduled(State(schedules): State<Arc<Schedules>>) -> Response {
    Json(json!({ "called": schedules.call().await })).into_response()
}
