//! The SES API for the SDK: JSON over HTTP.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::Request;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::aws::ses::error::SesError;
use crate::aws::ses::list_identities::{self, ListEmailIdentitiesRequest};
use crate::aws::ses::mailbox::Address;
use crate::aws::ses::send_email::{Checked, SendEmailRequest};
use crate::aws::ses::{Email, Fault, IdentityName, MailEvents, Ses};
use crate::listener::NoReply;

/// The maximum size of a request to SES: a mail of 40 MB, in base64 and JSON.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// The operations that are supported.
pub(crate) fn router(ses: Arc<Ses>) -> Router {
    let at_limited_rate = middleware::from_fn_with_state(Arc::clone(&ses), limit_rate);
    Router::new()
        .route("/v2/email/list-identities", post(list_identities))
        .route("/v2/email/identities", post(create_identity))
        .route("/v2/email/identities/{identity}", delete(delete_identity))
        .route_layer(at_limited_rate)
        .route("/v2/email/outbound-emails", post(send_email))
        .with_state(ses)
}

async fn limit_rate(
    State(ses): State<Arc<Ses>>,
    request: Request<Body>,
    next: Next,
) -> Result<Response, SesError> {
    if ses.admits_call() {
        Ok(next.run(request).await)
    } else {
        Err(SesError::too_many_calls())
    }
}

async fn send_email(
    State(ses): State<Arc<Ses>>,
    request: Request<Body>,
) -> Result<Response, SesError> {
    let request: SendEmailRequest = input(request).await?;
    match ses.faults.next() {
        None => {
            let accepted = Accepted::new(&ses, request)?;
            Ok(Json(json!({ "MessageId": accepted.email.id() })).into_response())
        }
        Some(Fault::Throttle) => Err(SesError::too_many_mails()),
        Some(Fault::Reject) => Err(SesError::message_rejected(
            "Message rejected: the content of this message is not acceptable.",
        )),
        Some(Fault::Error) => Err(SesError::internal()),
        Some(Fault::Timeout) => {
            let _accepted = Accepted::new(&ses, request)?;
            std::future::pending().await
        }
        Some(Fault::LostReply) => {
            Accepted::new(&ses, request)?;
            Ok(NoReply.into_response())
        }
    }
}

/// An accepted mail. Its events are published when it is dropped at the end of the call, even if
/// the caller stops waiting.
struct Accepted {
    email: Email,
    events: Arc<MailEvents>,
}

impl Accepted {
    fn new(ses: &Ses, request: SendEmailRequest) -> Result<Self, SesError> {
        let Checked {
            from,
            recipients,
            message,
        } = request.checked()?;
        let recipients: &[Address] = if ses.limits.sandbox { &recipients } else { &[] };
        let is_allowed =
            |address: &&Address| address.is_simulator() || ses.identities.is_verified(address);
        let refused: Vec<_> = std::iter::once(&from)
            .filter(|from| !ses.identities.is_verified(from))
            .chain(recipients.iter().filter(|address| !is_allowed(address)))
            .collect();
        if !refused.is_empty() {
            return Err(SesError::not_verified(&refused));
        }
        Ok(Self {
            email: ses.outbox.accept(message, ses.clock.now())?,
            events: Arc::clone(&ses.events),
        })
    }
}

impl Drop for Accepted {
    fn drop(&mut self) {
        self.events.publish(&self.email);
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateEmailIdentityRequest {
    email_identity: String,
}

async fn create_identity(
    State(ses): State<Arc<Ses>>,
    request: Request<Body>,
) -> Result<Json<Value>, SesError> {
    let request: CreateEmailIdentityRequest = input(request).await?;
    let identity = identity_name(&request.email_identity)?;
    let kind = identity.kind();
    if !ses.identities.create(identity)? {
        return Err(SesError::already_exists(&request.email_identity));
    }
    Ok(Json(json!({
        "IdentityType": kind,
        "VerifiedForSendingStatus": false,
        "DkimAttributes": {"SigningEnabled": false, "Status": "NOT_STARTED", "Tokens": []},
    })))
}

async fn delete_identity(
    State(ses): State<Arc<Ses>>,
    Path(identity): Path<String>,
) -> Result<Json<Value>, SesError> {
    if ses.identities.delete(&identity_name(&identity)?)? {
        Ok(Json(json!({})))
    } else {
        Err(SesError::not_found(&identity))
    }
}

async fn list_identities(
    State(ses): State<Arc<Ses>>,
    request: Request<Body>,
) -> Result<Json<Value>, SesError> {
    let request: ListEmailIdentitiesRequest = input(request).await?;
    list_identities::page(request, &ses.identities.all()).map(Json)
}

fn identity_name(text: &str) -> Result<IdentityName, SesError> {
    IdentityName::parse(text)
        .ok_or_else(|| SesError::bad_request(format!("Invalid email identity <{text}>.")))
}

async fn input<T: DeserializeOwned>(request: Request<Body>) -> Result<T, SesError> {
    let body = to_bytes(request.into_body(), BODY_LIMIT)
        .await
        .map_err(|_| SesError::bad_request("The request is too long."))?;
    serde_json::from_slice(&body).map_err(|error| SesError::bad_request(error.to_string()))
}
