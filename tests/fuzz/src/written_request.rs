use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::routes::{self, Route};

/// A request as it is written in HTTP/1.1, so that the corpus can be read:
///
/// ```text
/// PUT /v1/conversations/c1
/// authorization: Bearer …
/// claims: {"sub":"kim","scope":"afterchat/agents:act"}
///
/// {"channel":"widget"}
/// ```
///
/// `claims` are those that the gateway would have found in the token.
#[derive(Debug)]
pub struct WrittenRequest {
    function: String,
    event: Value,
}

impl WrittenRequest {
    /// Reads a request. Returns `None` if no route matches, or if the gateway would refuse it.
    pub fn parse(input: &[u8]) -> Option<Self> {
        let end = input.windows(2).position(|window| window == b"\n\n")?;
        let head = std::str::from_utf8(&input[..end]).ok()?;
        let body = &input[end + 2..];
        let (first, headers) = head.split_once('\n').unwrap_or((head, ""));
        let (method, target) = first.split_once(' ')?;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        // As an HTTP API does before it looks for a route.
        let path = percent_decode_str(path).decode_utf8_lossy();
        let path = path.split_once('?').map_or(&*path, |(path, _)| path);
        let (route, parameters) = routes::ALL
            .iter()
            .filter(|route| route.method == method)
            .find_map(|route| Some((route, route.parameters(path)?)))?;
        // A server takes nothing else in a request line.
        if !target
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'#')
        {
            return None;
        }
        let (headers, claims) = read_headers(headers)?;
        let mut event = event(route, path, query, headers, claims);
        event["pathParameters"] = json!(parameters);
        match std::str::from_utf8(body) {
            Ok(text) => event["body"] = json!(text),
            Err(_) => {
                event["body"] = json!(BASE64_STANDARD.encode(body));
                event["isBase64Encoded"] = json!(true);
            }
        }
        Some(Self {
            function: route.function.clone(),
            event,
        })
    }

    /// The folder of the function that handles it.
    pub fn function(&self) -> &str {
        &self.function
    }

    /// The event that the function receives, in JSON.
    pub fn event(&self) -> String {
        self.event.to_string()
    }
}

/// The headers and the claims. Returns `None` if an HTTP server would refuse the headers.
fn read_headers(text: &str) -> Option<(Map<String, Value>, Value)> {
    let mut headers = Map::new();
    let mut claims = json!({ "sub": "kim", "name": "Kim" });
    for line in text.lines() {
        let (name, value) = line.split_once(':')?;
        let name = name.to_ascii_lowercase();
        let value = value.trim();
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_token) || value.chars().any(char::is_control) {
            return None;
        }
        if name == "claims" {
            claims = serde_json::from_str(value).ok()?;
            let claims = claims.as_object()?;
            // The gateway hands claims on as text.
            if !claims.values().all(Value::is_string) {
                return None;
            }
        } else {
            headers.insert(name, json!(value));
        }
    }
    Some((headers, claims))
}

fn event(
    route: &Route,
    path: &str,
    query: &str,
    headers: Map<String, Value>,
    claims: Value,
) -> Value {
    json!({
        "version": "2.0",
        "routeKey": route.key(),
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "fuzz",
            "authorizer": { "jwt": { "claims": claims, "scopes": [] } },
            "domainName": "api.example.com",
            "domainPrefix": "api",
            "http": {
                "method": route.method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "",
            },
            "requestId": "r1",
            "routeKey": route.key(),
            "stage": "$default",
            "time": "05/Jan/2026:21:00:00 +0000",
            "timeEpoch": 1_767_646_800_000_u64,
        },
        "isBase64Encoded": false,
    })
}
