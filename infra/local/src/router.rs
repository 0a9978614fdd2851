//! Routes paths to the parts of the server.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router, middleware};
use serde_json::{Value, json};

use crate::aws::dynamodb::DynamoDb;
use crate::aws::dynamodb_rules::{self, DynamoDbRules};
use crate::aws::eventbridge::EventFeed;
use crate::aws::iam::{self, Iam};
use crate::aws::lambda::{self, InvokeApi};
use crate::aws::scheduler::{self, Scheduler};
use crate::aws::ses::{self, Ses};
use crate::background::BackgroundInvokers;
use crate::clock::AdjustableClock;
use crate::demo::YearOfRatings;
use crate::dev::{self, TokenIssuer};
use crate::gateway::Gateway;
use crate::{access_log, demo};

/// The emulators of AWS services.
pub(crate) struct AwsEmulators {
    pub(crate) dynamodb: DynamoDb,
    pub(crate) ses: Arc<Ses>,
    pub(crate) scheduler: Arc<Scheduler>,
    pub(crate) lambda: Arc<InvokeApi>,
    pub(crate) events: EventFeed,
    pub(crate) iam: Arc<Iam>,
    pub(crate) dynamodb_rules: Arc<DynamoDbRules>,
}

/// Routes requests to the AWS emulators only.
pub(crate) fn emulators_only(aws: AwsEmulators) -> Router {
    let router = services(&aws)
        .route("/", to_dynamodb(aws))
        .fallback(not_found);
    router.layer(middleware::from_fn(access_log::log))
}

/// Routes requests to the AWS emulators and to the functions behind the gateway.
pub(crate) fn with_functions(
    aws: AwsEmulators,
    gateway: Gateway,
    clock: Arc<AdjustableClock>,
    tokens: Arc<TokenIssuer>,
    year: Arc<YearOfRatings>,
    background: BackgroundInvokers,
    has_demo: bool,
) -> Router {
    let gateway = Arc::new(gateway);
    let to_gateway = move |request: Request| {
        let gateway = Arc::clone(&gateway);
        async move { gateway.answer(request).await }
    };
    let page = if has_demo {
        get(demo::page::show)
    } else {
        get(dev::page::show)
    };
    let report = if has_demo {
        get(demo::page::show_report)
    } else {
        MethodRouter::new()
    };
    let settings = if has_demo {
        get(demo::page::show_settings)
    } else {
        MethodRouter::new()
    };
    let router = services(&aws);
    // DynamoDB and the page share the path `/`.
    let root = to_dynamodb(aws).merge(page);
    let router = router
        .merge(dev::functions_router(clock, tokens, year))
        .merge(dev::background_invokers_router(background))
        .route("/demo/{file}", get(demo::page::file))
        .route("/report", report.fallback(to_gateway.clone()))
        .route("/settings", settings.fallback(to_gateway.clone()))
        .route("/", root.fallback(to_gateway.clone()))
        .fallback(to_gateway);
    router.layer(middleware::from_fn(access_log::log))
}

/// SES, the scheduler, Lambda's API, and the output of the stack: mails, schedules and events.
fn services(aws: &AwsEmulators) -> Router {
    let enforce = middleware::from_fn_with_state(Arc::clone(&aws.iam), iam::enforce);
    ses::router(Arc::clone(&aws.ses))
        .merge(scheduler::router(Arc::clone(&aws.scheduler)))
        .merge(lambda::router(Arc::clone(&aws.lambda)))
        .route_layer(enforce)
        .merge(dev::ses_router(Arc::clone(&aws.ses)))
        .merge(dev::scheduler_router(Arc::clone(&aws.scheduler)))
        .merge(dev::lambda_router(Arc::clone(&aws.lambda)))
        .merge(dev::events_router(aws.events.clone()))
}

fn to_dynamodb(aws: AwsEmulators) -> MethodRouter {
    let dynamodb = Arc::new(aws.dynamodb);
    let rules = (aws.dynamodb_rules, Arc::clone(&dynamodb));
    let answer = post(move |request: Request| {
        let dynamodb = Arc::clone(&dynamodb);
        async move { dynamodb.answer(request).await }
    });
    // The layer that is added last runs first.
    let check = middleware::from_fn_with_state(rules, dynamodb_rules::enforce);
    let authorize = middleware::from_fn_with_state(aws.iam, iam::enforce);
    answer.layer(check).layer(authorize)
}

async fn not_found() -> (StatusCode, Json<Value>) {
    let body = Json(json!({ "message": "Not Found" }));
    (StatusCode::NOT_FOUND, body)
}
