//! The API of the server.

pub(crate) mod access;
pub(crate) mod error;
pub(crate) mod faults;
mod files;
mod messages;
pub(crate) mod record;
mod resources;
mod webhooks;

use std::sync::{Arc, Mutex, MutexGuard};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State as Extract};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch};
use axum::{Router, middleware};
use serde_json::{Map, Value};

use crate::api::error::ApiError;
use crate::json;
use crate::server::lock;
use crate::state::State;

/// The largest body of a request, in bytes.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// The state, for the handlers of requests.
#[derive(Clone, Debug)]
pub(crate) struct Api(Arc<Mutex<State>>);

impl Api {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0)
    }
}

type ApiState = Extract<Api>;
type ApiResult = Result<Response, ApiError>;

/// The operations that are supported.
pub(crate) fn router(state: Arc<Mutex<State>>) -> Router {
    let api = Api(state);
    let account = Router::new()
        .route("/agents", get(resources::list_agents))
        .route(
            "/agent_bots",
            get(resources::list_bots).post(resources::create_bot),
        )
        .route("/inboxes", get(resources::list_inboxes))
        .route("/inboxes/{id}", patch(resources::update_inbox))
        .route("/webhooks", get(webhooks::list).post(webhooks::create))
        .route(
            "/webhooks/{id}",
            patch(webhooks::update).delete(webhooks::delete),
        )
        .route("/conversations/{id}", get(resources::show_conversation))
        .route(
            "/conversations/{id}/messages",
            get(messages::list).post(messages::create),
        )
        .route(
            "/conversations/{id}/messages/{message_id}",
            patch(messages::update),
        );
    Router::new()
        .route("/api/v1/profile", get(resources::show_profile))
        .nest("/api/v1/accounts/{account_id}", account)
        .route(
            "/rails/active_storage/blobs/redirect/{token}/{name}",
            get(files::download),
        )
        .fallback(|| async { ApiError::no_route() })
        .layer(middleware::from_fn_with_state(api.clone(), faults::inject))
        .layer(middleware::from_fn_with_state(
            api.clone(),
            record::record_and_limit,
        ))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(api)
}

/// A response with the status 200.
fn respond(body: &Value) -> Response {
    respond_with(StatusCode::OK, body)
}

pub(crate) fn respond_with(status: StatusCode, body: &Value) -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (status, content_type, json::to_bytes(body)).into_response()
}

/// The members of a body in JSON. An empty body has none.
fn read_body(body: &Bytes) -> Result<Map<String, Value>, ApiError> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_slice(body).map_err(|_| ApiError::bad_request())
}

/// An id in a path. Rails reads the digits at the beginning and ignores the rest.
fn read_id(text: &str) -> u64 {
    let end = text
        .find(|it: char| !it.is_ascii_digit())
        .unwrap_or(text.len());
    text.get(..end)
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}
