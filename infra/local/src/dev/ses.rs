//! `/dev/ses`, `/dev/ses/identities` and `/dev/ses/events`: faults, identities and events of the
//! SES emulator.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::aws::ses::{Fault, IdentityName, Ses};
use crate::dev::failure;
use crate::dev::input::{self, BadInput};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NextFaults {
    next: Vec<Fault>,
}

pub(super) async fn set_faults(
    State(ses): State<Arc<Ses>>,
    body: Bytes,
) -> Result<Response, BadInput> {
    let NextFaults { next } = input::parse(&body)?;
    let answer = Json(json!({ "next": next }));
    ses.set_faults(next);
    Ok(answer.into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Identity {
    identity: String,
    verified: bool,
}

pub(super) async fn set_identity(
    State(ses): State<Arc<Ses>>,
    body: Bytes,
) -> Result<Response, BadInput> {
    let Identity { identity, verified } = input::parse(&body)?;
    let name = IdentityName::parse(&identity)
        .ok_or_else(|| BadInput::invalid_value("identity is neither an address nor a domain"))?;
    match ses.set_verified(name, verified) {
        Ok(status) => Ok(
            Json(json!({ "identity": identity, "verification_status": status })).into_response(),
        ),
        Err(error) => Ok(failure(&error)),
    }
}

/// The identities of the SES emulator.
pub(super) async fn list_identities(State(ses): State<Arc<Ses>>) -> Response {
    let identities = ses
        .identities()
        .into_iter()
        .map(|(name, status)| json!({ "identity": name, "verification_status": status }));
    Json(json!({ "identities": identities.collect::<Vec<_>>() })).into_response()
}

/// The events of this run's mails, including events that are not published yet.
pub(super) async fn list_events(State(ses): State<Arc<Ses>>) -> Response {
    Json(json!({ "events": ses.events().latest() })).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Events {
    events: Vec<Value>,
}

/// Puts events on the bus, one at a time. Any event is allowed, in any order and any number of
/// times.
pub(super) async fn put_events(
    State(ses): State<Arc<Ses>>,
    body: Bytes,
) -> Result<Response, BadInput> {
    let Events { events } = input::parse(&body)?;
    let mut deliveries = Vec::new();
    for event in &events {
        deliveries.push(ses.events().bus().put(event).await);
    }
    Ok(Json(json!({ "deliveries": deliveries })).into_response())
}
