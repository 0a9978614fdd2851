//! The rules that DynamoDB checks in each request.
//!
//! The embedded engine accepts some requests that DynamoDB refuses. Therefore each request is
//! checked here first. A request that breaks a rule gets DynamoDB's `ValidationException` and is
//! recorded. A test can then fail because of it, even if the function handles the error. Requests
//! that the engine itself reports as invalid are recorded, too.

mod action;
mod condition;
mod expression;
mod expression_checks;
mod kind;
mod limits;
mod paths;
mod query;
mod roles;
mod schema;
mod token;
mod update;
mod values;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use action::{Action, Verb};
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use schema::Schema;
use serde_json::{Value, json};

use crate::aws::credential_scope::CredentialScope;
use crate::aws::dynamodb::DynamoDb;
use crate::aws::iam::JsonBody;

const TARGET: &str = "x-amz-target";

/// A size above that of the longest request and the longest response.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// The errors of requests that are always invalid.
const INVALID: [&str; 5] = [
    "IdempotentParameterMismatchException",
    "ResourceNotFoundException",
    "SerializationException",
    "UnknownOperationException",
    "ValidationException",
];

/// DynamoDB's rules for requests, and the requests that broke one.
#[derive(Debug)]
pub struct DynamoDbRules {
    schema: Schema,
    violations: Mutex<Vec<RuleViolation>>,
}

/// A request that DynamoDB would refuse as invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleViolation {
    /// The access key that signed the request. A function's access key is its folder's name.
    pub caller: String,
    /// The operation, such as `PutItem`.
    pub operation: String,
    /// The rule that the request breaks, in DynamoDB's words.
    pub message: String,
}

impl fmt::Display for RuleViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            caller,
            operation,
            message,
        } = self;
        write!(f, "{operation} by {caller}: {message}")
    }
}

impl DynamoDbRules {
    /// Creates the rules for the table of `definition`, the input of `CreateTable`.
    pub(crate) fn new(definition: &Value) -> Self {
        Self {
            schema: Schema::of(definition),
            violations: Mutex::default(),
        }
    }

    /// Returns the violations since the last call.
    pub fn take_violations(&self) -> Vec<RuleViolation> {
        std::mem::take(
            &mut *self
                .violations
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    fn record(&self, headers: &HeaderMap, message: String) {
        let caller = CredentialScope::of(headers).map_or("", |scope| scope.access_key);
        let violation = RuleViolation {
            caller: caller.to_owned(),
            operation: operation(headers).to_owned(),
            message,
        };
        tracing::warn!("DynamoDB would refuse {violation}");
        let mut violations = self
            .violations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        violations.push(violation);
    }
}

/// Refuses and records a request that breaks a rule.
pub(crate) async fn enforce(
    State((rules, dynamodb)): State<(Arc<DynamoDbRules>, Arc<DynamoDb>)>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let input = match parts.extensions.get::<JsonBody>() {
        Some(JsonBody(input)) => Arc::clone(input),
        None => Arc::new(serde_json::from_slice(&body).unwrap_or_default()),
    };
    if let Err(message) = check(operation(&parts.headers), &input, &rules.schema) {
        let refusal = json!({
            "__type": "com.amazon.coral.validate#ValidationException",
            "message": message,
        });
        rules.record(&parts.headers, message);
        return (StatusCode::BAD_REQUEST, Json(refusal)).into_response();
    }
    let headers = parts.headers.clone();
    let request = Request::from_parts(parts, Body::from(body));
    let response = next.run(request).await;
    if response.status().is_success() {
        let actions = Action::all(operation(&headers), &input);
        let updates = actions.iter().filter(|action| action.verb == Verb::Update);
        let keys: Vec<_> = updates.flat_map(|update| &update.keys).collect();
        if !keys.is_empty() {
            for item in dynamodb.items(json!(keys)).await {
                let item = item.as_object();
                let checked = item.map(|item| values::check_updated(item, &rules.schema));
                if let Some(Err(message)) = checked {
                    rules.record(&headers, message);
                }
            }
        }
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    if let Some(message) = invalid(&body) {
        rules.record(&headers, message);
    }
    Response::from_parts(parts, Body::from(body))
}

/// DynamoDB's error message, if the request breaks a rule.
fn check(operation: &str, input: &Value, schema: &Schema) -> Result<(), String> {
    limits::check(operation, input)?;
    let actions = Action::all(operation, input);
    for action in &actions {
        values::check(action, schema)?;
        expression_checks::check(action, schema)?;
        if action.verb == Verb::Query {
            query::check(action, schema)?;
        }
    }
    values::check_together(operation, &actions, schema)
}

/// The error message of the engine, if the engine reports the request as invalid.
fn invalid(body: &[u8]) -> Option<String> {
    let error: Value = serde_json::from_slice(body).ok()?;
    let name = error.get("__type")?.as_str()?.rsplit('#').next()?;
    let message = ["message", "Message"]
        .iter()
        .find_map(|name| error.get(name)?.as_str());
    if INVALID.contains(&name) {
        return Some(format!("{name}: {}", message.unwrap_or_default()));
    }
    let mut reasons = action::elements(&error, "CancellationReasons").iter();
    let reason =
        reasons.find(|reason| reason.get("Code").is_some_and(|it| it == "ValidationError"))?;
    let message = reason.get("Message").and_then(Value::as_str);
    Some(format!("{name}: {}", message.unwrap_or_default()))
}

fn operation(headers: &HeaderMap) -> &str {
    let target = headers.get(TARGET).and_then(|target| target.to_str().ok());
    let operation = target.and_then(|target| target.rsplit('.').next());
    operation.unwrap_or_default()
}

#[cfg(test)]
mod tests;
