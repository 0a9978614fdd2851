//! The API of the scheduler for the SDK: JSON over HTTP.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::aws::query;
use crate::aws::scheduler::behavior::CallFault;
use crate::aws::scheduler::create_schedule::CreateScheduleRequest;
use crate::aws::scheduler::error::SchedulerError;
use crate::aws::scheduler::{DEFAULT_GROUP, Scheduler};
use crate::listener::NoReply;

/// The operations that are supported.
pub(crate) fn router(scheduler: Arc<Scheduler>) -> Router {
    Router::new()
        .route("/schedules/{name}", post(create).delete(delete))
        .with_state(scheduler)
}

async fn create(
    State(scheduler): State<Arc<Scheduler>>,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Response, SchedulerError> {
    let call = || {
        let request = CreateScheduleRequest::parse(&body)?;
        let arn = scheduler.create(&name, request)?;
        Ok(json!({ "ScheduleArn": arn }))
    };
    answer(scheduler.next_call(), call).await
}

async fn delete(
    State(scheduler): State<Arc<Scheduler>>,
    Path(name): Path<String>,
    uri: Uri,
) -> Result<Response, SchedulerError> {
    let group = query::parameter(&uri, "groupName");
    let token = query::parameter(&uri, "clientToken");
    let call = || {
        let group = group.as_deref().unwrap_or(DEFAULT_GROUP);
        scheduler.delete(group, &name, token.as_deref())?;
        Ok(json!({}))
    };
    answer(scheduler.next_call(), call).await
}

/// The response to a call, or the injected fault.
async fn answer(
    fault: Option<CallFault>,
    call: impl FnOnce() -> Result<Value, SchedulerError>,
) -> Result<Response, SchedulerError> {
    match fault {
        None => call().map(|output| Json(output).into_response()),
        Some(CallFault::Throttle) => Err(SchedulerError::throttled()),
        Some(CallFault::Quota) => Err(SchedulerError::quota_exceeded()),
        Some(CallFault::Error) => Err(SchedulerError::internal()),
        Some(CallFault::Timeout) => {
            call()?;
            std::future::pending().await
        }
        Some(CallFault::LostReply) => {
            call()?;
            Ok(NoReply.into_response())
        }
    }
}
