use errors::Fault;
use lambda_http::http::Method;

use crate::http::request::HttpRequest;

/// The route of `routes` that `request` was sent to.
///
/// Each route has the key that the gateway reports for it, such as `PUT /v1/senders/{address}`.
/// `cargo lambda watch` reports no such key. The method and the path decide then.
///
/// # Errors
/// 500 if the function has no such route: the API sent the request to the wrong function.
pub(super) fn find_route<R: Copy>(routes: &[(&str, R)], request: &HttpRequest) -> Result<R, Fault> {
    let by_key = routes.iter().find(|(key, _)| *key == request.route());
    by_key
        .or_else(|| {
            let path = request.path()?;
            let matches = |key| has_method_and_path(key, request.method(), path);
            routes.iter().find(|(key, _)| matches(key))
        })
        .map(|(_, route)| *route)
        .ok_or_else(|| Fault::internal("the function has no such route"))
}

/// Whether a request with `method` and `path` belongs to the route `key`. A parameter matches
/// one segment of the path that is not empty.
fn has_method_and_path(key: &str, method: &Method, path: &str) -> bool {
    let Some((expected_method, template)) = key.split_once(' ') else {
        return false;
    };
    let (expected, actual) = (template.split('/'), path.split('/'));
    expected_method == method.as_str()
        && expected.clone().count() == actual.clone().count()
        && expected.zip(actual).all(|(expected, actual)| {
            if expected.starts_with('{') {
                !actual.is_empty()
            } else {
                expected == actual
            }
        })
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use lambda_http::Context;
    use serde_json::{Value, json};

    use super::*;
    use crate::http::gateway_event::GatewayEvent;

    const ROUTES: &[(&str, u8)] = &[
        ("GET /v1/senders", 1),
        ("PUT /v1/senders/{address}", 2),
        ("DELETE /v1/senders/{address}", 3),
        ("POST /v1/visitors/erase", 4),
        ("DELETE /v1/visitors/{email}", 5),
    ];

    fn route(key: Value, method: &str, path: Value) -> Option<u8> {
        let event = json!({
            "headers": {},
            "requestContext": { "routeKey": key, "http": { "method": method, "path": path } },
        });
        let event: GatewayEvent = serde_json::from_value(event).unwrap();
        let request = event.into_request(Context::default()).unwrap();
        find_route(ROUTES, &HttpRequest::new(request, Timestamp::EPOCH)).ok()
    }

    #[test]
    fn the_key_that_the_gateway_reports_decides() {
        for (key, expected) in ROUTES {
            assert_eq!(route(json!(key), "POST", json!(null)), Some(*expected));
        }
    }

    #[test]
    fn without_a_key_the_method_and_the_path_decide() {
        for (method, path, expected) in [
            ("GET", "/v1/senders", Some(1)),
            ("PUT", "/v1/senders/a@example.com", Some(2)),
            ("DELETE", "/v1/senders/a@example.com", Some(3)),
            ("POST", "/v1/visitors/erase", Some(4)),
            ("DELETE", "/v1/visitors/erase", Some(5)),
            ("POST", "/v1/senders", None),
            ("GET", "/v1/senders/a@example.com", None),
            ("PUT", "/v1/senders/", None),
            ("PUT", "/v1/senders/a/b", None),
        ] {
            for key in [json!("$default"), json!(null)] {
                assert_eq!(route(key, method, json!(path)), expected, "{method} {path}");
            }
        }
        assert_eq!(route(json!(null), "GET", json!(null)), None);
    }

    #[test]
    fn a_route_of_another_function_is_a_fault() {
        let key = json!("GET /v1/ratings");
        assert_eq!(route(key, "GET", json!("/v1/ratings")), None);
    }
}
