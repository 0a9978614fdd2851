//! `GET /dev/outbox`: every mail that the SES emulator accepted. `GET /dev/outbox/{place}/html`:
//! the HTML of one mail, counted from 0.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use crate::aws::ses::{Email, Ses};
use crate::dev::{failure, input};

pub(super) async fn list(State(ses): State<Arc<Ses>>) -> Response {
    match ses.emails() {
        Ok(emails) => Json(json!({ "emails": emails })).into_response(),
        Err(error) => failure(&error),
    }
}

/// A mail may use inline styles. It must not run scripts or send requests.
const MAIL_POLICY: &str =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https: data:";

pub(super) async fn show(State(ses): State<Arc<Ses>>, Path(place): Path<usize>) -> Response {
    let emails = match ses.emails() {
        Ok(emails) => emails,
        Err(error) => return failure(&error),
    };
    match emails.get(place).and_then(Email::html) {
        Some(html) => (
            [(CONTENT_SECURITY_POLICY, MAIL_POLICY)],
            Html(html.to_owned()),
        )
            .into_response(),
        None => (
            StatusCode::NOT_FOUND,
            input::message("There is no such mail in HTML."),
        )
            .into_response(),
    }
}
