use std::time::Duration;

use aws::{Environment, EnvironmentError};
use domain::Platform;
use dynamodb::Table;
use errors::{Failure, Fault, FaultCode, Refusal, RefusalCode};
use platform_reader::PlatformReader;
use settings::Settings;
use settings_cache::SettingsCache;
use store::{ConversationRef, TranscriptItem};

use crate::automatic_sender::AutomaticSender;
use crate::check::{Stop, check};
use crate::draft::Draft;
use crate::earlier_request::EarlierRequest;
use crate::finish::{Finished, FinishedMail, finish, finish_preview};
use crate::limits::count_remaining;
use crate::mailer::Mailer;
use crate::prepare::{Prepared, VersionReadBefore, prepare};
use crate::rating_request::mark_unmailed;
use crate::record::{note_rating_request, record_sent, record_unknown};
use crate::refusals::{refuse_conversation, refuse_sender, refuse_until_reset};
use crate::release::release;
use crate::request::TranscriptRequest;
use crate::reserve::{Reserved, reserve};
use crate::send::{SEND_BUDGET, SendOutcome, is_too_late, send, too_late};
use crate::stack_parameters::StackParameters;

/// How often a transcript is prepared again because its conversation changed or its thread may be
/// stale.
const PREPARE_RETRIES: u32 = 5;

/// The time that reading the thread and reserving the slot may take after the chat platform was read.
const TIME_TO_PREPARE: Duration = Duration::from_secs(2);

/// The time that creating the rating request may take before the send.
const ASK_BUDGET: Duration = Duration::from_secs(8);

/// Sends transcripts.
#[derive(Clone, Debug)]
pub struct TranscriptSender {
    table: Table,
    platform: PlatformReader,
    mailer: Mailer,
    stack: StackParameters,
    settings: SettingsCache,
}

/// A transcript that was sent.
#[derive(Debug)]
pub struct SentTranscript {
    /// The transcript as it is stored.
    pub item: TranscriptItem,
    /// How many transcripts of the conversation can still be sent in this hour.
    pub remaining: u32,
    /// Whether an earlier request with the same idempotency key sent it.
    pub is_replay: bool,
}

/// Why a transcript was not sent, or is not known to be sent.
#[derive(Debug)]
pub enum NotSent {
    /// The refusal or the fault.
    Failed(Failure),
    /// The conversation or the rating request changed after the caller decided to send
    /// [`TranscriptRequest::round`] or [`TranscriptRequest::rating_mail`]. Decide again.
    DecideAgain,
}

impl<E: Into<Failure>> From<E> for NotSent {
    fn from(failure: E) -> Self {
        Self::Failed(failure.into())
    }
}

/// The outcome of step 2.
enum Ready {
    Draft(Box<Draft>),
    EarlierRequest(EarlierRequest),
}

/// The outcome of one attempt at a prepared transcript.
enum Attempt {
    Done(Box<SentTranscript>),
    /// Nothing was sent, and nothing is reserved. The transcript is prepared again.
    ConversationChanged,
}

