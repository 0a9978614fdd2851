//! Mails the public messages of a conversation: `POST /v1/conversations/{conversation_id}/transcripts` on
//! behalf of an agent, `POST /v1/visitor/transcripts` to the visitor who asks for it.
//! `POST /v1/conversations/{conversation_id}/transcripts/preview` returns the mail instead.
//!
//! SES has no idempotency. The order of the steps prevents a second mail and a lost slot:
//! 1. Read and validate.
//! 2. Reserve the slot, and write the transcript in the state `reserved`.
//! 3. Create the rating request, if the caller asked for one, and finish the mail.
//! 4. Send. If SES throttles the call, nothing was sent, and the call is repeated once.
//! 5. Record the outcome.

mod draft;
mod earlier_request;
mod finish;
mod limits;
mod mailer;
mod prepare;
mod preview;
mod public_thread;
mod rating_request;
mod record;
mod refusals;
mod release;
mod request;
mod reserve;
#[cfg(test)]
mod samples;
mod send;
mod stack_parameters;
mod visitor;

use std::time::Duration;

use aws::{Environment, EnvironmentError};
use domain::TRANSCRIPTS_PER_CONVERSATION;
use dynamodb::Table;
use errors::{Failure, Fault, FaultCode, Refusal, RefusalCode};
use lambda::http::{HttpHandler, HttpRequest, HttpResponse, TenantResolver};
use serde::Serialize;
use serde_json::{Value, json};
use settings_cache::SettingsCache;
use store::{RatingRequestInMail, TranscriptItem};

use crate::draft::Draft;
use crate::earlier_request::EarlierRequest;
use crate::finish::{Finished, finish, finish_preview};
use crate::limits::count_remaining;
use crate::mailer::Mailer;
use crate::prepare::{Prepared, VersionReadBefore, prepare};
use crate::preview::describe_preview;
use crate::rating_request::mark_unmailed;
use crate::record::{note_rating_request, record_sent, record_unknown};
use crate::refusals::{refuse_conversation, refuse_sender, refuse_until_reset};
use crate::release::release;
use crate::request::{Purpose, RequestedBy, TranscriptRequest};
use crate::reserve::{Reserved, reserve};
use crate::send::{SEND_BUDGET, SendOutcome, send, too_late};
use crate::stack_parameters::StackParameters;
use crate::visitor::decode_visitor_request;

/// How often a transcript is prepared again because its conversation changed or its thread may be
/// stale.
const PREPARE_RETRIES: u32 = 5;

/// The time that creating the rating request may take before the send.
const ASK_BUDGET: Duration = Duration::from_secs(8);

/// Sends transcripts.
#[derive(Clone, Debug)]
pub struct SendTranscript {
    table: Table,
    tenants: TenantResolver,
    mailer: Mailer,
    stack: StackParameters,
    settings: SettingsCache,
}

/// The response body for a sent transcript.
#[derive(Serialize)]
struct TranscriptBody<'a> {
    transcript: Value,
    quota: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating_request: Option<&'a RatingRequestInMail>,
}

/// The outcome of step 1.
enum Ready {
    Draft(Box<Draft>),
    EarlierRequest(EarlierRequest),
}

/// The outcome of one attempt at a prepared transcript.
enum Attempt {
    Done(HttpResponse),
    /// Nothing was sent, and nothing is reserved. The transcript is prepared again.
    ConversationChanged,
}

/// The routes of this function.
#[derive(Clone, Copy, Debug)]
pub enum Route {
    /// Sends a transcript on behalf of an agent.
    Send,
    /// Shows the mail of a transcript.
    Preview,
    /// Sends a transcript to the visitor who asks for it.
    SendToVisitor,
}

impl HttpHandler for SendTranscript {
    type Route = Route;

