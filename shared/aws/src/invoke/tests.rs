use std::collections::HashMap;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::*;

const SUCCESS: &str = "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n\"done\"";
const THROTTLED: &str = "HTTP/1.1 429 Too Many Requests\r\n\
    x-amzn-errortype: TooManyRequestsException:x\r\ncontent-length: 0\r\n\r\n";
const FUNCTION_ERROR: &str =
    "HTTP/1.1 200 OK\r\nx-amz-function-error: Unhandled\r\ncontent-length: 0\r\n\r\n";

/// An endpoint that answers one request with each of `responses`, and returns the last request.
async fn endpoint(responses: &[&'static str]) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let responses = responses.to_vec();
    let received = tokio::spawn(async move {
        let mut request = String::new();
        for response in responses {
            let (mut stream, _) = listener.accept().await.unwrap();
            request.clear();
            while !request.ends_with("{\"a\":1}") {
                let mut bytes = [0; 4_096];
                let count = stream.read(&mut bytes).await.unwrap();
                request.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
            }
            stream.write_all(response.as_bytes()).await.unwrap();
            if response.is_empty() {
                // Keep the connection open.
                tokio::time::sleep(Duration::from_secs(60)).await;
            }
        }
        request
    });
    (url, received)
}

fn environment(extra: &[(&str, &str)]) -> Environment {
    let variables = [
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_SESSION_TOKEN", "session"),
        ("FUNCTION", "stack-call-platform"),
    ];
    let variables = variables.iter().chain(extra);
    let variables = variables.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Environment::from_variables(variables.collect::<HashMap<_, _>>())
}

fn invoker(url: &str) -> FunctionInvoker {
    let environment = environment(&[("AWS_ENDPOINT_URL", url)]);
    FunctionInvoker::from_environment(&environment, "FUNCTION").unwrap()
}

async fn invoke(url: &str, time: Duration) -> Result<String, InvokeError> {
    invoker(url).invoke("{\"a\":1}", time).await
}

#[tokio::test]
async fn an_invocation_is_a_signed_request_with_the_event_and_returns_the_response() {
    let (url, received) = endpoint(&[SUCCESS]).await;
    let response = invoke(&url, Duration::from_secs(5)).await.unwrap();
    assert_eq!(response, "\"done\"");
    let request = received.await.unwrap();
    let path = "/2015-03-31/functions/stack-call-platform/invocations";
    assert!(request.starts_with(&format!("POST {path} HTTP/1.1\r\n")));
    let signed = "SignedHeaders=host;x-amz-date;x-amz-security-token,";
    assert!(request.contains(&format!("/eu-west-1/lambda/aws4_request, {signed}")));
    assert!(request.contains("x-amz-security-token: session"));
}

#[tokio::test]
async fn a_failed_invocation_has_the_reason() {
    let unavailable = "HTTP/1.1 503 Oh\r\ncontent-length: 0\r\n\r\n";
    let forbidden = "HTTP/1.1 403 No\r\nx-amzn-errortype: AccessDeniedException\r\n\
        content-length: 0\r\n\r\n";
    for (responses, code, status) in [
        // These calls are not repeated.
        (&[FUNCTION_ERROR][..], "function_error", Some(200)),
        (&[forbidden], "AccessDeniedException", Some(403)),
        // These are, twice.
        (&[THROTTLED; 3], "TooManyRequestsException", Some(429)),
        (&[unavailable; 3], "unnamed", Some(503)),
        (&["garbage\r\n\r\n"; 3], "connection", None),
    ] {
        let (url, _received) = endpoint(responses).await;
        let error = invoke(&url, Duration::from_secs(5)).await.unwrap_err();
        assert_eq!((error.code.as_str(), error.status), (code, status));
    }
}

#[tokio::test]
async fn an_invocation_that_lambda_throttles_is_retried() {
    let (url, received) = endpoint(&[THROTTLED, "garbage\r\n\r\n", SUCCESS]).await;
    invoke(&url, Duration::from_secs(60)).await.unwrap();
    received.await.unwrap();
    let (url, _received) = endpoint(&[THROTTLED, FUNCTION_ERROR]).await;
    let error = invoke(&url, Duration::from_secs(60)).await.unwrap_err();
    assert_eq!(error.code, "function_error");
}

#[tokio::test]
async fn an_invocation_ends_after_its_time() {
    let (url, _received) = endpoint(&[""]).await;
    let error = invoke(&url, Duration::from_millis(200)).await.unwrap_err();
    assert_eq!(error, InvokeError::without_response("timeout"));
    let error = invoke("http://127.0.0.1:1", Duration::from_secs(5)).await;
    assert_eq!(error, Err(InvokeError::without_response("connection")));
}

#[test]
fn without_an_endpoint_the_regions_own_is_called() {
    let invoker = |extra: &[(&str, &str)]| {
        FunctionInvoker::from_environment(&environment(extra), "FUNCTION").map(|it| it.url)
    };
    let url = invoker(&[("URL_SUFFIX", "amazonaws.com.cn")]).unwrap();
    let host = "https://lambda.eu-west-1.amazonaws.com.cn/2015-03-31/functions/";
    assert_eq!(url, format!("{host}stack-call-platform/invocations"));
    assert!(invoker(&[]).is_err());
}
