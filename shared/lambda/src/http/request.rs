use std::time::Duration;

use domain::{InvalidValue, Timestamp};
use errors::{Refusal, RefusalCode};
use lambda_http::http::{HeaderName, Method, header};
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};

use crate::deadline::time_left;
use crate::http::gateway_event::UnreadableBody;
use crate::http::idempotency::IdempotencyKey;

/// The route of a request for which the gateway names no route.
pub(super) const UNKNOWN_ROUTE: &str = "unknown";

/// One request from the gateway, with the time at which it arrived.
#[derive(Debug)]
pub struct HttpRequest {
    request: Request,
    request_id: String,
    now: Timestamp,
}

impl HttpRequest {
    /// `request`, which arrived at `now`.
    pub fn new(request: Request, now: Timestamp) -> Self {
        let request_id = gateway_request_id(&request)
            .or_else(|| {
                request
                    .lambda_context_ref()
                    .map(|context| context.request_id.clone())
            })
            .unwrap_or_default();
        Self {
            request,
            request_id,
            now,
        }
    }

    /// When the request arrived. The request's code reads no other clock.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The gateway's id of the request.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    pub(super) fn method(&self) -> &Method {
        self.request.method()
    }

    /// The body, decoded from base64 if the gateway encoded it.
    pub fn body(&self) -> &[u8] {
        self.request.body()
    }

    /// The value of a header, or `None` if it is absent or not text.
    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        self.request.headers().get(name)?.to_str().ok()
    }

    /// The route as the gateway names it, such as `GET /v1/senders`. It contains no ids, so it may
    /// be logged.
    pub fn route(&self) -> &str {
        match self.request.request_context_ref() {
            Some(RequestContext::ApiGatewayV2(context)) => context.route_key.as_deref(),
            _ => None,
        }
        .unwrap_or(UNKNOWN_ROUTE)
    }

    /// The path, or `None` if the event has none.
    pub(super) fn path(&self) -> Option<&str> {
        match self.request.request_context_ref()? {
            RequestContext::ApiGatewayV2(context) => context.http.path.as_deref(),
            _ => None,
        }
    }

    /// The claim `name` of the token that the gateway checked.
    pub fn claim(&self, name: &str) -> Option<&str> {
        match self.request.request_context_ref()? {
            RequestContext::ApiGatewayV2(context) => context
                .authorizer
                .as_ref()?
                .jwt
                .as_ref()?
                .claims
                .get(name)
                .map(String::as_str),
            _ => None,
        }
    }

    /// The path parameter `name`, read by `parse`.
    ///
    /// The gateway has already decoded it. It is not decoded again, because a value may contain a
    /// `%` itself: `50%41@example.org` would become another visitor's address.
    ///
    /// # Errors
    /// 422 with the parameter's name if it is missing or breaks its rule.
    pub fn path_parameter<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, InvalidValue>,
    ) -> Result<T, Refusal> {
        self.request
            .path_parameters_ref()
            .and_then(|parameters| parameters.first(name))
            .ok_or_else(|| InvalidValue::new("is required"))
            .and_then(parse)
            .map_err(|rule| Refusal::invalid_field(name, &rule))
    }

    /// The query parameter `name`, read by `parse`, or `None` if it is absent.
    ///
    /// # Errors
    /// 422 with the parameter's name if it is not valid or is repeated.
    pub fn query_parameter<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, InvalidValue>,
    ) -> Result<Option<T>, Refusal> {
        let values = self
            .request
            .query_string_parameters_ref()
            .and_then(|parameters| parameters.all(name))
            .unwrap_or_default();
        match values.as_slice() {
            [] => Ok(None),
            [value] => parse(value).map(Some),
            _ => Err(InvalidValue::new("must not be repeated")),
        }
        .map_err(|rule| Refusal::invalid_field(name, &rule))
    }

    /// The query parameter `name`, read by `parse`.
    ///
    /// # Errors
    /// 422 with the parameter's name if it is missing, not valid or repeated.
    pub fn required_query_parameter<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, InvalidValue>,
    ) -> Result<T, Refusal> {
        self.query_parameter(name, parse)?
            .ok_or_else(|| Refusal::invalid_field(name, &InvalidValue::new("is required")))
    }

    /// Refuses every query parameter except `known`.
    ///
    /// # Errors
    /// 422 with the name of an unknown parameter.
    pub fn check_query_parameters(&self, known: &[&str]) -> Result<(), Refusal> {
        let parameters = self.request.query_string_parameters_ref();
        let names = parameters.into_iter().flat_map(|all| all.iter());
        match names.map(|(name, _)| name).find(|it| !known.contains(it)) {
            None => Ok(()),
            Some(unknown) => {
                // The name is the caller's own data and is returned only to the caller.
                let name: String = unknown.chars().take(64).collect();
                Err(Refusal::invalid_field(
                    &name,
                    &InvalidValue::new("is not a recognized query parameter"),
                ))
            }
        }
    }

    /// The token of `Authorization: Bearer`.
    pub fn bearer(&self) -> Option<&str> {
        self.header(&header::AUTHORIZATION)
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
    }

    /// The origin that the request was sent to, such as `https://api.example.com`, according to the
    /// gateway.
    pub fn origin(&self) -> Option<String> {
        let RequestContext::ApiGatewayV2(context) = self.request.request_context_ref()? else {
            return None;
        };
        let scheme = self
            .header(&HeaderName::from_static("x-forwarded-proto"))
            .filter(|scheme| *scheme == "http")
            .unwrap_or("https");
        let domain = context.domain_name.as_deref()?;
        Some(format!("{scheme}://{domain}"))
    }

    /// The idempotency key, or `None` if the request has none.
    ///
    /// # Errors
    /// 422 if it is not 1 to 255 printable ASCII characters.
    pub fn idempotency_key(&self) -> Result<Option<IdempotencyKey>, Refusal> {
        self.request
            .headers()
            .get(IdempotencyKey::HEADER)
            .map(|value| {
                IdempotencyKey::parse(value.to_str().unwrap_or_default())
                    .map_err(|rule| Refusal::invalid_field(IdempotencyKey::HEADER, &rule))
            })
            .transpose()
    }

    /// Refuses a body that cannot be read or has more than `maximum_bytes`.
    ///
    /// # Errors
    /// 400 if it cannot be read, and 413 if it is too large.
    pub(super) fn check_body(&self, maximum_bytes: usize) -> Result<(), Refusal> {
        if self.request.extensions().get::<UnreadableBody>().is_some() {
            return Err(Refusal::new(
                RefusalCode::InvalidJson,
                "The body could not be read.",
            ));
        }
        if self.body().len() <= maximum_bytes {
            return Ok(());
        }
        let megabytes = maximum_bytes / 1_000_000;
        Err(Refusal::new(
            RefusalCode::BodyTooLarge,
            format!("The body must be at most {megabytes} MB ({megabytes},000,000 bytes)."),
        ))
    }

    /// The rest of the invocation's time, minus a margin for rendering and sending the response.
    pub fn time_left(&self) -> Duration {
        self.request
            .lambda_context_ref()
            .map_or(Duration::MAX, time_left)
    }
}

fn gateway_request_id(request: &Request) -> Option<String> {
    match request.request_context_ref()? {
        RequestContext::ApiGatewayV2(context) => context.request_id.clone(),
        _ => None,
    }
}
