//! A local API Gateway HTTP API: the same routes, tokens, events and responses as the deployed one.
//!
//! The gateway converts a request to a JSON event of payload version 2.0. The function reads the
//! event with `lambda_http` and returns its response as JSON. Only the network between gateway and
//! function is missing. Throttling is not emulated.

mod authorizer;
mod body;
mod cors;
mod event;
mod integration;
mod invocation;
mod path;
mod refusal;
mod request_id;
mod routes;

use std::sync::Arc;

use authorizer::Authorizer;
use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Request};
use axum::response::{IntoResponse, Response};
use cors::Cors;
use event::Event;
use lambda::clock::{Clock, SystemClock};
use refusal::Refusal;
use routes::Routes;

use crate::functions::Functions;
use crate::template::Template;
use crate::tokens::TokenKey;

pub(crate) use invocation::InvocationEvents;

/// The maximum size of the request line and the headers in API Gateway, in bytes.
const HEAD_LIMIT: usize = 10_240;

const REQUEST_ID: HeaderName = HeaderName::from_static("apigw-requestid");

pub(crate) struct Gateway {
    routes: Routes,
    authorizer: Authorizer,
    cors: Cors,
    functions: Functions,
    authority: String,
}

impl Gateway {
    /// Creates the gateway that the template describes, with the address `authority`.
    pub(crate) fn new(
        template: &Template,
        key: Arc<TokenKey>,
        functions: Functions,
        authority: String,
    ) -> Self {
        Self {
            routes: Routes::new(&template.routes),
            authorizer: Authorizer::new(key, &template.authorizer),
            cors: Cors::new(&template.cors),
            functions,
            authority,
        }
    }

    /// Responds to a request as the deployed gateway would.
    pub(crate) async fn answer(&self, request: Request<Body>) -> Response {
        let (parts, body) = request.into_parts();
        if let Some(preflight) = self.cors.preflight(&parts) {
            return preflight;
        }
        let request_id = request_id::generate();
        let mut response = match self.serve(&parts, body, &request_id).await {
            Ok(response) => response,
            Err(refusal) => refusal.into_response(),
        };
        self.cors.decorate(&parts.headers, response.headers_mut());
        if let Ok(id) = HeaderValue::from_str(&request_id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }

    async fn serve(
        &self,
        parts: &Parts,
        body: Body,
        request_id: &str,
    ) -> Result<Response, Refusal> {
        let body = body::read(body).await;
        if head_size(parts) > HEAD_LIMIT {
            return Err(Refusal::HeadTooLarge);
        }
        let path = path::decode(parts.uri.path());
        let matched = self
            .routes
            .find(parts.method.as_str(), &path)
            .ok_or(Refusal::NotFound)?;
        let authorization = match &matched.route.scopes {
            Some(scopes) => Some(self.authorizer.authorize(&parts.headers, scopes)?),
            None => None,
        };
        let body = body?;
        let now = SystemClock.now();
        let event = Event {
            route_key: matched.route.key(),
            path: &path,
            path_parameters: matched.path_parameters,
            authorization,
            parts,
            body: &body,
            authority: &self.authority,
            request_id,
            received_at: now,
        };
        let function = self
            .functions
            .get(&matched.route.function)
            .ok_or(Refusal::InternalServerError)?;
        integration::invoke(function, event.to_json(), request_id).await
    }
}

/// The size of the request line and the headers as sent, in bytes.
fn head_size(parts: &Parts) -> usize {
    let target = parts
        .uri
        .path_and_query()
        .map_or(1, |target| target.as_str().len());
    let request_line = parts.method.as_str().len() + target + "  HTTP/1.1\r\n".len();
    let headers = parts.headers.iter();
    headers.fold(request_line, |size, (name, value)| {
        size + name.as_str().len() + value.len() + ": \r\n".len()
    })
}
