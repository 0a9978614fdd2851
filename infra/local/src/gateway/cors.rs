//! Cross-origin access for browsers. The gateway handles it, without a function.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::template::CorsConfiguration;

/// The headers that only the gateway sets. It replaces those of a function.
const OWNED: [HeaderName; 6] = [
    header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
    header::ACCESS_CONTROL_ALLOW_HEADERS,
    header::ACCESS_CONTROL_ALLOW_METHODS,
    header::ACCESS_CONTROL_ALLOW_ORIGIN,
    header::ACCESS_CONTROL_EXPOSE_HEADERS,
    header::ACCESS_CONTROL_MAX_AGE,
];

pub(super) struct Cors {
    origins: Vec<String>,
    methods: String,
    headers: String,
    exposed: String,
    max_age: Option<u64>,
}

impl Cors {
    pub(super) fn new(template: &CorsConfiguration) -> Self {
        Self {
            origins: template.allow_origins.clone(),
            methods: template.allow_methods.join(","),
            headers: template.allow_headers.join(","),
            exposed: template.expose_headers.join(","),
            max_age: template.max_age,
        }
    }

    /// The response to a CORS preflight request, or `None` for any other request.
    pub(super) fn preflight(&self, request: &Parts) -> Option<Response> {
        let asks = request.method == Method::OPTIONS
            && request.headers.contains_key(header::ORIGIN)
            && request
                .headers
                .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        if !asks {
            return None;
        }
        let mut response = StatusCode::NO_CONTENT.into_response();
        let headers = response.headers_mut();
        if let Some(origin) = self.allowed_origin(&request.headers) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            set(headers, header::ACCESS_CONTROL_ALLOW_METHODS, &self.methods);
            set(headers, header::ACCESS_CONTROL_ALLOW_HEADERS, &self.headers);
            set(
                headers,
                header::ACCESS_CONTROL_EXPOSE_HEADERS,
                &self.exposed,
            );
            if let Some(seconds) = self.max_age {
                headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from(seconds));
            }
        }
        Some(response)
    }

    /// Adds the headers that let a browser of an allowed origin read the response.
    pub(super) fn decorate(&self, request: &HeaderMap, response: &mut HeaderMap) {
        for name in OWNED {
            response.remove(name);
        }
        if let Some(origin) = self.allowed_origin(request) {
            response.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            set(
                response,
                header::ACCESS_CONTROL_EXPOSE_HEADERS,
                &self.exposed,
            );
        }
    }

    fn allowed_origin(&self, request: &HeaderMap) -> Option<HeaderValue> {
        let origin = request.get(header::ORIGIN)?;
        if self.origins.iter().any(|allowed| allowed == "*") {
            return Some(HeaderValue::from_static("*"));
        }
        let text = origin.to_str().ok()?;
        self.origins
            .iter()
            .any(|allowed| allowed == text)
            .then(|| origin.clone())
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let (false, Ok(value)) = (value.is_empty(), HeaderValue::from_str(value)) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn cors(origins: &[&str]) -> Cors {
        Cors::new(&CorsConfiguration {
            allow_origins: origins.iter().map(ToString::to_string).collect(),
            allow_methods: vec!["GET".to_owned(), "PUT".to_owned()],
            allow_headers: vec!["authorization".to_owned()],
            expose_headers: vec!["retry-after".to_owned()],
            max_age: Some(60),
        })
    }

    fn preflight_from(origin: &str) -> Parts {
        let request = Request::builder()
            .method(Method::OPTIONS)
            .header(header::ORIGIN, origin)
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "PUT");
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn a_preflight_from_an_allowed_origin_returns_methods_and_headers() {
        let cors = cors(&["https://a.example"]);
        let response = cors
            .preflight(&preflight_from("https://a.example"))
            .unwrap();
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        assert_eq!(
            response.headers()["access-control-allow-origin"],
            "https://a.example"
        );
        assert_eq!(
            response.headers()["access-control-allow-methods"],
            "GET,PUT"
        );
        assert_eq!(response.headers()["access-control-max-age"], "60");
    }

    #[test]
    fn a_preflight_from_another_origin_returns_no_permissions() {
        let cors = cors(&["https://a.example"]);
        let response = cors
            .preflight(&preflight_from("https://b.example"))
            .unwrap();
        assert!(response.headers().is_empty());
    }

    #[test]
    fn a_response_has_the_cors_headers_of_the_gateway_and_not_of_the_function() {
        let request = preflight_from("https://a.example").headers;
        let mut response = HeaderMap::new();
        response.insert(
            "access-control-allow-credentials",
            HeaderValue::from_static("true"),
        );
        cors(&["*"]).decorate(&request, &mut response);
        assert_eq!(response["access-control-allow-origin"], "*");
        assert_eq!(response["access-control-expose-headers"], "retry-after");
        assert!(!response.contains_key("access-control-allow-credentials"));
    }

    #[test]
    fn an_options_request_without_a_requested_method_is_not_a_preflight() {
        let request = Request::builder().method(Method::OPTIONS).body(()).unwrap();
        assert!(cors(&["*"]).preflight(&request.into_parts().0).is_none());
    }
}
