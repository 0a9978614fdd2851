use std::time::Duration;

use domain::{ClockHour, TRANSCRIPTS_PER_CONVERSATION, TranscriptState};
use dynamodb::{
    ABSENT_OR_EXPIRED, ItemOutcome, Key, TransactOutcome, TransactWriteItem, attribute,
    get_unexpired, has_expired, number, put_with_ttl, read_item, read_not_evaluated, string,
    string_set, transact, transact_item,
};
use errors::{Fault, RateLimit};
use lambda::http::HttpRequest;
use serde::Deserialize;
use store::{
    ConversationSnapshot, ConversationUpdate, QuotaItem, StoredConversation, TranscriptItem,
    WithOutbox, get_conversation, transact_in_conversation,
};

use crate::draft::Draft;
use crate::function::SendTranscript;
use crate::request::TranscriptRequest;

/// How long the reads may take that explain a transaction with an unknown outcome.
const EXPLAINING_TIME: Duration = Duration::from_secs(3);

/// The pauses between attempts to release a slot: 0.5 s, 1 s, 2 s.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LAST_PAUSE: Duration = Duration::from_secs(2);

/// The time that one attempt to release a slot may take.
const RELEASE_BUDGET: Duration = Duration::from_secs(5);

/// The outcome of a reservation.
#[derive(Debug)]
pub(crate) enum Reserved {
    /// A slot is reserved. The transcript is sent next.
    Slot,
    /// An earlier request used the same idempotency key.
    PriorAttempt(PriorAttempt),
    /// The conversation no longer exists: 404.
    NoConversation,
    /// The thread or the visitor's address changed after it was read.
    ConversationChanged,
    /// An hourly limit is reached: 429.
    LimitReached(RateLimit),
}

/// The number of transcripts that an agent or an organisation sent in one hour.
#[derive(Debug, Default, Deserialize)]
struct CountItem {
    #[serde(default)]
    sent_count: i64,
}

/// The outcome of an earlier request with the same idempotency key.
#[derive(Debug)]
pub(crate) enum PriorAttempt {
    /// Its mail was sent: return the same 201.
    Sent(Box<TranscriptItem>),
    /// The outcome of its send is unknown: return the same 504.
    Unknown,
    /// It is still in progress: 409.
    InFlight,
    /// It had a different payload: 422.
    OtherPayload,
}

impl SendTranscript {
    /// Step 2: reserves a slot. One transaction takes a slot of each hourly limit and writes the
    /// transcript in the state `reserved`. It fails if the conversation has changed since the
    /// transcript was prepared.
    pub(crate) async fn reserve(
        &self,
        call: &HttpRequest,
        request: &TranscriptRequest,
        draft: &Draft,
    ) -> Result<Reserved, Fault> {
        let put_transcript = transact_item(
            put_with_ttl(
                &self.table,
                request.transcript_key(),
                &WithOutbox::on_update(&draft.item, request.subject()),
                request.now,
            )?
            .condition_expression(ABSENT_OR_EXPIRED)
            .expression_attribute_values(":now", number(request.now.epoch_seconds())),
        )?;
        let others = [
            put_transcript,
            self.take_slot(request)?,
            self.count_up(request, request.agent_quota(), self.settings.per_agent)?,
            self.count_up(
                request,
                request.organisation_quota(),
                self.settings.per_organisation,
            )?,
        ];
        let conversation = draft
            .snapshot
            .add_conditions_to(ConversationUpdate::default())?;
        let written = transact_in_conversation(
            &self.table,
            request.conversation_ref(),
            conversation,
            others,
        )
        .await?;
        match written {
            TransactOutcome::Committed => Ok(Reserved::Slot),
            TransactOutcome::Refused(refused) => {
                let [transcript, slot, agent, organisation] = refused.others;
                let outcomes = [refused.conversation, transcript, slot, agent, organisation];
                let outcomes = read_not_evaluated(&self.table, outcomes).await?;
                self.explain_refused(request, &draft.snapshot, outcomes)
            }
            TransactOutcome::Unknown(fault) => {
                let explained =
                    tokio::time::timeout(EXPLAINING_TIME, self.explain_unknown(request));
                match explained.await {
                    Ok(Ok(outcome)) => outcome.ok_or(fault),
                    _ => {
                        self.release(call, request).await;
                        Err(fault)
                    }
                }
            }
        }
    }

