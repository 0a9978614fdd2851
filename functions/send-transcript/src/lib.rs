//! `POST /v1/conversations/{conversation_id}/transcripts`: an agent has the public messages of a
//! conversation mailed.
//!
//! SES has no idempotency, so the order is what keeps a mail from being sent twice and a slot from
//! being lost: read and validate; reserve the slot and write the transcript down as reserved; send
//! once; write down what became of it.

mod ask;
mod mailer;
mod prepare;
mod record;
mod request;
mod reserve;
mod settings;

use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use shared::api::{Answer, Call, Failure, Function, RateLimit, Refusal, RefusalCode, Tenancy};
use shared::domain::{ClockHour, TRANSCRIPTS_PER_CONVERSATION, Timestamp};
use shared::environment::{Environment, EnvironmentError};
use shared::fault::{Fault, FaultCode};
use shared::table::{AskedInMail, Table, TranscriptItem};

use crate::ask::Letter;
use crate::mailer::{Mailer, Sending};
use crate::prepare::Prepared;
use crate::request::TranscriptRequest;
use crate::reserve::{Earlier, Reserved};
use crate::settings::Settings;

/// What sending and recording may take together. A transcript that finds less time left is not
/// sent: it could not tell what became of it.
const SEND_BUDGET: Duration = Duration::from_millis(12_500);

/// What asking for a rating may take before that.
const ASK_BUDGET: Duration = Duration::from_secs(8);

/// The function.
#[derive(Clone, Debug)]
pub struct SendTranscript {
    table: Table,
    tenancy: Tenancy,
    mailer: Mailer,
    settings: Settings,
}

/// A transcript that was sent, as callers see it.
#[derive(Serialize)]
struct TranscriptBody<'a> {
    transcript: Value,
    quota: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating_request: Option<&'a AskedInMail>,
}

impl SendTranscript {
    /// The function as the environment wires it.
    ///
    /// # Errors
    /// Where a variable is missing or breaks its rule.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            tenancy: Tenancy::from_environment(environment)?,
            mailer: Mailer::from_environment(environment)?,
            settings: Settings::from_environment(environment)?,
        })
    }
}

impl Function for SendTranscript {
    async fn answer(&self, call: Call) -> Result<Answer, Failure> {
        let request = TranscriptRequest::decode(&call, &self.tenancy)?;
        let draft = match self.prepare(&request).await? {
            Prepared::Draft(draft) => draft,
            Prepared::Earlier(earlier) => return answer_again(earlier),
        };
        match self.reserve(&call, &request, &draft.item).await? {
            Reserved::Slot => {}
            Reserved::Earlier(earlier) => return answer_again(earlier),
            Reserved::NoConversation => return Err(Refusal::conversation_not_found().into()),
            Reserved::LimitReached(limit) => {
                return Err(refuse_until_reset(limit, request.now).into());
            }
        }
        if call.time_left() < budget(&request) {
            self.release(&call, &request).await;
            return Err(Fault::other(FaultCode::TimedOut, "too little time left to send").into());
        }
        let Letter { item, mail } = match self.finish(&request, *draft).await {
            Ok(letter) => letter,
            Err(failure) => {
                self.release(&call, &request).await;
                return Err(failure);
            }
        };
        let (sending, remaining) = tokio::join!(
            self.mailer.send(&request, &item, mail),
            self.count_remaining(&request),
        );
        match sending {
            Sending::Accepted => {
                self.record_sent(&request, &item, remaining).await;
                Ok(describe(&item, remaining))
            }
            Sending::SenderNotVerified => {
                self.release(&call, &request).await;
                Err(refuse_sender().into())
            }
            Sending::NothingSent(fault) => {
                self.release(&call, &request).await;
                Err(fault.into())
            }
            Sending::Unknown(fault) => {
                self.record_unknown(&request).await;
                Err(fault.into())
            }
        }
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
fn answer_again(earlier: Earlier) -> Result<Answer, Failure> {
    match earlier {
        Earlier::Sent(transcript) => {
            let remaining = transcript.remaining.unwrap_or_default();
            Ok(describe(&transcript, remaining).replayed())
        }
        Earlier::Unknown => Err(Fault::other(
            FaultCode::EmailOutcomeUnknown,
            "an earlier request with this idempotency key never learned what became of its mail",
        )
        .replayed()
        .into()),
        Earlier::InFlight => Err(Refusal::new(
            RefusalCode::IdempotencyKeyInUse,
            "A request with this idempotency key is still being worked on.",
        )
        .into()),
        Earlier::OtherPayload => Err(Refusal::idempotency_key_reused().into()),
    }
}

fn describe(transcript: &TranscriptItem, remaining: u32) -> Answer {
    Answer::created(TranscriptBody {
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
