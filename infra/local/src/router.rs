//! Which part of the server answers which path.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router, middleware};
use serde_json::{Value, json};

use crate::aws::dynamodb::DynamoDb;
use crate::aws::iam::{self, Iam};
use crate::aws::ses::{self, Ses};
use crate::clock::AdjustableClock;
use crate::dev::{self, TokenOffice};
use crate::gateway::Gateway;
use crate::{access_log, demo};

/// The stand-ins for AWS alone.
pub(crate) fn stand_ins(dynamodb: DynamoDb, ses: Arc<Ses>, iam: &Arc<Iam>) -> Router {
    let router = ses_and_outbox(ses, iam)
        .route("/", to_dynamodb(dynamodb, iam))
        .fallback(not_found);
    router.layer(middleware::from_fn(access_log::log))
}

/// The stand-ins, and the functions behind their gateway.
pub(crate) fn whole(
    dynamodb: DynamoDb,
    ses: Arc<Ses>,
    iam: &Arc<Iam>,
    gateway: Gateway,
    clock: Arc<AdjustableClock>,
    tokens: Arc<TokenOffice>,
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
    // DynamoDB's one path is also the page's.
    let root = to_dynamodb(dynamodb, iam).merge(page);
    let router = ses_and_outbox(ses, iam)
        .merge(dev::functions_router(clock, tokens))
        .route("/demo/{file}", get(demo::page::file))
        .route("/", root.fallback(to_gateway.clone()))
        .fallback(to_gateway);
    router.layer(middleware::from_fn(access_log::log))
}

fn ses_and_outbox(ses: Arc<Ses>, iam: &Arc<Iam>) -> Router {
    let enforce = middleware::from_fn_with_state(Arc::clone(iam), iam::enforce);
    ses::router(Arc::clone(&ses))
        .route_layer(enforce)
        .merge(dev::ses_router(ses))
}

fn to_dynamodb(dynamodb: DynamoDb, iam: &Arc<Iam>) -> MethodRouter {
    let dynamodb = Arc::new(dynamodb);
    let answer = post(move |request: Request| {
        let dynamodb = Arc::clone(&dynamodb);
        async move { dynamodb.answer(request).await }
    });
    answer.layer(middleware::from_fn_with_state(
        Arc::clone(iam),
        iam::enforce,
    ))
}

async fn not_found() -> (StatusCode, Json<Value>) {
    let body = Json(json!({ "message": "Not Found" }));
    (StatusCode::NOT_FOUND, body)
}
