//! The API as the SDK speaks it: JSON over HTTP.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::error::SesError;
use super::send_email::SendEmailRequest;
use super::{Email, Fault, IdentityName, MailEvents, Ses, Verification};
use crate::listener::NoReply;

/// What a request to SES may be long: a mail of 40 MB, in base64 and JSON.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// The operations that are understood.
pub(crate) fn router(ses: Arc<Ses>) -> Router {
    Router::new()
        .route("/v2/email/outbound-emails", post(send_email))
        .route(
            "/v2/email/identities",
            get(list_identities).post(create_identity),
        )
        .route(
            "/v2/email/identities/{identity}",
            get(get_identity).delete(delete_identity),
        )
        .with_state(ses)
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
        Some(Fault::Throttle) => Err(SesError::too_many_requests()),
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

/// A mail that was accepted. Its events follow the end of the call, whatever ends it: an answer, or
/// a caller that waits no longer.
struct Accepted {
    email: Email,
    events: Arc<MailEvents>,
}

impl Accepted {
    fn new(ses: &Ses, request: SendEmailRequest) -> Result<Self, SesError> {
        let message = request.checked(|address| ses.identities.may_send_as(address))?;
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

async fn get_identity(
    State(ses): State<Arc<Ses>>,
    Path(identity): Path<String>,
) -> Result<Json<Value>, SesError> {
    let name = identity_name(&identity)?;
    let verification = ses
        .identities
        .get(&name)
        .ok_or_else(|| SesError::not_found(&identity))?;
    Ok(Json(json!({
        "IdentityType": name.kind(),
        "VerifiedForSendingStatus": verification == Verification::Success,
        "VerificationStatus": verification,
        "FeedbackForwardingStatus": true,
        "DkimAttributes": {"SigningEnabled": false, "Status": "NOT_STARTED", "Tokens": []},
        "MailFromAttributes": {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"},
        "Policies": {},
        "Tags": [],
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

async fn list_identities(State(ses): State<Arc<Ses>>) -> Json<Value> {
    let identities = ses
        .identities
        .all()
        .into_iter()
        .map(|(name, verification)| {
            json!({
                "IdentityType": name.kind(),
                "IdentityName": name,
                "SendingEnabled": verification == Verification::Success,
                "VerificationStatus": verification,
            })
        });
    Json(json!({ "EmailIdentities": identities.collect::<Vec<_>>() }))
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
