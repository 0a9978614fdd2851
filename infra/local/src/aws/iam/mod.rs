//! IAM: each function may only do what the template's policies allow its role.
//!
//! The access key identifies the function, and equals the name of its folder. Any other access key
//! belongs to the account's owner, who may do everything.

mod arn;
mod context;
mod policy;
mod required_permissions;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::aws::credential_scope::CredentialScope;
use crate::template::{Effect, Statement, Template};
use policy::Decision;
use required_permissions::RequiredPermission;

/// An access key of the account's owner.
pub(crate) const OWNER: &str = "local";

/// The maximum size of a request to AWS: a mail of 40 MB, in base64 and JSON.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// A function's permission for an action on a resource: one that it has, used, or was denied.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Permission {
    /// The function's folder.
    pub function: String,
    /// The action, such as `dynamodb:GetItem`.
    pub action: String,
    /// The resource's ARN. A granted permission may contain a `*`.
    pub resource: String,
}

/// The body of a request, for middleware that runs after [`enforce`]. It is `null` if the body is
/// not JSON.
#[derive(Clone)]
pub(crate) struct JsonBody(pub(crate) Arc<Value>);

/// The roles of the functions, and the permissions that were used and denied.
#[derive(Debug)]
pub struct Iam {
    roles: BTreeMap<String, Vec<Statement>>,
    log: Mutex<Log>,
}

#[derive(Debug, Default)]
struct Log {
    used: BTreeSet<Permission>,
    denied: BTreeSet<Permission>,
}

impl Iam {
    pub(crate) fn new(template: &Template) -> Self {
        let functions = template.functions.iter();
        Self {
            roles: functions
                .map(|(folder, function)| (folder.clone(), function.policy.clone()))
                .collect(),
            log: Mutex::default(),
        }
    }

    /// The permissions that the template grants.
    pub fn granted(&self) -> BTreeSet<Permission> {
        let mut granted = BTreeSet::new();
        for (function, statements) in &self.roles {
            let allowing = statements.iter().filter(|it| it.effect == Effect::Allow);
            for statement in allowing {
                for action in &statement.action {
                    let resources = statement.resource.iter();
                    granted.extend(resources.map(|resource| Permission {
                        function: function.clone(),
                        action: action.clone(),
                        resource: resource.clone(),
                    }));
                }
            }
        }
        granted
    }

    /// The granted permissions that were used so far.
    pub fn used(&self) -> BTreeSet<Permission> {
        self.log(|log| log.used.clone())
    }

    /// The permissions that were denied since the last call.
    pub fn take_denied(&self) -> BTreeSet<Permission> {
        self.log(|log| std::mem::take(&mut log.denied))
    }

    /// Records the permissions that the request uses, or the one that it is denied.
    fn check(&self, parts: &Parts, body: &Value) -> Result<(), AccessDenied> {
        let key = CredentialScope::of(&parts.headers).map(|scope| scope.access_key);
        let Some((function, statements)) = key.and_then(|key| self.roles.get_key_value(key)) else {
            return Ok(());
        };
        for need in required_permissions::of(parts, body) {
            let permission = |action: &str, resource: &str| Permission {
                function: function.clone(),
                action: action.to_owned(),
                resource: resource.to_owned(),
            };
            let decision = policy::decide(statements, &need);
            if let Decision::Allowed { action, resource } = decision {
                self.log(|log| log.used.insert(permission(action, resource)));
            } else {
                let denied = permission(&need.action, &need.resource);
                self.log(|log| log.denied.insert(denied));
                return Err(AccessDenied::new(function, &need, decision));
            }
        }
        Ok(())
    }

    fn log<T>(&self, with: impl FnOnce(&mut Log) -> T) -> T {
        with(&mut self.log.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Allows a request to AWS, or denies it in the format of the requested service.
pub(crate) async fn enforce(State(iam): State<Arc<Iam>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let json = Arc::new(serde_json::from_slice(&body).unwrap_or_default());
    parts.extensions.insert(JsonBody(Arc::clone(&json)));
    match iam.check(&parts, &json) {
        Ok(()) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(denied) => {
            tracing::warn!("{}", denied.message);
            denied.into_response()
        }
    }
}

/// Whether the statements of a role allow an action.
pub(crate) fn is_allowed(statements: &[Statement], action: &str, resource: &str) -> bool {
    let need = RequiredPermission::new(action, resource);
    matches!(policy::decide(statements, &need), Decision::Allowed { .. })
}

/// A request without permission.
struct AccessDenied {
    /// Whether the requested service responds in the format of DynamoDB. SES and the scheduler name
    /// the error in a header.
    is_for_dynamodb: bool,
    message: String,
}

impl AccessDenied {
    fn new(function: &str, need: &RequiredPermission, decision: Decision<'_>) -> Self {
        let RequiredPermission {
            action, resource, ..
        } = need;
        let because = match decision {
            Decision::Denied => "with an explicit deny in an identity-based policy".to_owned(),
            _ => format!("because no identity-based policy allows the {action} action"),
        };
        let user = arn::session(function);
        Self {
            is_for_dynamodb: action.starts_with("dynamodb:"),
            message: format!(
                "User: {user} is not authorized to perform: {action} on resource: {resource} \
                 {because}"
            ),
        }
    }
}

impl IntoResponse for AccessDenied {
    fn into_response(self) -> Response {
        let name = "AccessDeniedException";
        if self.is_for_dynamodb {
            let body = json!({
                "__type": format!("com.amazon.coral.service#{name}"),
                "Message": self.message,
            });
            (StatusCode::BAD_REQUEST, Json(body)).into_response()
        } else {
            let body = Json(json!({ "message": self.message }));
            let mut response = (StatusCode::FORBIDDEN, body).into_response();
            let headers = response.headers_mut();
            headers.insert("x-amzn-errortype", HeaderValue::from_static(name));
            response
        }
    }
}