    /// Finds the reason for a refused reservation in the outcomes of its items. The order of the
    /// checks is: a conversation that no longer exists, a retry of an earlier request, a changed
    /// conversation, the limits.
    fn explain_refused(
        &self,
        request: &TranscriptRequest,
        snapshot: &ConversationSnapshot,
        outcomes: [ItemOutcome; 5],
    ) -> Result<Reserved, Fault> {
        let [conversation, transcript, slot, agent, organisation] = outcomes;
        let conversation = match StoredConversation::of_outcome(conversation)? {
            None => None,
            Some(stored) => match stored.into_existing(request.now) {
                None => return Ok(Reserved::NoConversation),
                existing => existing,
            },
        };
        if let ItemOutcome::Failed(Some(item)) | ItemOutcome::ReadAfterwards(Some(item)) =
            transcript
            && !has_expired(&item, request.now)
        {
            return Ok(explain_existing(request, read_item(item)?));
        }
        if conversation.is_some_and(|existing| !snapshot.matches(&existing)) {
            return Ok(Reserved::ConversationChanged);
        }
        let limit = if is_used_up(request, slot)? {
            conversation_limit()
        } else if is_reached(agent, self.settings.per_agent)? {
            self.agent_limit()
        } else if is_reached(organisation, self.settings.per_organisation)? {
            self.organisation_limit()
        } else {
            return Err(Fault::contended("a reservation kept meeting other writes"));
        };
        Ok(Reserved::LimitReached(limit))
    }

