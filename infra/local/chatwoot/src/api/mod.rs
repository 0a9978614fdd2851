//! The API of the server.

pub(crate) mod access;
pub(crate) mod error;
pub(crate) mod faults;
mod files;
pub(crate) mod handle;
mod messages;
pub(crate) mod record;
pub(crate) mod request;
mod resources;
pub(crate) mod response;
mod webhooks;

use std::sync::{Arc, Mutex};

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, patch};
use axum::{Router, middleware};

use crate::api::error::ApiError;
use crate::api::handle::Api;
use crate::by_hand;
use crate::state::State;

/// The largest body of a request, in bytes.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

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
        .route("/api", get(resources::show_version))
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
        .merge(by_hand::router())
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(api)
}
