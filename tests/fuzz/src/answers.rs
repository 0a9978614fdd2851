use errors::RefusalCode;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use serde_json::Value;

/// A refusal is short, however long what it refuses.
const LONGEST_REFUSAL: usize = 4_000;

/// What holds of every answer, whatever the request: it is a success or a described refusal, and no
/// input makes a fault.
#[track_caller]
pub fn check_answer(response: &ApiGatewayV2httpResponse) {
    let status = response.status_code;
    let body: &[u8] = response.body.as_deref().unwrap_or_default();
    let told = String::from_utf8_lossy(body);
    assert!((200..500).contains(&status), "{status}: {told}");
    assert!(response.headers.contains_key("cache-control"));
    if status < 400 {
        return;
    }
    assert_eq!(response.headers["content-type"], "application/problem+json");
    assert!(body.len() < LONGEST_REFUSAL);
    let problem: Value = serde_json::from_slice(body).expect("a problem is JSON");
    let code = RefusalCode::ALL
        .iter()
        .find(|code| problem["code"] == code.as_str())
        .expect("a code of ours");
    assert_eq!(i64::from(code.status()), status);
    assert_eq!(problem["status"], status);
    assert_eq!(problem["title"], code.title());
}
