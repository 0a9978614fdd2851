//! `GET /dev/outbox`: every mail that the SES stand-in took.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::aws::ses::Ses;

pub(super) async fn list(State(ses): State<Arc<Ses>>) -> Json<Value> {
    Json(json!({ "emails": ses.emails() }))
}
