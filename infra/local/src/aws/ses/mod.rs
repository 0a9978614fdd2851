//! SES, version 2 of its API: refuses what SES refuses, keeps what it takes, and sends nothing.

mod error;
mod faults;
mod identities;
mod mailbox;
mod outbox;
mod send_email;

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
use shared::clock::SharedClock;

use crate::listener::NoReply;
use crate::storage::{Storage, StorageError};
use error::SesError;
use faults::Faults;
use identities::Identities;
use outbox::Outbox;
use send_email::SendEmailRequest;

pub(crate) use faults::Fault;
pub(crate) use identities::{IdentityName, Verification};
pub(crate) use outbox::Email;

/// What a request to SES may be long: a mail of 40 MB, in base64 and JSON.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// The stand-in's state.
pub(crate) struct Ses {
    clock: SharedClock,
    identities: Identities,
    outbox: Outbox,
    faults: Faults,
}

impl Ses {
    /// The stand-in as the last run left it. Mails are dated by `clock`.
    pub(crate) fn open(storage: &Storage, clock: SharedClock) -> Result<Self, StorageError> {
        Ok(Self {
            clock,
            identities: Identities::open(storage.clone())?,
            outbox: Outbox::open(storage.clone())?,
            faults: Faults::default(),
        })
    }

    /// The API as the SDK speaks it.
    pub(crate) fn router(self: &Arc<Self>) -> Router {
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
            .with_state(Arc::clone(self))
    }

    /// Every mail that was accepted, the oldest first.
    pub(crate) fn emails(&self) -> Vec<Email> {
        self.outbox.all()
    }

    /// What the next sends meet, in place of what was still to come.
    pub(crate) fn set_faults(&self, next: Vec<Fault>) {
        self.faults.replace(next);
    }

    /// Does what a click on a verification link does, or its absence. Makes the identity if need be.
    pub(crate) fn set_verified(
        &self,
        identity: IdentityName,
        verified: bool,
    ) -> Result<Verification, StorageError> {
        self.identities.set_verified(identity, verified)
    }

    fn accept(&self, request: SendEmailRequest) -> Result<Response, SesError> {
        let message = request.checked(|address| self.identities.may_send_as(address))?;
        let id = self.outbox.accept(message, self.clock.now())?;
        Ok(Json(json!({ "MessageId": id })).into_response())
    }
}

async fn send_email(
    State(ses): State<Arc<Ses>>,
    request: Request<Body>,
) -> Result<Response, SesError> {
    let request: SendEmailRequest = input(request).await?;
    match ses.faults.next() {
        None => ses.accept(request),
        Some(Fault::Throttle) => Err(SesError::too_many_requests()),
        Some(Fault::Reject) => Err(SesError::message_rejected(
            "Message rejected: the content of this message is not acceptable.",
        )),
        Some(Fault::Error) => Err(SesError::internal()),
        Some(Fault::Timeout) => {
            ses.accept(request)?;
            std::future::pending().await
        }
        Some(Fault::LostReply) => {
            ses.accept(request)?;
            Ok(NoReply.into_response())
        }
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
