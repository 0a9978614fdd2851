use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use lambda_http::aws_lambda_events::query_map::QueryMap;
use lambda_http::http::{HeaderName, HeaderValue, Response};
use lambda_http::request::RequestContext;
use lambda_http::{Body, Context, Request, RequestExt};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// The event that Lambda passes to a function behind an HTTP API. It may be any JSON.
///
/// `lambda_http` rejects the whole event if one claim is not a string. It panics if it cannot read
/// a body, a path or a query. The caller would then receive the gateway's own 500. This type
/// produces a response for any JSON.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct GatewayEvent(
    // `lambda_runtime` tracks the path to each value that it reads, which takes longer than reading
    // it.
    Box<RawValue>,
);

/// Marks a request whose body is not the base64 that the gateway declared.
#[derive(Clone, Copy, Debug)]
pub(super) struct UnreadableBody;

/// The event is not from an HTTP API.
#[derive(Clone, Copy, Debug)]
pub(super) struct ForeignEvent;

impl GatewayEvent {
    /// The request of the event.
    pub(super) fn into_request(self, context: Context) -> Result<Request, ForeignEvent> {
        let text = self.0.get();
        // Events that the gateway writes can be read without a repair.
        let event = match serde_json::from_str(text) {
            Ok(event) => event,
            Err(_) => read_repaired(text)?,
        };

        let mut request = Request::new(Body::Empty);
        match body(event.body, event.is_base64_encoded) {
            Ok(body) => *request.body_mut() = body,
            Err(unreadable) => {
                request.extensions_mut().insert(unreadable);
            }
        }
        *request.method_mut() = event.request_context.http.method.clone();
        *request.headers_mut() = event.headers;
        let Ok(query) = event
            .raw_query_string
            .unwrap_or_default()
            .parse::<QueryMap>();
        Ok(request
            .with_query_string_parameters(query)
            .with_path_parameters(event.path_parameters)
            .with_request_context(RequestContext::ApiGatewayV2(event.request_context))
            .with_lambda_context(context))
    }
}

/// Reads an event after removing the parts that cannot be read.
fn read_repaired(text: &str) -> Result<ApiGatewayV2httpRequest, ForeignEvent> {
    let mut event = serde_json::from_str(text).map_err(|_| ForeignEvent)?;
    make_claims_text(&mut event);
    drop_impossible_headers(&mut event);
    serde_json::from_value(event).map_err(|_| ForeignEvent)
}