    const ROUTES: &'static [(&'static str, Route)] = &[
        (
            "POST /v1/conversations/{conversation_id}/transcripts",
            Route::Send,
        ),
        (
            "POST /v1/conversations/{conversation_id}/transcripts/preview",
            Route::Preview,
        ),
        ("POST /v1/visitor/transcripts", Route::SendToVisitor),
    ];

    async fn handle(
        &self,
        route: Route,
        http_request: HttpRequest,
    ) -> Result<HttpResponse, Failure> {
        let Self {
            table,
            tenants,
            stack,
            settings,
            ..
        } = self;
        let request = match route {
            Route::Send => TranscriptRequest::of_agent(&http_request, tenants, Purpose::Send)?,
            Route::Preview => {
                TranscriptRequest::of_agent(&http_request, tenants, Purpose::Preview)?
            }
            Route::SendToVisitor => {
                decode_visitor_request(table, tenants, settings, stack, &http_request).await?
            }
        };
        match request.purpose {
            Purpose::Send => self.send(&http_request, request).await,
            Purpose::Preview => self.preview(&request).await,
        }
    }
}

impl SendTranscript {
    /// Creates the handler from environment variables.
    ///
    /// # Errors
    /// If a required variable is missing or a variable is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            tenants: TenantResolver::from_environment(environment)?,
            mailer: Mailer::from_environment(environment)?,
            stack: StackParameters::from_environment(environment)?,
            settings: SettingsCache::default(),
        })
    }

    async fn send(
        &self,
        http_request: &HttpRequest,
        mut request: TranscriptRequest,
    ) -> Result<HttpResponse, Failure> {
        for _ in 0..=PREPARE_RETRIES {
            let draft = match self.prepare(&request).await? {
                Ready::Draft(draft) => draft,
                Ready::EarlierRequest(earlier_request) => {
                    return respond_to_retry(request.requested_by, earlier_request);
                }
            };
            match self.attempt(http_request, &request, *draft).await? {
                Attempt::Done(response) => return Ok(response),
                Attempt::ConversationChanged => {}
            }
            request.begin_attempt();
        }
        Err(changed_too_often())
    }

    async fn preview(&self, request: &TranscriptRequest) -> Result<HttpResponse, Failure> {
        match self.prepare(request).await? {
            Ready::Draft(draft) => describe_preview(&finish_preview(&self.stack, request, *draft)?),
            Ready::EarlierRequest(earlier_request) => {
                respond_to_retry(request.requested_by, earlier_request)
            }
        }
    }

    /// Runs step 1 until the thread is current.
    async fn prepare(&self, request: &TranscriptRequest) -> Result<Ready, Failure> {
        let Self {
            table,
            stack,
            settings,
            ..
        } = self;
        let mut version_read_before = VersionReadBefore::None;
        for _ in 0..=PREPARE_RETRIES {
            match prepare(table, stack, settings, request, &version_read_before).await? {
                Prepared::Draft(draft) => return Ok(Ready::Draft(draft)),
                Prepared::EarlierRequest(earlier_request) => {
                    return Ok(Ready::EarlierRequest(earlier_request));
                }
                Prepared::ThreadMayBeStale(version) => {
                    version_read_before = VersionReadBefore::Version(version);
                }
            }
        }
        Err(changed_too_often())
    }

    /// Runs steps 2 to 5.
    async fn attempt(
        &self,
        http_request: &HttpRequest,
        request: &TranscriptRequest,
        draft: Draft,
    ) -> Result<Attempt, Failure> {
        let Self { table, stack, .. } = self;
        match reserve(table, stack, http_request, request, &draft).await? {
            Reserved::Slot => {}
            Reserved::EarlierRequest(earlier_request) => {
                return respond_to_retry(request.requested_by, earlier_request).map(Attempt::Done);
            }
            Reserved::NoConversation => {
                return Err(refuse_conversation(request.requested_by).into());
            }
            Reserved::ConversationChanged => return Ok(Attempt::ConversationChanged),
            Reserved::LimitReached(limit) => {
                return Err(refuse_until_reset(limit, request.now).into());
            }
        }
        if http_request.time_left() < time_to_send(request) {
            release(table, http_request, request).await;
            return Err(too_late().into());
        }
        let finished = match finish(table, stack, request, draft).await {
            Ok(Finished::Mail(finished)) => *finished,
            Ok(Finished::ConversationChanged) => {
                release(table, http_request, request).await;
                return Ok(Attempt::ConversationChanged);
            }
            Err(failure) => {
                release(table, http_request, request).await;
                return Err(failure);
            }
        };
        let item = finished.item.clone();
        let (sent, remaining, ()) = tokio::join!(
            send(table, &self.mailer, http_request, request, finished),
            count_remaining(table, request),
            note_rating_request(table, request, &item),
        );
        let failure = match sent {
            SendOutcome::Accepted => {
                record_sent(table, request, &item, remaining).await;
                return Ok(Attempt::Done(describe(
                    request.requested_by,
                    &item,
                    remaining,
                )));
            }
            SendOutcome::Unknown(fault) => {
                record_unknown(table, request).await;
                return Err(fault.into());
            }
            SendOutcome::ConversationChanged => None,
            SendOutcome::NoConversation => Some(refuse_conversation(request.requested_by).into()),
            SendOutcome::SenderNotVerified => Some(refuse_sender(request.requested_by)),
            SendOutcome::NothingSent(fault) => Some(fault.into()),
        };
        tokio::join!(
            release(table, http_request, request),
            mark_unmailed(table, request, &item),
        );
        failure.map_or(Ok(Attempt::ConversationChanged), Err)
    }
}

