//! `POST /v1/conversations/{conversation_id}/transcripts`: mails the public messages of a
//! conversation on behalf of an agent.
//!
//! SES has no idempotency. The order of the steps prevents a second mail and a lost slot:
//! 1. Read and validate.
//! 2. Reserve the slot, and write the transcript in the state `reserved`.
//! 3. Send once.
//! 4. Record the outcome.

mod ask;
mod deliver;
mod draft;
mod function;
mod mailer;
mod prepare;
mod record;
mod refusals;
mod request;
mod reserve;
mod settings;

use std::time::Duration;

use domain::TRANSCRIPTS_PER_CONVERSATION;
use errors::{Failure, Fault, FaultCode, Refusal, RefusalCode};
use lambda::http::{HttpHandler, HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::{Value, json};
use store::{RatingRequestInMail, TranscriptItem};

use crate::ask::Finished;
use crate::deliver::{Delivery, SEND_BUDGET, too_late};
use crate::draft::Draft;
pub use crate::function::SendTranscript;
use crate::prepare::Prepared;
use crate::refusals::{refuse_sender, refuse_until_reset};
use crate::request::TranscriptRequest;
use crate::reserve::{PriorAttempt, Reserved};

/// How often a transcript is prepared again because its conversation changed.
const RETRIES: u32 = 5;

/// The time that creating the rating request may take before the send.
const ASK_BUDGET: Duration = Duration::from_secs(8);

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

    async fn handle(&self, (): (), call: HttpRequest) -> Result<HttpResponse, Failure> {
        let mut request = TranscriptRequest::decode(&call, &self.tenants)?;
        let mut known = None;
        for _ in 0..=RETRIES {
            let draft = match self.prepare(&request, known.as_ref()).await? {
                Prepared::Draft(draft) => draft,
                Prepared::ThreadIsOlder(version) => {
                    known = Some(version);
                    continue;
                }
                Prepared::PriorAttempt(earlier) => return answer_again(earlier),
            };
            match self.attempt(&call, &request, *draft).await? {
                Attempt::Done(answer) => return Ok(answer),
                Attempt::ConversationChanged => {}
            }
            request.begin_attempt();
        }
        Err(Fault::contended("a conversation kept changing while its transcript was sent").into())
    }
}

impl SendTranscript {
    /// Runs steps 2 to 4.
    async fn attempt(
        &self,
        call: &HttpRequest,
        request: &TranscriptRequest,
        draft: Draft,
    ) -> Result<Attempt, Failure> {
        match self.reserve(call, request, &draft).await? {
            Reserved::Slot => {}
            Reserved::PriorAttempt(earlier) => return answer_again(earlier).map(Attempt::Done),
            Reserved::NoConversation => return Err(Refusal::conversation_not_found().into()),
            Reserved::ConversationChanged => return Ok(Attempt::ConversationChanged),
            Reserved::LimitReached(limit) => {
                return Err(refuse_until_reset(limit, request.now).into());
            }
        }
        if call.time_left() < budget(request) {
            self.release(call, request).await;
            return Err(too_late().into());
        }
        let prepared = match self.finish(request, draft).await {
            Ok(Finished::PreparedEmail(prepared)) => *prepared,
            Ok(Finished::ConversationChanged) => {
                self.release(call, request).await;
                return Ok(Attempt::ConversationChanged);
            }
            Err(failure) => {
                self.release(call, request).await;
                return Err(failure);
            }
        };
        let item = prepared.item.clone();
        let (delivery, remaining, ()) = tokio::join!(
            self.deliver(call, request, prepared),
            self.count_remaining(request),
            self.note_rating_request(request, &item),
        );
        let failure = match delivery {
            Delivery::Accepted => {
                self.record_sent(request, &item, remaining).await;
                return Ok(Attempt::Done(describe(&item, remaining)));
            }
            Delivery::Unknown(fault) => {
                self.record_unknown(request).await;
                return Err(fault.into());
            }
            Delivery::ConversationChanged => None,
            Delivery::NoConversation => Some(Refusal::conversation_not_found().into()),
            Delivery::SenderNotVerified => Some(refuse_sender().into()),
            Delivery::NothingSent(fault) => Some(fault.into()),
        };
        tokio::join!(
            self.release(call, request),
            self.note_unmailed(request, &item),
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
fn answer_again(earlier: PriorAttempt) -> Result<HttpResponse, Failure> {
    match earlier {
        PriorAttempt::Sent(transcript) => {
            let remaining = transcript.remaining.unwrap_or_default();
            Ok(describe(&transcript, remaining).replayed())
        }
        PriorAttempt::Unknown => Err(Fault::other(
            FaultCode::EmailOutcomeUnknown,
            "an earlier request with this idempotency key never learned what became of its mail",
        )
        .replayed()
        .into()),
        PriorAttempt::InFlight => Err(Refusal::new(
            RefusalCode::IdempotencyKeyInUse,
            "A request with this idempotency key is still being worked on.",
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
