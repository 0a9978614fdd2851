use std::convert::Infallible;
use std::future::Future;
use std::time::{Duration, Instant};

use errors::{Failure, Fault};
use futures_util::FutureExt;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use lambda_http::http::Response;
use lambda_http::lambda_runtime::{self, LambdaEvent};
use lambda_http::{Body, Request, service_fn};

use crate::clock::{SharedClock, SystemClock};
use crate::deadline::done_within;
use crate::http::gateway_event::{ForeignEvent, GatewayEvent, gateway_response};
use crate::http::request::{HttpRequest, UNKNOWN_ROUTE};
use crate::http::response::{HttpResponse, render_fault, render_refusal};
use crate::http::routes::find_route;
use crate::http::settings_note::with_note;
use crate::metrics::{self, Ending};

/// A handler of HTTP requests, for one or more routes.
pub trait HttpHandler: Send + Sync {
    /// A route of this function, usually an enum. `()` if the function has one route.
    type Route: Copy + Send + 'static;

    /// The routes of this function, each with its key: `PUT /v1/senders/{address}`. The endpoint
    /// answers a request to any other route with a 500.
    const ROUTES: &'static [(&'static str, Self::Route)];

    /// The largest body that is accepted, in bytes: a number of whole megabytes.
    const MAXIMUM_BODY_BYTES: usize = 1_000_000;

    /// Handles one request to `route`.
    fn handle(
        &self,
        route: Self::Route,
        request: HttpRequest,
    ) -> impl Future<Output = Result<HttpResponse, Failure>> + Send;
}

/// An HTTP handler with its clock.
#[derive(Clone)]
pub struct HttpEndpoint<H> {
    handler: H,
    clock: SharedClock,
}

impl<H: HttpHandler> HttpEndpoint<H> {
    /// The endpoint of `handler`, which takes its time from `clock`.
    pub fn new(handler: H, clock: SharedClock) -> Self {
        Self { handler, clock }
    }

    /// Responds to any event, with the handler's response or with a problem.
    ///
    /// # Errors
    /// Never: an error would become the gateway's own 500 without a problem body.
    pub async fn answer(
        &self,
        event: LambdaEvent<GatewayEvent>,
    ) -> Result<ApiGatewayV2httpResponse, Infallible> {
        let request_id = event.context.request_id.clone();
        let response = match event.payload.into_request(event.context) {
            Ok(request) => self.handle(request).await?,
            Err(ForeignEvent) => {
                let fault = Fault::internal("the event is not an event of an HTTP API");
                let response = render_fault(&fault, &request_id);
                record_end(
                    &request_id,
                    UNKNOWN_ROUTE,
                    &Err(fault.into()),
                    None,
                    Duration::ZERO,
                );
                response
            }
        };
        Ok(gateway_response(response))
    }

    /// Responds to any `request`, with the handler's response or with a problem.
    ///
    /// # Errors
    /// Never: an error would become the gateway's own 500 without a problem body.
    pub async fn handle(&self, request: Request) -> Result<Response<Body>, Infallible> {
        let started = Instant::now();
        let http_request = HttpRequest::new(request, self.clock.now());
        let request_id = http_request.request_id().to_owned();
        let route = http_request.route().to_owned();
        let (outcome, settings) = with_note(self.respond_in_time(http_request)).await;
        record_end(&request_id, &route, &outcome, settings, started.elapsed());
        Ok(match outcome {
            Ok(response) => response.render(),
            Err(Failure::Refused(refusal)) => render_refusal(&refusal, &request_id),
            Err(Failure::Faulted(fault)) => render_fault(&fault, &request_id),
        })
    }

    async fn respond_in_time(&self, http_request: HttpRequest) -> Result<HttpResponse, Failure> {
        http_request.check_body(H::MAXIMUM_BODY_BYTES)?;
        let route = find_route(H::ROUTES, &http_request)?;
        let time_left = http_request.time_left();
        let work = self.handler.handle(route, http_request).boxed();
        done_within(time_left, work).await?
    }
}

/// Logs and counts the outcome of a request.
fn record_end(
    request_id: &str,
    route: &str,
    outcome: &Result<HttpResponse, Failure>,
    settings: Option<&'static str>,
    elapsed: Duration,
) {
    log(request_id, route, outcome, settings, elapsed);
    let ending = match outcome {
        Ok(_) => Ending::Done,
        Err(Failure::Refused(refusal)) => Ending::Refused(refusal.code().as_str()),
        Err(Failure::Faulted(fault)) => Ending::Faulted(fault.code().as_str()),
    };
    metrics::note_end(ending, elapsed);
}

/// Writes the one log line of a request. It contains ids, codes and times, but no body, address,
/// comment or token.
fn log(
    request_id: &str,
    route: &str,
    outcome: &Result<HttpResponse, Failure>,
    settings: Option<&'static str>,
    elapsed: Duration,
) {
    let duration_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    match outcome {
        Ok(response) => {
            tracing::info!(
                request_id,
                route,
                status = response.status(),
                settings,
                duration_ms,
                "answered"
            );
        }
        Err(Failure::Refused(refusal)) => {
            let code = refusal.code();
            tracing::info!(
                request_id,
                route,
                status = code.status(),
                code = code.as_str(),
                settings,
                duration_ms,
                "refused"
            );
        }
        Err(Failure::Faulted(fault)) => fault.log(request_id, Some(route), elapsed),
    }
}

/// Serves `handler` on Lambda until the sandbox ends.
///
/// # Errors
/// If the runtime's loop fails.
pub async fn run(handler: impl HttpHandler) -> Result<(), lambda_http::Error> {
    let endpoint = HttpEndpoint::new(handler, std::sync::Arc::new(SystemClock));
    // Boxed, because the runtime's own layers are deeply nested already.
    lambda_runtime::run(service_fn(|event| endpoint.answer(event).boxed())).await
}