/// Converts each claim to text. An HTTP API's authorizer sends each claim as text, and a list as
/// `[a b]`. Other authorizers send the claim as it is in the token.
fn make_claims_text(event: &mut Value) {
    let claims = event
        .pointer_mut("/requestContext/authorizer/jwt/claims")
        .and_then(Value::as_object_mut);
    let Some(claims) = claims else {
        return;
    };
    claims.retain(|_, claim| !claim.is_null());
    for claim in claims.values_mut() {
        let text = match &*claim {
            Value::String(_) => continue,
            Value::Array(elements) => {
                let elements: Vec<_> = elements.iter().map(plain).collect();
                format!("[{}]", elements.join(" "))
            }
            other => plain(other),
        };
        *claim = Value::String(text);
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Drops headers that no HTTP message can contain, because they cannot be the caller's.
fn drop_impossible_headers(event: &mut Value) {
    if let Some(headers) = event.get_mut("headers").and_then(Value::as_object_mut) {
        headers.retain(|name, value| {
            name.parse::<HeaderName>().is_ok()
                && value
                    .as_str()
                    .is_some_and(|value| HeaderValue::from_str(value).is_ok())
        });
    }
}

fn body(body: Option<String>, is_base64: bool) -> Result<Body, UnreadableBody> {
    match body {
        None => Ok(Body::Empty),
        Some(text) if is_base64 => BASE64_STANDARD
            .decode(text)
            .map(Body::Binary)
            .map_err(|_| UnreadableBody),
        Some(text) => Ok(Body::Text(text)),
    }
}

/// A response in the format that an HTTP API expects.
pub(super) fn gateway_response(response: Response<Body>) -> ApiGatewayV2httpResponse {
    let (parts, body) = response.into_parts();
    let mut gateway_response = ApiGatewayV2httpResponse::default();
    gateway_response.status_code = parts.status.as_u16().into();
    gateway_response.headers = parts.headers;
    gateway_response.is_base64_encoded = matches!(body, Body::Binary(_));
    gateway_response.body = (!matches!(body, Body::Empty)).then_some(body);
    gateway_response
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(with: &Value) -> Value {
        let mut event = json!({
            "version": "2.0",
            "routeKey": "GET /x/{id}",
            "rawPath": "/x/a b",
            "rawQueryString": "",
            "headers": { "host": "api.example.com" },
            "requestContext": { "http": { "method": "GET" }, "routeKey": "GET /x/{id}" },
            "isBase64Encoded": false,
        });
        for (name, value) in with.as_object().unwrap() {
            event[name] = value.clone();
        }
        event
    }

    fn request(with: &Value) -> Result<Request, ForeignEvent> {
        read(&event(with).to_string())
    }

    fn read(text: &str) -> Result<Request, ForeignEvent> {
        let event: GatewayEvent = serde_json::from_str(text).unwrap();
        event.into_request(Context::default())
    }

    fn claim(request: &Request, name: &str) -> Option<String> {
        let Some(RequestContext::ApiGatewayV2(context)) = request.request_context_ref() else {
            return None;
        };
        let claims = &context.authorizer.as_ref()?.jwt.as_ref()?.claims;
        claims.get(name).cloned()
    }

    #[test]
    fn a_valid_event_is_read_the_same_with_and_without_a_repair() {
        let context = json!({
            "http": { "method": "PUT", "path": "/x", "sourceIp": "192.0.2.1" },
            "authorizer": { "jwt": { "claims": { "sub": "kim" }, "scopes": ["ratings:ask"] } },
            "requestId": "r1",
            "routeKey": "PUT /x/{id}",
            "timeEpoch": 1_767_603_600_000_i64,
        });
        let event = event(&json!({
            "requestContext": context,
            "rawQueryString": "limit=5&limit=6",
            "queryStringParameters": { "limit": "5,6" },
            "pathParameters": { "id": "a b" },
            "cookies": ["a=b"],
            "body": "{}",
        }));
        let text = event.to_string();
        let as_it_is: ApiGatewayV2httpRequest = serde_json::from_str(&text).unwrap();
        assert_eq!(read_repaired(&text).unwrap(), as_it_is);
    }

    #[test]
    fn a_path_parameter_is_not_decoded_again() {
        let request = request(&json!({ "pathParameters": { "id": "a%2Fb" } })).unwrap();
        assert_eq!(request.path_parameters().first("id"), Some("a%2Fb"));
    }

    #[test]
    fn a_claim_that_is_not_text_is_converted_as_the_gateway_converts_it() {
        let claims = json!({
            "sub": "kim",
            "scope": ["ratings:ask", "agents:act"],
            "level": 3,
            "admin": true,
            "nothing": null,
            "map": { "a": 1 },
        });
        let context = json!({
            "http": { "method": "GET" },
            "authorizer": { "jwt": { "claims": claims, "scopes": null } },
        });
        let request = request(&json!({ "requestContext": context })).unwrap();
        for (name, text) in [
            ("sub", "kim"),
            ("scope", "[ratings:ask agents:act]"),
            ("level", "3"),
            ("admin", "true"),
            ("map", r#"{"a":1}"#),
        ] {
            assert_eq!(claim(&request, name).as_deref(), Some(text), "{name}");
        }
        assert_eq!(claim(&request, "nothing"), None);
    }

    #[test]
    fn an_event_is_read_whatever_its_path_and_query_are() {
        for with in [
            json!({ "rawPath": "\u{0}[ <é>\\" }),
            json!({ "rawPath": null }),
            json!({ "rawQueryString": "a=<b c>&%zz=%&é=\u{7}" }),
            json!({ "headers": { "host": "[", "x-forwarded-proto": "a b" } }),
            json!({ "headers": null }),
        ] {
            assert!(request(&with).is_ok(), "{with}");
        }
    }

    #[test]
    fn only_impossible_headers_are_dropped() {
        let headers = json!({ "a b": "1", "x": "a\r\nb", "y": 5, "é": "1", "z": "é", "ok": "1" });
        let request = request(&json!({ "headers": headers })).unwrap();
        let names: Vec<_> = request.headers().keys().map(HeaderName::as_str).collect();
        assert_eq!(names.len(), 2, "{names:?}");
        assert_eq!(request.headers()["ok"], "1");
        assert!(request.headers()["z"].to_str().is_err());
    }

    #[test]
    fn a_body_is_text_or_base64() {
        let text = request(&json!({ "body": "{}" })).unwrap();
        assert_eq!(&**text.body(), b"{}");
        let bytes = request(&json!({ "body": "/wA=", "isBase64Encoded": true })).unwrap();
        assert_eq!(&**bytes.body(), b"\xff\x00");
        let broken = request(&json!({ "body": "=a", "isBase64Encoded": true })).unwrap();
        assert!(broken.extensions().get::<UnreadableBody>().is_some());
    }

    #[test]
    fn an_event_from_another_source_is_recognized() {
        for foreign in [
            json!(null),
            json!([]),
            json!({}),
            json!({ "source": "aws.ses", "detail": {} }),
            event(&json!({ "requestContext": null })),
            event(&json!({ "requestContext": { "http": {} } })),
            event(&json!({ "requestContext": { "http": { "method": "A B" } } })),
        ] {
            assert!(read(&foreign.to_string()).is_err(), "{foreign}");
        }
        let too_deep = "[".repeat(1_000) + &"]".repeat(1_000);
        for beyond_reading in ["1e999", r#""\ud800""#, &too_deep] {
            assert!(read(beyond_reading).is_err(), "{beyond_reading}");
        }
    }
}
