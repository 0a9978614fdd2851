//! Makes events for functions that run elsewhere. The caller provides the claims, and no token is
//! checked.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::http::Request;
use lambda::clock::{Clock, SystemClock};
use serde_json::Value;

use crate::gateway::authorizer::Authorization;
use crate::gateway::event::Event;
use crate::gateway::routes::Routes;
use crate::gateway::{path, request_id};
use crate::template::Route;

/// The host name in these events.
const AUTHORITY: &str = "127.0.0.1:4000";

/// Makes events from requests.
pub(crate) struct InvocationEvents(Routes);

impl InvocationEvents {
    pub(crate) fn new(routes: &[Route]) -> Self {
        Self(Routes::new(routes))
    }

    /// The event of a request whose token has these claims, or `None` if no route matches.
    pub(crate) fn of(
        &self,
        request: Request<Bytes>,
        claims: Option<BTreeMap<String, String>>,
    ) -> Option<Value> {
        let (parts, body) = request.into_parts();
        let path = path::decode(parts.uri.path());
        let matched = self.0.find(parts.method.as_str(), &path)?;
        let event = Event {
            route_key: matched.route.key(),
            path: &path,
            path_parameters: matched.path_parameters,
            authorization: claims.map(|claims| Authorization {
                claims,
                scopes: matched.route.scopes.clone(),
            }),
            parts: &parts,
            body: &body,
            authority: AUTHORITY,
            request_id: &request_id::generate(),
            received_at: SystemClock.now(),
        };
        Some(event.to_json())
    }
}
