//! `/dev/stream`, `/dev/events`, `/dev/schedules`, `/dev/scheduler/due` and `/dev/background`: invoke
//! background functions on request, and wait until they have ended.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::background::BackgroundInvokers;
use crate::dev::input::{self, BadInput};

/// The records that match the filter of a function on the table's stream.
pub(super) async fn list_records(State(background): State<BackgroundInvokers>) -> Response {
    Json(json!({ "records": background.sources.records().await })).into_response()
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
    State(background): State<BackgroundInvokers>,
    body: Bytes,
) -> Result<Response, BadInput> {
    let Batch { records } = input::parse(&body)?;
    let sources = background.sources;
    let answer = match records {
        Some(records) => json!({ "answers": sources.invoke_with(&records).await }),
        None => json!({ "done": sources.deliver_waiting().await }),
    };
    Ok(Json(answer).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Events {
    /// The events. `None` means all events that were not delivered before.
    events: Option<Vec<Value>>,
}

/// Delivers events of the stack's bus to the functions of its rules, one at a time. Any event is
/// allowed, in any order and any number of times.
pub(super) async fn deliver_events(
    State(background): State<BackgroundInvokers>,
    body: Bytes,
) -> Result<Response, BadInput> {
    let Events { events } = input::parse(&body)?;
    let bus = background.stack_bus;
    let deliveries = match events {
        Some(events) => {
            let mut deliveries = Vec::new();
            for event in &events {
                deliveries.push(bus.put(event).await);
            }
            deliveries
        }
        None => bus.deliver_waiting().await,
    };
    Ok(Json(json!({ "deliveries": deliveries })).into_response())
}

/// Invokes each function that has a schedule in the template.
pub(super) async fn call_scheduled(State(background): State<BackgroundInvokers>) -> Response {
    Json(json!({ "called": background.schedules.call().await })).into_response()
}

/// Fires all due schedules of the scheduler.
pub(super) async fn fire_due(State(background): State<BackgroundInvokers>) -> Response {
    Json(json!({ "fired": background.scheduler.fire_due().await })).into_response()
}

/// Does everything that is due now, and everything that follows from it.
pub(super) async fn settle(State(background): State<BackgroundInvokers>) -> Response {
    Json(json!({ "done": background.settle().await })).into_response()
}