/// The time that the rating request, the send and the record of its outcome may take together.
fn time_to_send(request: &TranscriptRequest) -> Duration {
    match request.rating_request {
        Some(_) => SEND_BUDGET + ASK_BUDGET,
        None => SEND_BUDGET,
    }
}

/// The response to a retry under the same idempotency key.
fn respond_to_retry(
    requested_by: RequestedBy,
    earlier_request: EarlierRequest,
) -> Result<HttpResponse, Failure> {
    match earlier_request {
        EarlierRequest::Sent(transcript) => {
            let remaining = transcript.remaining.unwrap_or_default();
            Ok(describe(requested_by, &transcript, remaining).replayed())
        }
        EarlierRequest::Unknown => Err(Fault::new(
            FaultCode::EmailOutcomeUnknown,
            "the outcome of the mail of an earlier request with this idempotency key is unknown",
        )
        .replayed()
        .into()),
        EarlierRequest::InFlight => Err(Refusal::new(
            RefusalCode::IdempotencyKeyInUse,
            "A request with this idempotency key is still in progress.",
        )
        .into()),
        EarlierRequest::OtherPayload => Err(Refusal::idempotency_key_reused().into()),
    }
}

fn changed_too_often() -> Failure {
    Fault::contended("the conversation of a transcript changed in every attempt").into()
}

/// The response to a transcript that was sent. The widget of a visitor may be used by somebody else on
/// the same computer, so it gets the address masked.
fn describe(
    requested_by: RequestedBy,
    transcript: &TranscriptItem,
    remaining: u32,
) -> HttpResponse {
    let to = match requested_by {
        RequestedBy::Agent => transcript.to.to_string(),
        RequestedBy::Visitor => transcript.to.mask(),
    };
    HttpResponse::created(TranscriptBody {
        transcript: json!({
            "id": transcript.transcript_id,
            "to": to,
            "from": transcript.from,
            "sender_name": transcript.sender_name,
            "language": transcript.language_code(),
            "message_count": transcript.message_count,
            "sent_at": transcript.sent_at,
        }),
        quota: json!({
            "limit": TRANSCRIPTS_PER_CONVERSATION,
            "remaining": remaining,
            "resets_at": transcript.hour().resets_at(),
        }),
        rating_request: transcript.rating_request.as_ref(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retry_gets_the_response_for_the_state_of_the_earlier_request() {
        for (earlier_request, expected) in [
            (EarlierRequest::Unknown, (504, "email_outcome_unknown")),
            (EarlierRequest::InFlight, (409, "idempotency_key_in_use")),
            (
                EarlierRequest::OtherPayload,
                (422, "idempotency_key_reused"),
            ),
        ] {
            let outcome = match respond_to_retry(RequestedBy::Agent, earlier_request) {
                Ok(_) => panic!("no mail was sent"),
                Err(Failure::Refused(refusal)) => {
                    (refusal.code().status(), refusal.code().as_str())
                }
                Err(Failure::Faulted(fault)) => (fault.code().status(), fault.code().as_str()),
            };
            assert_eq!(outcome, expected);
        }
    }
}
