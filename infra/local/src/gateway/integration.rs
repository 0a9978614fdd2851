//! Calls a function as Lambda does, and turns its response into the gateway's.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use serde_json::Value;

use super::refusal::Refusal;
use crate::functions::{Function, Sandbox};
use crate::host::{HandlerError, Invocation};

/// How long API Gateway waits for a function.
const GATEWAY_TIMEOUT: Duration = Duration::from_secs(30);

/// Headers of a function's response that are between the gateway and the client.
const HOP_BY_HOP: [HeaderName; 3] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
];

/// The function's answer to `event`, once it has a sandbox to run in.
pub(super) async fn invoke(
    function: &Function,
    event: Value,
    request_id: &str,
) -> Result<Response, Refusal> {
    let sandbox = function.sandbox().await;
    let invocation = Invocation {
        request_id: request_id.to_owned(),
        event: event.to_string(),
        time: function.timeout(),
    };
    let failure = match run_in_time(function, invocation, sandbox).await {
        Ok(Ok(response)) => match http_response(&response) {
            Ok(response) => return Ok(response),
            Err(error) => error,
        },
        Ok(Err(error)) => error,
        Err(TooSlow::ForTheGateway) => return Err(Refusal::ServiceUnavailable),
        Err(TooSlow::ForLambda) => "the function's time ran out".into(),
    };
    tracing::error!(
        function = function.name(),
        request_id,
        %failure,
        "the function failed"
    );
    Err(Refusal::InternalServerError)
}

/// Whose patience ended first.
enum TooSlow {
    ForLambda,
    ForTheGateway,
}

/// Runs the function on a task of its own, so that it goes on when the client leaves, as in AWS,
/// and a panic stays its own.
async fn run_in_time(
    function: &Function,
    invocation: Invocation,
    sandbox: Sandbox,
) -> Result<Result<String, HandlerError>, TooSlow> {
    let run = function.clone().call(invocation);
    let mut task = tokio::spawn(async move {
        let outcome = run.await;
        drop(sandbox);
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
    let body = if answer.is_base64_encoded {
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
    use axum::body::to_bytes;
    use lambda_http::{Body as LambdaBody, Request, RequestExt, Response as LambdaResponse};
    use serde_json::json;
    use shared::clock::{Clock, SystemClock};

    use super::*;
    use crate::functions::in_process;

    fn event() -> Value {
        json!({
            "version": "2.0",
            "routeKey": "GET /x/{id}",
            "rawPath": "/x/a%2Fb",
            "rawQueryString": "",
            "headers": {"host": "127.0.0.1:4000", "x-forwarded-proto": "http"},
            "pathParameters": {"id": "a%2Fb"},
            "requestContext": {
                "http": {"method": "GET", "path": "/x/a%2Fb"},
                "stage": "$default",
                "timeEpoch": 0,
            },
            "isBase64Encoded": false,
        })
    }

    async fn invoked(
        function: fn(Request) -> LambdaResponse<LambdaBody>,
    ) -> Result<Response, Refusal> {
        let handler = in_process(move |request| async move { Ok(function(request)) });
        let function = Function::new("any", handler, Duration::from_secs(1));
        invoke(&function, event(), "id").await
    }

    async fn body(response: Response) -> String {
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_path_parameter_reaches_the_function_as_it_was_sent() {
        let response = invoked(|request| {
            let id = request.path_parameters().first("id").unwrap().to_owned();
            LambdaResponse::new(id.into())
        });
        assert_eq!(body(response.await.unwrap()).await, "a%2Fb");
    }

    #[tokio::test]
    async fn a_function_knows_how_much_time_it_has() {
        let response = invoked(|request| {
            let deadline = request.lambda_context().deadline;
            LambdaResponse::new(deadline.to_string().into())
        });
        let deadline: i64 = body(response.await.unwrap()).await.parse().unwrap();
        let left = deadline - SystemClock.now().epoch_milliseconds();
        assert!((0..=1_000).contains(&left), "{left}");
    }

    #[tokio::test]
    async fn bytes_and_cookies_come_through() {
        let response = invoked(|_| {
            LambdaResponse::builder()
                .header("content-type", "image/png")
                .header("set-cookie", "a=1")
                .header("set-cookie", "b=2")
                .body(vec![0xff, 0x00].into())
                .unwrap()
        });
        let response = response.await.unwrap();
        assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        assert_eq!(*bytes, [0xff, 0x00]);
    }

    #[tokio::test]
    async fn a_panic_is_the_gateways_500() {
        let refused = invoked(|_| panic!("on purpose")).await;
        assert_eq!(refused.unwrap_err(), Refusal::InternalServerError);
    }

    #[tokio::test]
    async fn a_function_that_takes_too_long_is_the_gateways_500() {
        let handler = in_process(|_| std::future::pending());
        let function = Function::new("any", handler, Duration::from_millis(10));
        let refused = invoke(&function, event(), "id").await;
        assert_eq!(refused.unwrap_err(), Refusal::InternalServerError);
    }
}
