//! `POST /v1/conversations/{conversation_id}/transcripts`: an agent has the public messages of a
//! conversation mailed.
//!
//! SES has no idempotency, so the order is what keeps a mail from being sent twice and a slot from
//! being lost: read and validate; reserve the slot and write the transcript down as reserved; send
//! once; write down what became of it.

mod ask;
mod deliver;
mod mailer;
mod prepare;
mod record;
mod request;
mod reserve;
mod settings;

use std::time::Duration;

use aws::{Environment, EnvironmentError};
use domain::{ClockHour, TRANSCRIPTS_PER_CONVERSATION, Timestamp};
use dynamodb::Table;
use errors::{Failure, Fault, FaultCode, RateLimit, Refusal, RefusalCode};
use lambda::http::{HttpHandler, HttpRequest, HttpResponse, TenantResolver};
use serde::Serialize;
use serde_json::{Value, json};
use store::{RatingRequestInMail, TranscriptItem};

use crate::ask::Finished;
use crate::deliver::{Delivery, SEND_BUDGET, too_late};
use crate::mailer::Mailer;
use crate::prepare::{Draft, Prepared};
use crate::request::TranscriptRequest;
use crate::reserve::{PriorAttempt, Reserved};
use crate::settings::Settings;

/// How often a transcript is prepared again because its conversation changed meanwhile.
const RETRIES: u32 = 5;

/// What asking for a rating may take before that.
const ASK_BUDGET: Duration = Duration::from_secs(8);

/// The function.
#[derive(Clone, Debug)]
pub struct SendTranscript {
    table: Table,
    tenancy: TenantResolver,
    mailer: Mailer,
    settings: Settings,
}

/// A transcript that was sent, as callers see it.
#[derive(Serialize)]
struct TranscriptBody<'a> {
    transcript: Value,
    quota: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating_request: Option<&'a RatingRequestInMail>,
}

impl SendTranscript {
    /// The function as the environment wires it.
    ///
    /// # Errors
    /// Where a variable is missing or breaks its rule.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            tenancy: TenantResolver::from_environment(environment)?,
            mailer: Mailer::from_environment(environment)?,
            settings: Settings::from_environment(environment)?,
        })
    }
}

/// The outcome of one attempt at a prepared transcript.
enum Attempt {
    Done(HttpResponse),
    /// Nothing was sent, and nothing is reserved: it is prepared once more.
    ConversationChanged,
}

impl HttpHandler for SendTranscript {
    async fn handle(&self, call: HttpRequest) -> Result<HttpResponse, Failure> {
        let mut request = TranscriptRequest::decode(&call, &self.tenancy)?;
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
    /// Steps 2 to 4.
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
        let letter = match self.finish(request, draft).await {
            Ok(Finished::PreparedEmail(letter)) => *letter,
            Ok(Finished::ConversationChanged) => {
                self.release(call, request).await;
                return Ok(Attempt::ConversationChanged);
            }
            Err(failure) => {
                self.release(call, request).await;
                return Err(failure);
            }
        };
        let item = letter.item.clone();
        let (delivery, remaining, ()) = tokio::join!(
            self.deliver(call, request, letter),
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

/// What asking, sending and recording may take together.
fn budget(request: &TranscriptRequest) -> Duration {
    match request.asking {
        Some(_) => SEND_BUDGET + ASK_BUDGET,
        None => SEND_BUDGET,
    }
}

/// The answer to a repeat under the same idempotency key.
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

fn refuse_sender() -> Refusal {
    Refusal::new(
        RefusalCode::SenderNotVerified,
        "from must be one of the organisation's verified senders.",
    )
    .with_member("field", "from")
}

fn refuse_until_reset(limit: RateLimit, now: Timestamp) -> Refusal {
    let resets_at = ClockHour::of(now).resets_at();
    Refusal::new(
        RefusalCode::TranscriptLimitReached,
        format!(
            "At most {} transcripts may be sent in this hour.",
            limit.quota
        ),
    )
    .with_member("resets_at", resets_at)
    .with_rate_limit(&limit, now, resets_at)
}
