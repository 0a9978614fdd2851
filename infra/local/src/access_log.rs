//! Writes one log line for each request to the console.

use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

use crate::aws::dynamodb::DynamoDb;

/// Logs a request with its status and duration. The functions' requests to AWS appear only at level
/// `debug`.
pub(crate) async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let target = request.uri().clone();
    let is_for_aws =
        DynamoDb::is_dynamodb_request(request.headers()) || target.path().starts_with("/v2/");
    let began = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let milliseconds = began.elapsed().as_millis();
    if is_for_aws {
        tracing::debug!("{method} {target} {status} {milliseconds} ms");
    } else {
        tracing::info!("{method} {target} {status} {milliseconds} ms");
    }
    response
}
