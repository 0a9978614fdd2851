//! `POST /v1/conversations/{conversation_id}/transcripts`: mails the public messages of a
//! conversation on behalf of an agent.
//!
//! SES has no idempotency. The order of the steps prevents a second mail and a lost slot:
//! 1. Read and validate.
//! 2. Reserve the slot, and write the transcript in the state `reserved`.
//! 3. Send once.
//! 4. Record the outcome.

mod deliver;
mod draft;
mod finish;
mod limits;
mod mailer;
mod prepare;
mod prior_attempt;
mod public_thread;
mod rating_request;
mod record;
mod refusals;
mod release;
mod request;
mod reserve;
#[cfg(test)]
mod samples;
mod settings;

use std::time::Duration;

use aws::{Environment, EnvironmentError};
use domain::TRANSCRIPTS_PER_CONVERSATION;
use dynamodb::Table;
use errors::{Failure, Fault, FaultCode, Refusal, RefusalCode};
use lambda::http::{HttpHandler, HttpRequest, HttpResponse, TenantResolver};
use serde::Serialize;
use serde_json::{Value, json};
use store::{RatingRequestInMail, TranscriptItem};

use crate::deliver::{Delivery, SEND_BUDGET, deliver, too_late};
use crate::draft::Draft;
use crate::finish::{Finished, finish};
use crate::limits::count_remaining;
use crate::mailer::Mailer;
use crate::prepare::{Prepared, prepare};
use crate::prior_attempt::PriorAttempt;
use crate::rating_request::note_unmailed;
use crate::record::{note_rating_request, record_sent, record_unknown};
use crate::refusals::{refuse_sender, refuse_until_reset};
use crate::release::release;
use crate::request::TranscriptRequest;
use crate::reserve::{Reserved, reserve};
use crate::settings::Settings;

/// The language of transcripts that an earlier version sent.
const ENGLISH: &str = "en";

/// How often a transcript is prepared again because its conversation changed.
const RETRIES: u32 = 5;

/// The time that creating the rating request may take before the send.
const ASK_BUDGET: Duration = Duration::from_secs(8);

/// Sends transcripts.
#[derive(Clone, Debug)]
pub struct SendTranscript {
    table: Table,
    tenants: TenantResolver,
    mailer: Mailer,
    settings: Settings,
}

/// The response body for a sent transcript.
#[derive(Serialize)]
struct TranscriptBody<'a> {
    transcript: Value,
    quota: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating_request: Option<&'a RatingRequestInMail>,
}

/// The outcome of one attempt at a prepared transcript.
enum Attempt {
    Done(HttpResponse),
    /// Nothing was sent, and nothing is reserved. The transcript is prepared again.
    ConversationChanged,
}

impl HttpHandler for SendTranscript {
    type Route = ();

