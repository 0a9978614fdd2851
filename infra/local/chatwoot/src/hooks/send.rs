//! Sends one hook over HTTP.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::hooks::{DeliveryOutcome, Hook};

pub(crate) type HttpClient = Client<HttpConnector, Body>;

/// A client for plain HTTP, without connections that stay open.
pub(crate) fn client() -> HttpClient {
    Client::builder(TokioExecutor::new())
        .pool_max_idle_per_host(0)
        .build_http()
}

/// Posts a hook and waits for the status of the response.
pub(crate) async fn post(client: &HttpClient, hook: &Hook, timeout: Duration) -> DeliveryOutcome {
    let mut request = Request::builder().method(Method::POST).uri(&hook.url);
    for (name, value) in hook.headers() {
        request = request.header(name, value);
    }
    let Ok(request) = request.body(Body::from(hook.body.clone())) else {
        return DeliveryOutcome::Unreachable;
    };
    match tokio::time::timeout(timeout, client.request(request)).await {
        Err(_) => DeliveryOutcome::TimedOut,
        Ok(Err(_)) => DeliveryOutcome::Unreachable,
        Ok(Ok(response)) => {
            let status = response.status().as_u16();
            if response.status().is_success() {
                DeliveryOutcome::Delivered { status }
            } else {
                DeliveryOutcome::Refused { status }
            }
        }
    }
}