    /// Releases the slot and deletes the reserved transcript. Call this only if the mail was
    /// certainly not sent.
    ///
    /// A failure is retried while there is time. Without the release, the conversation loses a slot
    /// and the caller loses an idempotency key. If every retry fails, the slot stays used and the
    /// transcript stays reserved. The caller gets the same response, and the limit resets when the
    /// hour ends.
    pub(crate) async fn release(&self, call: &HttpRequest, request: &TranscriptRequest) {
        let mut pause = FIRST_PAUSE;
        while let Err(fault) = self.try_release(request).await {
            if pause > LAST_PAUSE || call.time_left() < pause + RELEASE_BUDGET {
                tracing::error!(code = fault.code().as_str(), "a slot was not given back");
                return;
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }

    async fn try_release(&self, request: &TranscriptRequest) -> Result<(), Fault> {
        let give_back = transact_item(
            self.table
                .update(request.conversation_quota())
                .update_expression("DELETE ids :ids")
                .condition_expression("contains(ids, :id)")
                .expression_attribute_values(":ids", string_set(&request.id))
                .expression_attribute_values(":id", attribute(&request.id)?),
        )?;
        let items = [
            self.delete_reserved(request)?,
            give_back,
            self.count_down(request.agent_quota())?,
            self.count_down(request.organisation_quota())?,
        ];
        match transact(&self.table, items).await? {
            // Another write has already changed the transcript.
            TransactOutcome::Committed | TransactOutcome::Refused([ItemOutcome::Failed(_), ..]) => {
                Ok(())
            }
            TransactOutcome::Refused([ItemOutcome::Passed, ItemOutcome::Failed(_), ..]) => {
                self.release_of_erased(request).await
            }
            TransactOutcome::Refused(_) => {
                Err(Fault::contended("a release kept meeting other writes"))
            }
            TransactOutcome::Unknown(fault) => Err(fault),
        }
    }

    /// Releases the rest of the reservation if the conversation was erased meanwhile. Its slots
    /// were deleted with it, and the erasure waits until the transcript is deleted.
    async fn release_of_erased(&self, request: &TranscriptRequest) -> Result<(), Fault> {
        let items = [
            self.delete_reserved(request)?,
            self.count_down(request.agent_quota())?,
            self.count_down(request.organisation_quota())?,
        ];
        match transact(&self.table, items).await? {
            TransactOutcome::Committed | TransactOutcome::Refused(_) => Ok(()),
            TransactOutcome::Unknown(fault) => Err(fault),
        }
    }

    /// Deletes the transcript that this attempt reserved. The reservation of a retry under the same
    /// key is kept. It can exist if an earlier release succeeded and its response was lost.
    pub(crate) fn delete_reserved(
        &self,
        request: &TranscriptRequest,
    ) -> Result<TransactWriteItem, Fault> {
        transact_item(
            self.table
                .delete(request.transcript_key())
                .condition_expression("#state = :reserved AND attempt = :attempt")
                .expression_attribute_names("#state", "state")
                .expression_attribute_values(":reserved", attribute(&TranscriptState::Reserved)?)
                .expression_attribute_values(":attempt", string(request.attempt)),
        )
    }

    /// Returns how many slots the conversation has left in this hour, or 0 if the read fails.
    pub(crate) async fn count_remaining(&self, request: &TranscriptRequest) -> u32 {
        let quota = self.table.get(request.conversation_quota()).await;
        quota
            .ok()
            .flatten()
            .map_or(0, |quota: QuotaItem| quota.remaining())
    }

    /// Adds the transcript's id to the conversation's set of ids for this hour. The update is
    /// idempotent.
    fn take_slot(&self, request: &TranscriptRequest) -> Result<TransactWriteItem, Fault> {
        transact_item(
            self.table
                .update(request.conversation_quota())
                .update_expression("ADD ids :ids SET expires_at = :expires_at")
                .condition_expression(
                    "attribute_not_exists(ids) OR size(ids) < :limit OR contains(ids, :id)",
                )
                .expression_attribute_values(":ids", string_set(&request.id))
                .expression_attribute_values(":id", attribute(&request.id)?)
                .expression_attribute_values(":limit", number(TRANSCRIPTS_PER_CONVERSATION))
                .expression_attribute_values(":expires_at", number(request.hour().expires_at())),
        )
    }

    /// Increments the counter at `key`. The condition on the transcript item prevents a retry from
    /// being counted twice.
    fn count_up(
        &self,
        request: &TranscriptRequest,
        key: Key,
        limit: u32,
    ) -> Result<TransactWriteItem, Fault> {
        transact_item(
            self.table
                .update(key)
                .update_expression("ADD sent_count :one SET expires_at = :expires_at")
                .condition_expression("attribute_not_exists(sent_count) OR sent_count < :limit")
                .expression_attribute_values(":one", number(1))
                .expression_attribute_values(":limit", number(limit))
                .expression_attribute_values(":expires_at", number(request.hour().expires_at())),
        )
    }

    fn count_down(&self, key: Key) -> Result<TransactWriteItem, Fault> {
        transact_item(
            self.table
                .update(key)
                .update_expression("ADD sent_count :minus_one")
                .expression_attribute_values(":minus_one", number(-1)),
        )
    }

    /// Finds the outcome in the current items if the outcome of the transaction is unknown. Returns
    /// `None` if they do not show it.
    async fn explain_unknown(
        &self,
        request: &TranscriptRequest,
    ) -> Result<Option<Reserved>, Fault> {
        let (conversation, same_request, quota) = tokio::try_join!(
            get_conversation(&self.table, request.conversation_ref()),
            get_unexpired::<TranscriptItem>(&self.table, request.transcript_key(), request.now),
            self.table.get::<QuotaItem>(request.conversation_quota()),
        )?;
        if conversation.is_none() {
            return Ok(Some(Reserved::NoConversation));
        }
        if let Some(existing) = same_request {
            return Ok(Some(explain_existing(request, existing)));
        }
        let is_used_up = quota.unwrap_or_default().is_used_up();
        Ok(is_used_up.then(|| Reserved::LimitReached(conversation_limit())))
    }

    fn agent_limit(&self) -> RateLimit {
        hourly("agent-transcripts", self.settings.per_agent)
    }

    fn organisation_limit(&self) -> RateLimit {
        hourly("organisation-transcripts", self.settings.per_organisation)
    }
}

/// Whether the conversation has no slot left for the request in this hour.
fn is_used_up(request: &TranscriptRequest, slot: ItemOutcome) -> Result<bool, Fault> {
    Ok(match slot {
        ItemOutcome::Failed(_) => true,
        outcome => {
            let quota = outcome.read::<QuotaItem>()?.flatten().unwrap_or_default();
            quota.is_used_up() && !quota.ids.contains(&request.id)
        }
    })
}

/// Whether an hourly counter has reached `limit`.
fn is_reached(count: ItemOutcome, limit: u32) -> Result<bool, Fault> {
    Ok(match count {
        ItemOutcome::Failed(_) => true,
        outcome => {
            let count = outcome.read::<CountItem>()?.flatten().unwrap_or_default();
            count.sent_count >= i64::from(limit)
        }
    })
}

/// The hourly limit of one conversation.
pub(crate) fn conversation_limit() -> RateLimit {
    hourly("transcripts", TRANSCRIPTS_PER_CONVERSATION)
}

fn hourly(policy: &'static str, quota: u32) -> RateLimit {
    RateLimit {
        policy,
        quota,
        window_seconds: ClockHour::LENGTH_SECONDS,
    }
}

/// Explains `existing`, a transcript with the id of this request. Either this attempt wrote it and
/// the response was lost, or an earlier request wrote it.
fn explain_existing(request: &TranscriptRequest, existing: TranscriptItem) -> Reserved {
    if existing.attempt == request.attempt.to_string() {
        Reserved::Slot
    } else {
        Reserved::PriorAttempt(explain_same_request(request, existing))
    }
}

/// Returns the outcome of the earlier request with the same idempotency key that wrote `existing`.
pub(crate) fn explain_same_request(
    request: &TranscriptRequest,
    existing: TranscriptItem,
) -> PriorAttempt {
    if existing.payload_fingerprint != request.payload_fingerprint {
        return PriorAttempt::OtherPayload;
    }
    match existing.state {
        TranscriptState::Reserved if existing.is_in_flight(request.now) => PriorAttempt::InFlight,
        TranscriptState::Reserved | TranscriptState::Unknown => PriorAttempt::Unknown,
        _ => PriorAttempt::Sent(Box::new(existing)),
    }
}
