use errors::RefusalCode;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use serde_json::Value;

/// The limit of a problem's length, which does not depend on the request's length.
const MAX_PROBLEM_BYTES: usize = 4_000;

/// Checks a response to any request: it is a success or a documented problem, and no input causes a
/// server error.
#[track_caller]
pub fn check_response(response: &ApiGatewayV2httpResponse) {
    let status = response.status_code;
    let body: &[u8] = response.body.as_deref().unwrap_or_default();
    let text = String::from_utf8_lossy(body);
    assert!((200..500).contains(&status), "{status}: {text}");
    assert!(response.headers.contains_key("cache-control"));
    if status < 400 {
        return;
    }
    assert_eq!(response.headers["content-type"], "application/problem+json");
    assert!(body.len() < MAX_PROBLEM_BYTES);
    let problem: Value = serde_json::from_slice(body).expect("a problem is JSON");
    let code = RefusalCode::ALL
        .iter()
        .find(|code| problem["code"] == code.as_str())
        .expect("a code of the API");
    assert_eq!(i64::from(code.status()), status);
    assert_eq!(problem["status"], status);
    assert_eq!(problem["title"], code.title());
}
