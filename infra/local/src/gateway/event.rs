//! The event that a function receives: the payload format of an HTTP API, version 2.0.

use std::collections::BTreeMap;

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::Timestamp;
use serde_json::{Map, Value, json};

use crate::gateway::authorizer::Authorization;

const SOURCE_IP: &str = "127.0.0.1";

/// A request that matched a route and passed the authorizer.
pub(super) struct Event<'a> {
    pub(super) route_key: String,
    /// The decoded path. The path parameters are parts of it.
    pub(super) path: &'a str,
    pub(super) path_parameters: BTreeMap<String, String>,
    pub(super) authorization: Option<Authorization>,
    pub(super) parts: &'a Parts,
    pub(super) body: &'a [u8],
    /// The host name of the gateway. As in AWS, it does not depend on the request's `Host` header.
    pub(super) authority: &'a str,
    pub(super) request_id: &'a str,
    pub(super) received_at: Timestamp,
}

impl Event<'_> {
    /// The event in the JSON that the Lambda runtime passes to the function.
    pub(super) fn to_json(&self) -> Value {
        let mut event = json!({
            "version": "2.0",
            "routeKey": self.route_key,
            "rawPath": self.path,
            "rawQueryString": self.parts.uri.query().unwrap_or_default(),
            "headers": self.headers(),
            "requestContext": {
                "accountId": "000000000000",
                "apiId": "local",
                "domainName": self.authority,
                "domainPrefix": "local",
                "http": {
                    "method": self.parts.method.as_str(),
                    "path": self.path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": SOURCE_IP,
                    "userAgent": joined(&self.parts.headers, header::USER_AGENT.as_str(), ","),
                },
                "requestId": self.request_id,
                "routeKey": self.route_key,
                "stage": "$default",
                "time": self.time(),
                "timeEpoch": self.received_at.epoch_milliseconds(),
            },
            "isBase64Encoded": false,
        });
        if let Some(fields) = event.as_object_mut() {
            self.add_optional(fields);
        }
        event
    }

    /// Adds the fields that an event has only if they have a value.
    fn add_optional(&self, event: &mut Map<String, Value>) {
        let cookies = joined(&self.parts.headers, header::COOKIE.as_str(), "; ");
        if !cookies.is_empty() {
            event.insert("cookies".to_owned(), cookies.split("; ").collect());
        }
        if !self.path_parameters.is_empty() {
            event.insert("pathParameters".to_owned(), json!(self.path_parameters));
        }
        if let (Some(authorization), Some(context)) = (
            &self.authorization,
            event
                .get_mut("requestContext")
                .and_then(Value::as_object_mut),
        ) {
            let jwt = json!({"claims": authorization.claims, "scopes": authorization.scopes});
            context.insert("authorizer".to_owned(), json!({ "jwt": jwt }));
        }
        if !self.body.is_empty() {
            let (body, is_base64_encoded) = self.body();
            event.insert("body".to_owned(), json!(body));
            event.insert("isBase64Encoded".to_owned(), json!(is_base64_encoded));
        }
    }

    fn headers(&self) -> BTreeMap<String, String> {
        let received = &self.parts.headers;
        let mut headers: BTreeMap<_, _> = received
            .keys()
            .filter(|name| **name != header::COOKIE)
            .map(|name| (name.to_string(), joined(received, name.as_str(), ",")))
            .collect();
        let (_, port) = self
            .authority
            .rsplit_once(':')
            .unwrap_or((self.authority, "80"));
        for (name, value) in [
            ("host", self.authority),
            ("x-forwarded-for", SOURCE_IP),
            ("x-forwarded-port", port),
            ("x-forwarded-proto", "http"),
        ] {
            headers.insert(name.to_owned(), value.to_owned());
        }
        headers
    }

    /// The body, and whether it is encoded in base64. UTF-8 text is passed unchanged, and anything
    /// else in base64.
    fn body(&self) -> (String, bool) {
        let content_type = joined(&self.parts.headers, header::CONTENT_TYPE.as_str(), ",");
        match std::str::from_utf8(self.body) {
            Ok(text) if is_text(&content_type) => (text.to_owned(), false),
            _ => (BASE64_STANDARD.encode(self.body), true),
        }
    }

    fn time(&self) -> String {
        self.received_at
            .to_jiff()
            .strftime("%d/%b/%Y:%H:%M:%S +0000")
            .to_string()
    }
}

fn is_text(content_type: &str) -> bool {
    let kind = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    kind.starts_with("text/")
        || kind.ends_with("+json")
        || kind.ends_with("+xml")
        || [
            "application/json",
            "application/javascript",
            "application/xml",
        ]
        .contains(&kind.as_str())
}

fn joined(headers: &HeaderMap, name: &str, separator: &str) -> String {
    let values = headers.get_all(name).iter();
    let values = values.map(|value| String::from_utf8_lossy(value.as_bytes()));
    values.collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use axum::http::request::Builder;

    use super::*;

    fn event(request: Builder, body: &[u8]) -> Value {
        let (parts, ()) = request.body(()).unwrap().into_parts();
        Event {
            route_key: "GET /x".to_owned(),
            path: "/a b",
            path_parameters: BTreeMap::new(),
            authorization: None,
            parts: &parts,
            body,
            authority: "127.0.0.1:4000",
            request_id: "id",
            received_at: Timestamp::from_epoch_milliseconds(1_700_000_000_123).unwrap(),
        }
        .to_json()
    }

    #[test]
    fn the_path_is_decoded_and_the_query_is_not_changed() {
        let event = event(Request::builder().uri("/a%20b?x=%20&x=+"), b"");
        assert_eq!(event["rawPath"], "/a b");
        assert_eq!(event["requestContext"]["http"]["path"], "/a b");
        assert_eq!(event["rawQueryString"], "x=%20&x=+");
    }

    #[test]
    fn repeated_headers_are_joined_and_cookies_are_a_list() {
        let request = Request::builder().header("X-A", "1").header("x-a", "2");
        let event = event(request.header("cookie", "a=1; b=2"), b"");
        assert_eq!(event["headers"]["x-a"], "1,2");
        assert_eq!(event["cookies"], json!(["a=1", "b=2"]));
        assert_eq!(event["headers"]["cookie"], Value::Null);
    }

    #[test]
    fn a_request_cannot_forge_its_host_or_its_scheme() {
        let request = Request::builder()
            .header("host", "[")
            .header("x-forwarded-proto", "a b");
        let event = event(request, b"");
        assert_eq!(event["headers"]["host"], "127.0.0.1:4000");
        assert_eq!(event["headers"]["x-forwarded-proto"], "http");
    }

    #[test]
    fn json_is_forwarded_as_text_and_other_bodies_in_base64() {
        let json = Request::builder().header("content-type", "application/json; charset=utf-8");
        let text = event(json, b"{}");
        assert_eq!(
            (&text["body"], &text["isBase64Encoded"]),
            (&json!("{}"), &json!(false))
        );
        let binary = event(Request::builder(), b"{}");
        assert_eq!(
            (&binary["body"], &binary["isBase64Encoded"]),
            (&json!("e30="), &json!(true))
        );
        let broken = Request::builder().header("content-type", "application/json");
        assert_eq!(event(broken, b"\xff")["isBase64Encoded"], true);
    }

    #[test]
    fn the_time_has_the_format_of_the_gateway() {
        let event = event(Request::builder(), b"");
        assert_eq!(
            event["requestContext"]["time"],
            "14/Nov/2023:22:13:20 +0000"
        );
        assert_eq!(event["requestContext"]["timeEpoch"], 1_700_000_000_123_i64);
    }
}
