//! The endpoints that only the local server has: tokens, a clock, mails, fault injection.

mod background_invokers;
mod clock;
mod events;
mod input;
mod invocations;
mod outbox;
pub(crate) mod page;
mod ratings;
mod scheduler;
mod ses;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::aws::eventbridge::EventFeed;
use crate::aws::lambda::InvokeApi;
use crate::aws::scheduler::Scheduler;
use crate::aws::ses::Ses;
use crate::background::BackgroundInvokers;
use crate::clock::AdjustableClock;
use crate::demo::YearOfRatings;
pub(crate) use token::TokenIssuer;

/// The endpoints of the SES emulator.
pub(crate) fn ses_router(ses: Arc<Ses>) -> Router {
    Router::new()
        .route("/dev/outbox", get(outbox::list))
        .route("/dev/outbox/{place}/html", get(outbox::show))
        .route("/dev/ses", post(ses::set_faults))
        .route(
            "/dev/ses/events",
            get(ses::list_events).post(ses::put_events),
        )
        .route(
            "/dev/ses/identities",
            get(ses::list_identities).post(ses::set_identity),
        )
        .with_state(ses)
}

/// The endpoints of the scheduler.
pub(crate) fn scheduler_router(scheduler: Arc<Scheduler>) -> Router {
    Router::new()
        .route("/dev/schedules", get(scheduler::list))
        .route("/dev/scheduler", post(scheduler::change_behavior))
        .with_state(scheduler)
}

/// The endpoints of the API that invokes functions.
pub(crate) fn lambda_router(api: Arc<InvokeApi>) -> Router {
    Router::new()
        .route("/dev/lambda", post(invocations::set_faults))
        .with_state(api)
}

/// The endpoints of the event bus.
pub(crate) fn events_router(feed: EventFeed) -> Router {
    Router::new()
        .route("/dev/events", get(events::show))
        .with_state(feed)
}

/// The endpoints of a server that also runs the functions.
pub(crate) fn functions_router(
    clock: Arc<AdjustableClock>,
    tokens: Arc<TokenIssuer>,
    year: Arc<YearOfRatings>,
) -> Router {
    let ratings = Router::new()
        .route("/dev/ratings", get(ratings::progress).post(ratings::begin))
        .with_state((year, Arc::clone(&clock)));
    let clock = Router::new()
        .route("/dev/clock", post(clock::advance))
        .with_state(clock);
    let tokens = Router::new()
        .route("/dev/token", post(token::issue))
        .with_state(tokens);
    clock
        .merge(tokens)
        .merge(ratings)
        .route("/dev", get(page::show))
}

/// The endpoints that invoke background functions.
pub(crate) fn background_invokers_router(background: BackgroundInvokers) -> Router {
    Router::new()
        .route(
            "/dev/stream",
            get(background_invokers::list_records).post(background_invokers::deliver_records),
        )
        .route("/dev/events", post(background_invokers::deliver_events))
        .route("/dev/schedules", post(background_invokers::call_scheduled))
        .route("/dev/scheduler/due", post(background_invokers::fire_due))
        .route("/dev/background", post(background_invokers::settle))
        .with_state(background)
}

/// Logs an internal error, and responds without its details.
fn failure(error: &dyn std::error::Error) -> Response {
    tracing::error!(%error, "a /dev endpoint failed");
    let body = input::message("Something went wrong. The server's log says what.");
    (StatusCode::INTERNAL_SERVER_ERROR, body).into_response()
}
