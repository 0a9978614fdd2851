//! Invokes a function as Lambda does, and converts its response to an HTTP response.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use function_handlers::{HandlerError, Invocation};
use futures_util::stream;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use serde_json::Value;

use crate::functions::{Function, InvocationPermit};
use crate::gateway::refusal::Refusal;

/// The time that API Gateway waits for a function.
const GATEWAY_TIMEOUT: Duration = Duration::from_secs(30);

/// Headers of a function's response that only concern the connection between gateway and client.
const HOP_BY_HOP: [HeaderName; 3] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
];

/// Waits for a free sandbox, invokes the function with `event`, and returns its response.
pub(super) async fn invoke(
    function: &Function,
    event: Value,
    request_id: &str,
) -> Result<Response, Refusal> {
    let permit = function.permit().await;
    let invocation = Invocation {
        request_id: request_id.to_owned(),
        function_arn: function.arn().to_owned(),
        event: event.to_string(),
        time: function.timeout(),
    };
    let failure = match run_in_time(function, invocation, permit).await {
        Ok(Ok(response)) => match http_response(&response) {
            Ok(response) => return Ok(response),
            Err(error) => error,
        },
        Ok(Err(error)) => error,
        Err(TooSlow::ForTheGateway) => return Err(Refusal::ServiceUnavailable),
        Err(TooSlow::ForLambda) => function.timeout_error().into(),
    };
    tracing::error!(
        function = function.name(),
        request_id,
        %failure,
        "the function failed"
    );
    Err(Refusal::InternalServerError)
}

/// The timeout that elapsed first.
enum TooSlow {
    ForLambda,
    ForTheGateway,
}

/// Runs the function on its own task. As in AWS, it continues if the client disconnects, and a
/// panic does not affect the gateway.
async fn run_in_time(
    function: &Function,
    invocation: Invocation,
    permit: InvocationPermit,
) -> Result<Result<String, HandlerError>, TooSlow> {
    let run = function.clone().call(invocation);
    let mut task = tokio::spawn(async move {
        let outcome = run.await;
        drop(permit);
        outcome
    });
    let patience = function.timeout().min(GATEWAY_TIMEOUT);
    match tokio::time::timeout(patience, &mut task).await {
        Ok(Ok(outcome)) => Ok(outcome),
        Ok(Err(panicked)) => Ok(Err(panicked.into())),
        Err(_) if function.timeout() > GATEWAY_TIMEOUT => Err(TooSlow::ForTheGateway),
        Err(_) => {
            task.abort();
            Err(TooSlow::ForLambda)
        }
    }
}

fn http_response(response: &str) -> Result<Response, HandlerError> {
    let answer: ApiGatewayV2httpResponse = serde_json::from_str(response)?;
    let status = StatusCode::from_u16(u16::try_from(answer.status_code)?)?;
    let text = answer.body.as_deref().unwrap_or_default();
    let body = if status == StatusCode::NOT_MODIFIED {
        // An empty `Body` would make hyper send `Content-Length: 0`, which HEAD would report as the
        // length of GET's body.
        Body::from_stream(stream::empty::<Result<Bytes, Infallible>>())
    } else if answer.is_base64_encoded {
        Body::from(BASE64_STANDARD.decode(text)?)
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::body::to_bytes;
    use serde_json::json;

    use super::*;

    async fn invoked(
        function: impl Fn(Invocation) -> Value + Send + Sync + 'static,
    ) -> Result<Response, Refusal> {
        let function = Arc::new(function);
        let handler = Arc::new(move |invocation| {
            let function = Arc::clone(&function);
            Box::pin(async move { Ok(function(invocation).to_string()) }) as _
        });
        let function = Function::new("any", "arn", handler, Duration::from_secs(1));
        invoke(&function, json!({ "rawPath": "/x/a b" }), "id").await
    }

    async fn body(response: Response) -> Vec<u8> {
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        bytes.to_vec()
    }

    #[tokio::test]
    async fn an_event_reaches_the_function_as_json() {
        let response = invoked(|invocation| {
            assert_eq!(invocation.request_id, "id");
            json!({ "statusCode": 201, "body": invocation.event, "cookies": [] })
        });
        let response = response.await.unwrap();
        assert_eq!(response.status(), 201);
        assert_eq!(body(response).await, br#"{"rawPath":"/x/a b"}"#);
    }

    #[tokio::test]
    async fn binary_bodies_and_cookies_are_returned() {
        let response = invoked(|_| {
            json!({
                "statusCode": 200,
                "headers": { "content-type": "image/png" },
                "cookies": ["a=1", "b=2"],
                "body": "/wA=",
                "isBase64Encoded": true,
            })
        });
        let response = response.await.unwrap();
        assert_eq!(response.headers()["content-type"], "image/png");
        assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
        assert_eq!(body(response).await, [0xff, 0x00]);
    }

    #[tokio::test]
    async fn an_invalid_response_becomes_a_500_of_the_gateway() {
        let refused = invoked(|_| json!({ "statusCode": "none" })).await;
        assert_eq!(refused.unwrap_err(), Refusal::InternalServerError);
    }

    #[tokio::test]
    async fn a_response_above_the_limit_of_lambda_becomes_a_500_of_the_gateway() {
        // The escaped body counts towards the size of the response.
        for (length, is_accepted) in [(3_100_000, true), (3_200_000, false)] {
            let body = "\"".repeat(length);
            let response = json!({ "statusCode": 200, "body": body, "cookies": [] });
            let answered = invoked(move |_| response.clone()).await;
            assert_eq!(answered.is_ok(), is_accepted, "{length}");
        }
    }

    #[tokio::test]
    async fn a_panic_becomes_a_500_of_the_gateway() {
        let refused = invoked(|_| panic!("on purpose")).await;
        assert_eq!(refused.unwrap_err(), Refusal::InternalServerError);
    }

    #[tokio::test]
    async fn a_timeout_of_a_function_becomes_a_500_of_the_gateway() {
        let handler = Arc::new(|_| Box::pin(std::future::pending()) as _);
        let function = Function::new("any", "arn", handler, Duration::from_millis(10));
        let refused = invoke(&function, json!({}), "id").await;
        assert_eq!(refused.unwrap_err(), Refusal::InternalServerError);
    }
}
