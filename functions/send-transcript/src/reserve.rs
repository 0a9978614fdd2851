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
    ConversationUpdate, PreparedFrom, QuotaItem, StoredConversation, TranscriptItem, WithOutbox,
    get_conversation, transact_in,
};

use crate::SendTranscript;
use crate::prepare::Draft;
use crate::request::TranscriptRequest;

/// How long reading what stands may take, where nobody knows whether the reservation does.
const EXPLAINING_TIME: Duration = Duration::from_secs(3);

/// The pauses between tries to give a slot back: half a second, one, two.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LAST_PAUSE: Duration = Duration::from_secs(2);

/// What one try to give a slot back may take.
const RELEASE_BUDGET: Duration = Duration::from_secs(5);

/// What became of a reservation.
#[derive(Debug)]
pub(crate) enum Reserved {
    /// A slot is taken: the transcript is sent next.
    Slot,
    /// An earlier request with the same idempotency key came first.
    PriorAttempt(PriorAttempt),
    /// The conversation went away since it was read: 404.
    NoConversation,
    /// The thread or the visitor's address changed since it was read.
    ConversationChanged,
    /// A limit of the hour is used up: 429.
    LimitReached(RateLimit),
}

/// The transcripts of an agent or an organisation in an hour.
#[derive(Debug, Default, Deserialize)]
struct CountItem {
    #[serde(default)]
    sent_count: i64,
}

/// What became of an earlier request with the same idempotency key.
#[derive(Debug)]
pub(crate) enum PriorAttempt {
    /// It sent its mail: the same 201.
    Sent(Box<TranscriptItem>),
    /// It never learned what became of its mail: the same 504.
    Unknown,
    /// It is still on its way: 409.
    InFlight,
    /// It had another payload: 422.
    OtherPayload,
}

impl SendTranscript {
    /// Step 2: one transaction takes a slot of each limit of the hour and writes the transcript
    /// down as reserved, if the conversation is still what the transcript was prepared from.
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
            .prepared_from
            .require_in(ConversationUpdate::default())?;
        let written = transact_in(
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
                let legs = [refused.conversation, transcript, slot, agent, organisation];
                let legs = read_not_evaluated(&self.table, legs).await?;
                self.explain_refused(request, &draft.prepared_from, legs)
            }
            TransactOutcome::Unknown(fault) => {
                let explained =
                    tokio::time::timeout(EXPLAINING_TIME, self.explain_unsettled(request));
                match explained.await {
                    Ok(Ok(stands)) => stands.ok_or(fault),
                    _ => {
                        self.release(call, request).await;
                        Err(fault)
                    }
                }
            }
        }
    }

    /// Explains a refused reservation by the items that it met: a retry of an earlier request first,
    /// then what changed, then the limits.
    fn explain_refused(
        &self,
        request: &TranscriptRequest,
        prepared_from: &PreparedFrom,
        legs: [ItemOutcome; 5],
    ) -> Result<Reserved, Fault> {
        let [conversation, transcript, slot, agent, organisation] = legs;
        let conversation = match StoredConversation::of_outcome(conversation)? {
            None => None,
            Some(stored) => match stored.live(request.now) {
                None => return Ok(Reserved::NoConversation),
                existing => existing,
            },
        };
        if let ItemOutcome::Failed(Some(item)) | ItemOutcome::ReadAfterwards(Some(item)) =
            transcript
            && !has_expired(&item, request.now)
        {
            return Ok(explain_stands(request, read_item(item)?));
        }
        if conversation.is_some_and(|existing| !prepared_from.holds(&existing)) {
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

    /// Gives the slot back and forgets the transcript, whose mail was surely not sent.
    ///
    /// A failure is tried again while there is time: what is not given back costs the conversation a
    /// slot, and the caller an idempotency key. Where it fails to the end the slot stays used and
    /// the transcript reserved: the caller's answer is the same, and the hour ends.
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
        let legs = [
            self.delete_reserved(request)?,
            give_back,
            self.count_down(request.agent_quota())?,
            self.count_down(request.organisation_quota())?,
        ];
        match transact(&self.table, legs).await? {
            // Another made more of the transcript than a reservation.
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

    /// Gives back what is left of the reservation if the conversation was erased since: its slots
    /// are gone with it, and the erasure waits for the transcript.
    async fn release_of_erased(&self, request: &TranscriptRequest) -> Result<(), Fault> {
        let legs = [
            self.delete_reserved(request)?,
            self.count_down(request.agent_quota())?,
            self.count_down(request.organisation_quota())?,
        ];
        match transact(&self.table, legs).await? {
            TransactOutcome::Committed | TransactOutcome::Refused(_) => Ok(()),
            TransactOutcome::Unknown(fault) => Err(fault),
        }
    }

    /// Deletes the transcript that this attempt reserved. Not the reservation of a repeat under the
    /// same key, which may have succeeded an earlier release whose answer was lost.
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

    /// How many slots of the conversation's hour are left. Where it can't be read none are
    /// promised.
    pub(crate) async fn count_remaining(&self, request: &TranscriptRequest) -> u32 {
        let quota = self.table.get(request.conversation_quota()).await;
        quota
            .ok()
            .flatten()
            .map_or(0, |quota: QuotaItem| quota.remaining())
    }

    /// Adds the transcript's id to the conversation's set of the hour. Repeating it is harmless.
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

    /// Counts one more under `key`. The transcript's own leg keeps a repeat from counting twice.
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

    /// Where the transaction did not get through or nobody heard of it: what stands now decides, or
    /// `None` where it decides nothing.
    async fn explain_unsettled(
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
        if let Some(stands) = same_request {
            return Ok(Some(explain_stands(request, stands)));
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

/// Whether the conversation's hour has no slot for the request.
fn is_used_up(request: &TranscriptRequest, slot: ItemOutcome) -> Result<bool, Fault> {
    Ok(match slot {
        ItemOutcome::Failed(_) => true,
        leg => {
            let quota = leg.read::<QuotaItem>()?.flatten().unwrap_or_default();
            quota.is_used_up() && !quota.ids.contains(&request.id)
        }
    })
}

/// Whether a count of the hour has reached `limit`.
fn is_reached(count: ItemOutcome, limit: u32) -> Result<bool, Fault> {
    Ok(match count {
        ItemOutcome::Failed(_) => true,
        leg => {
            let count = leg.read::<CountItem>()?.flatten().unwrap_or_default();
            count.sent_count >= i64::from(limit)
        }
    })
}

/// The limit of one conversation in an hour.
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

/// A transcript stands under the id of this one: its own, written by a try whose reply was lost, or
/// that of an earlier request.
fn explain_stands(request: &TranscriptRequest, stands: TranscriptItem) -> Reserved {
    if stands.attempt == request.attempt.to_string() {
        Reserved::Slot
    } else {
        Reserved::PriorAttempt(explain_same_request(request, stands))
    }
}

/// What `stands`, which an earlier request with the same idempotency key made, says to this one.
pub(crate) fn explain_same_request(
    request: &TranscriptRequest,
    stands: TranscriptItem,
) -> PriorAttempt {
    if stands.payload_fingerprint != request.payload_fingerprint {
        return PriorAttempt::OtherPayload;
    }
    match stands.state {
        TranscriptState::Reserved if stands.is_in_flight(request.now) => PriorAttempt::InFlight,
        TranscriptState::Reserved | TranscriptState::Unknown => PriorAttempt::Unknown,
        _ => PriorAttempt::Sent(Box::new(stands)),
    }
}