    const ROUTES: &'static [(&'static str, ())] =
        &[("POST /v1/conversations/{conversation_id}/transcripts", ())];

    async fn handle(&self, (): (), http_request: HttpRequest) -> Result<HttpResponse, Failure> {
        let mut request = TranscriptRequest::decode(&http_request, &self.tenants)?;
        let mut known = None;
        for _ in 0..=RETRIES {
            let draft = match prepare(&self.table, &self.settings, &request, known.as_ref()).await?
            {
                Prepared::Draft(draft) => draft,
                Prepared::ThreadIsOlder(version) => {
                    known = Some(version);
                    continue;
                }
                Prepared::PriorAttempt(earlier) => return respond_to_retry(earlier),
            };
            match self.attempt(&http_request, &request, *draft).await? {
                Attempt::Done(response) => return Ok(response),
                Attempt::ConversationChanged => {}
            }
            request.begin_attempt();
        }
        Err(Fault::contended("other writes kept changing the conversation of a transcript").into())
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
            settings: Settings::from_environment(environment)?,
        })
    }

    /// Runs steps 2 to 4.
    async fn attempt(
        &self,
        http_request: &HttpRequest,
        request: &TranscriptRequest,
        draft: Draft,
    ) -> Result<Attempt, Failure> {
        let Self {
            table, settings, ..
        } = self;
        match reserve(table, settings, http_request, request, &draft).await? {
            Reserved::Slot => {}
            Reserved::PriorAttempt(earlier) => return respond_to_retry(earlier).map(Attempt::Done),
            Reserved::NoConversation => return Err(Refusal::conversation_not_found().into()),
            Reserved::ConversationChanged => return Ok(Attempt::ConversationChanged),
            Reserved::LimitReached(limit) => {
                return Err(refuse_until_reset(limit, request.now).into());
            }
        }
        if http_request.time_left() < budget(request) {
            release(table, http_request, request).await;
            return Err(too_late().into());
        }
        let prepared = match finish(table, settings, request, draft).await {
            Ok(Finished::PreparedEmail(prepared)) => *prepared,
            Ok(Finished::ConversationChanged) => {
                release(table, http_request, request).await;
                return Ok(Attempt::ConversationChanged);
            }
            Err(failure) => {
                release(table, http_request, request).await;
                return Err(failure);
            }
        };
        let item = prepared.item.clone();
        let (delivery, remaining, ()) = tokio::join!(
            deliver(table, &self.mailer, http_request, request, prepared),
            count_remaining(table, request),
            note_rating_request(table, request, &item),
        );
        let failure = match delivery {
            Delivery::Accepted => {
                record_sent(table, request, &item, remaining).await;
                return Ok(Attempt::Done(describe(&item, remaining)));
            }
            Delivery::Unknown(fault) => {
                record_unknown(table, request).await;
                return Err(fault.into());
            }
            Delivery::ConversationChanged => None,
            Delivery::NoConversation => Some(Refusal::conversation_not_found().into()),
            Delivery::SenderNotVerified => Some(refuse_sender().into()),
            Delivery::NothingSent(fault) => Some(fault.into()),
        };
        tokio::join!(
            release(table, http_request, request),
            note_unmailed(table, request, &item),
        );
        failure.map_or(Ok(Attempt::ConversationChanged), Err)
    }
}

/// The time that the rating request, the send and the record of its outcome may take together.
fn budget(request: &TranscriptRequest) -> Duration {
    match request.beneath {
        Some(_) => SEND_BUDGET + ASK_BUDGET,
        None => SEND_BUDGET,
    }
}

/// The response to a retry under the same idempotency key.
fn respond_to_retry(earlier: PriorAttempt) -> Result<HttpResponse, Failure> {
    match earlier {
        PriorAttempt::Sent(transcript) => {
            let remaining = transcript.remaining.unwrap_or_default();
            Ok(describe(&transcript, remaining).replayed())
        }
        PriorAttempt::Unknown => Err(Fault::new(
            FaultCode::EmailOutcomeUnknown,
            "the outcome of the mail of an earlier request with this idempotency key is unknown",
        )
        .replayed()
        .into()),
        PriorAttempt::InFlight => Err(Refusal::new(
            RefusalCode::IdempotencyKeyInUse,
            "A request with this idempotency key is still in progress.",
        )
        .into()),
        PriorAttempt::OtherPayload => Err(Refusal::idempotency_key_reused().into()),
    }
}

fn describe(transcript: &TranscriptItem, remaining: u32) -> HttpResponse {
    HttpResponse::created(TranscriptBody {
        transcript: json!({
            "id": transcript.transcript_id,
            "to": transcript.to,
            "from": transcript.from,
            "sender_name": transcript.sender_name,
            "language": transcript.language.as_deref().unwrap_or(ENGLISH),
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
    fn a_retry_after_an_attempt_without_a_response_is_answered_by_its_state() {
        for (attempt, expected) in [
            (PriorAttempt::Unknown, (504, "email_outcome_unknown")),
            (PriorAttempt::InFlight, (409, "idempotency_key_in_use")),
            (PriorAttempt::OtherPayload, (422, "idempotency_key_reused")),
        ] {
            let outcome = match respond_to_retry(attempt) {
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