impl TranscriptSender {
    /// Creates the sender from environment variables. It shares the copies of `settings`, and the connection of
    /// `platform`.
    ///
    /// # Errors
    /// If a required variable is missing or a variable is invalid.
    pub fn from_environment(
        environment: &Environment,
        table: Table,
        settings: SettingsCache,
        platform: PlatformReader,
    ) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table,
            platform,
            mailer: Mailer::from_environment(environment)?,
            stack: StackParameters::from_environment(environment)?,
            settings,
        })
    }

    /// The sender of mails that no agent sends. `None` if `settings` name none.
    ///
    /// # Errors
    /// If the sender has no name, which no settings cause.
    pub fn automatic_sender(&self, settings: &Settings) -> Result<Option<AutomaticSender>, Fault> {
        AutomaticSender::of(settings, &self.stack.branding.brand(settings))
    }

    /// Records the conversation as it is on its chat platform. Returns `false` if it belongs to none.
    ///
    /// [`Self::send`] does this first. If you decide by the conversation whether to send
    /// [`TranscriptRequest::round`] or [`TranscriptRequest::rating_mail`], call it before you decide.
    ///
    /// # Errors
    /// `platform_unavailable` if the conversation could not be read.
    pub async fn read_platform(&self, conversation: ConversationRef<'_>) -> Result<bool, Fault> {
        let reserve = SEND_BUDGET + TIME_TO_PREPARE;
        self.platform.read(conversation, reserve).await
    }

    /// Sends the transcript, or returns the outcome of an earlier request with the same idempotency key.
    ///
    /// # Errors
    /// As the variants of [`NotSent`] say. After the fault `email_outcome_unknown` it may have been sent;
    /// after all others it was not.
    pub async fn send(&self, mut request: TranscriptRequest) -> Result<SentTranscript, NotSent> {
        if !request.is_decided() {
            let reserve = time_to_send(&request) + TIME_TO_PREPARE;
            self.read_platform_of(&request, reserve).await?;
        }
        for _ in 0..=PREPARE_RETRIES {
            let draft = match self.prepare(&request).await? {
                Ready::Draft(draft) => draft,
                Ready::EarlierRequest(earlier_request) => {
                    return Ok(SentTranscript::of_earlier(earlier_request)?);
                }
            };
            match self.attempt(&request, *draft).await? {
                Attempt::Done(sent) => return Ok(*sent),
                Attempt::ConversationChanged if request.is_decided() => {
                    return Err(NotSent::DecideAgain);
                }
                Attempt::ConversationChanged => {}
            }
            request.begin_attempt();
        }
        Err(changed_too_often().into())
    }

    /// Prepares the mail without sending it.
    ///
    /// # Errors
    /// As for an agent's transcript, except those of the limits.
    pub async fn preview(&self, request: &TranscriptRequest) -> Result<FinishedMail, Failure> {
        self.read_platform_of(request, TIME_TO_PREPARE).await?;
        match self.prepare(request).await? {
            Ready::Draft(draft) => Ok(finish_preview(&self.stack, request, *draft)?),
            Ready::EarlierRequest(_) => {
                Err(Fault::internal("a preview has an idempotency key").into())
            }
        }
    }

    /// Step 1. Reads nothing if the outcome is known before: a refusal that the platform cannot change, or an earlier
    /// request under the same idempotency key.
    async fn read_platform_of(
        &self,
        request: &TranscriptRequest,
        reserve: Duration,
    ) -> Result<(), Failure> {
        if Platform::of_conversation(&request.conversation).is_none() {
            return Ok(());
        }
        match check(&self.table, &self.stack, &self.settings, request).await {
            Ok(_) => {}
            Err(Stop::EarlierRequest(_)) => return Ok(()),
            Err(Stop::Failed(failure)) if may_change(&failure) => {}
            Err(Stop::Failed(failure)) => return Err(failure),
        }
        let conversation = request.conversation_ref();
        self.platform.read(conversation, reserve).await?;
        Ok(())
    }

    /// Runs step 2 until the thread is current.
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

    /// Runs steps 3 to 6.
    async fn attempt(&self, request: &TranscriptRequest, draft: Draft) -> Result<Attempt, Failure> {
        let Self { table, stack, .. } = self;
        match reserve(table, stack, request, &draft).await? {
            Reserved::Slot => {}
            Reserved::EarlierRequest(earlier_request) => {
                return Ok(Attempt::Done(Box::new(SentTranscript::of_earlier(
                    earlier_request,
                )?)));
            }
            Reserved::NoConversation => {
                return Err(refuse_conversation(request.requested_by).into());
            }
            Reserved::ConversationChanged => return Ok(Attempt::ConversationChanged),
            Reserved::LimitReached(limit) => {
                return Err(refuse_until_reset(limit, request.now).into());
            }
        }
        if is_too_late(time_to_send(request)) {
            release(table, request).await;
            return Err(too_late().into());
        }
        let finished = match finish(table, stack, request, draft).await {
            Ok(Finished::Mail(finished)) => *finished,
            Ok(Finished::ConversationChanged) => {
                release(table, request).await;
                return Ok(Attempt::ConversationChanged);
            }
            Err(failure) => {
                release(table, request).await;
                return Err(failure);
            }
        };
        let item = finished.item.clone();
        let (sent, remaining, ()) = tokio::join!(
            send(table, &self.mailer, request, finished),
            count_remaining(table, request),
            note_rating_request(table, request, &item),
        );
        let failure = match sent {
            SendOutcome::Accepted => {
                record_sent(table, request, &item, remaining).await;
                return Ok(Attempt::Done(Box::new(SentTranscript {
                    item,
                    remaining,
                    is_replay: false,
                })));
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
            release(table, request),
            mark_unmailed(table, request, &item),
        );
        failure.map_or(Ok(Attempt::ConversationChanged), Err)
    }
}

impl SentTranscript {
    /// What an earlier request with the same idempotency key sent.
    fn of_earlier(earlier_request: EarlierRequest) -> Result<Self, Failure> {
        match earlier_request {
            EarlierRequest::Sent(transcript) => Ok(Self {
                remaining: transcript.remaining.unwrap_or_default(),
                item: *transcript,
                is_replay: true,
            }),
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
}

/// Whether a read of the chat platform may change a refusal: whether the conversation exists, and the visitor's
/// address.
fn may_change(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Refused(refusal) if matches!(
            refusal.code(),
            RefusalCode::ConversationNotFound
                | RefusalCode::InvalidRecipient
                | RefusalCode::InvalidRequest
                | RefusalCode::RecipientRequired
        )
    )
}

/// The time that the rating request, the send and the record of its outcome may take together.
fn time_to_send(request: &TranscriptRequest) -> Duration {
    match request.rating_request {
        Some(_) => SEND_BUDGET + ASK_BUDGET,
        None => SEND_BUDGET,
    }
}

fn changed_too_often() -> Failure {
    Fault::contended("the conversation of a transcript changed in every attempt").into()
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
            let outcome = match SentTranscript::of_earlier(earlier_request) {
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
