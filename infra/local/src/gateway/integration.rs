//! Calls a function as Lambda does, and turns its response into the gateway's.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use lambda_http::lambda_runtime::LambdaEvent;
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Context, Service, service_fn};
use serde_json::Value;
use shared::domain::Timestamp;

use super::refusal::Refusal;
use crate::functions::Function;

/// How long API Gateway waits for a function.
const GATEWAY_TIMEOUT: Duration = Duration::from_secs(30);

/// Headers of a function's response that are between the gateway and the client.
const HOP_BY_HOP: [HeaderName; 3] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
];

/// The function's answer to `event`.
pub(super) async fn invoke(
    function: &Function,
    event: Value,
    request_id: &str,
    now: Timestamp,
) -> Result<Response, Refusal> {
    let timeout = function.timeout();
    let context = context(request_id, now, timeout);
    // On a task of its own: the function goes on when the client leaves, and a panic stays its own.
    let run = tokio::spawn(run(function.clone(), event.to_string(), context));
    let stop_run = run.abort_handle();
    let outcome = tokio::time::timeout(timeout.min(GATEWAY_TIMEOUT), run).await;
    let failure = match outcome {
        Ok(Ok(Ok(response))) => match http_response(&response) {
            Ok(response) => return Ok(response),
            Err(error) => error,
        },
        Ok(Ok(Err(error))) => error.to_string(),
        Ok(Err(error)) => error.to_string(),
        Err(_) if timeout > GATEWAY_TIMEOUT => return Err(Refusal::ServiceUnavailable),
        Err(_) => {
            stop_run.abort();
            format!("timed out after {} s", timeout.as_secs())
        }
    };
    tracing::error!(
        function = function.name(),
        request_id,
        failure,
        "the function failed"
    );
    Err(Refusal::InternalServerError)
}

async fn run(
    function: Function,
    event: String,
    context: Context,
) -> Result<String, serde_json::Error> {
    let payload: LambdaRequest = serde_json::from_str(&event)?;
    let mut adapter = Adapter::from(service_fn(|request| function.call(request)));
    let Ok(response) = adapter.call(LambdaEvent::new(payload, context)).await;
    serde_json::to_string(&response)
}

fn context(request_id: &str, now: Timestamp, timeout: Duration) -> Context {
    let deadline = i128::from(now.epoch_milliseconds()) + timeout.as_millis() as i128;
    let mut context = Context::default();
    context.request_id = request_id.to_owned();
    context.deadline = u64::try_from(deadline).unwrap_or_default();
    context
}

fn http_response(response: &str) -> Result<Response, String> {
    let answer: ApiGatewayV2httpResponse =
        serde_json::from_str(response).map_err(|error| error.to_string())?;
    let status = u16::try_from(answer.status_code)
        .ok()
        .and_then(|code| StatusCode::from_u16(code).ok())
        .ok_or_else(|| format!("{} is no status", answer.status_code))?;
    let text = answer.body.as_deref().unwrap_or_default();
    let body = if answer.is_base64_encoded {
        Body::from(
            BASE64_STANDARD
                .decode(text)
                .map_err(|error| error.to_string())?,
        )
    } else {
        Body::from(text.to_vec())
    };
    let mut http = Response::new(body);
    *http.status_mut() = status;
    *http.headers_mut() = answer.headers;
    for name in HOP_BY_HOP {
        http.headers_mut().remove(name);
    }
    for cookie in &answer.cookies {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            http.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    Ok(http)
}
