//! `POST /dev/ses` and `POST /dev/ses/identities`: what the SES stand-in meets and knows.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::failure;
use super::input::{self, BadInput};
use crate::aws::ses::{Fault, IdentityName, Ses};

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
        .ok_or_else(|| BadInput::unusable("identity is neither an address nor a domain"))?;
    match ses.set_verified(name, verified) {
        Ok(status) => Ok(
            Json(json!({ "identity": identity, "verification_status": status })).into_response(),
        ),
        Err(error) => Ok(failure(&error)),
    }
}
