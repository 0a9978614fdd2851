use domain::{Entry, EntryId, Event, RatingRequestId, TranscriptState};
use dynamodb::{
    ItemOutcome, Key, TransactOutcome, TransactWriteItem, attribute, get_unexpired, put_with_ttl,
    read_not_evaluated, string, transact_item, update_with_ttl_and_remove,
};
use errors::Fault;
use lambda::events::EventOutcome;
use lambda::metrics::{self, Counter};
use store::{
    AcceptedTranscript, ConversationRef, ConversationUpdate, OutboxEvent, QuotaItem,
    RatingRequestInMail, RatingRequestItem, RatingRequestSummary, StoredConversation,
    TranscriptItem, WithOutbox, key, transact_all_in_conversation,
};

use crate::TrackDelivery;
use crate::delivery_event::DeliveryEvent;

/// The outcome of one write.
enum Step {
    /// The write succeeded. This is the transcript after it.
    Written(Box<TranscriptItem>),
    /// Another write came first. This is the transcript after that one.
    Overtaken(Box<TranscriptItem>),
    /// The transcript or its conversation no longer exists.
    Gone,
}

impl TrackDelivery {
    /// Records the state of `delivery`, if it is new.
    ///
    /// The condition of each write is that the transcript is still in the state that was read.
    /// States only increase in rank, so the loop ends.
    pub(crate) async fn record(&self, delivery: &DeliveryEvent) -> Result<EventOutcome, Fault> {
        let wanted = delivery.update.state;
        let Some(mut existing) =
            get_unexpired::<TranscriptItem>(&self.table, delivery.key(), delivery.now).await?
        else {
            return Ok(EventOutcome::dropped("no_such_transcript").about(&delivery.transcript));
        };
        let mut written = None;
        for _ in TranscriptState::ALL {
            let before = existing.state;
            let step = if !before.is_accepted() {
                self.backfill_sent(delivery, existing).await?
            } else if before < wanted {
                self.advance(delivery, existing).await?
            } else {
                let consumed = match written {
                    Some(state) => EventOutcome::applied(TranscriptState::as_str(state)),
                    None => EventOutcome::unchanged(before.as_str()),
                };
                return Ok(consumed.about(&delivery.transcript));
            };
            existing = match step {
                Step::Written(transcript) => {
                    written = Some(transcript.state);
                    *transcript
                }
                Step::Overtaken(transcript) => *transcript,
                Step::Gone => {
                    return Ok(EventOutcome::dropped("erased").about(&delivery.transcript));
                }
            };
        }
        Err(Fault::contended("a transcript's state kept changing"))
    }

    /// Records that the transcript was sent. Any event of the mail proves it. This repairs a
    /// transcript whose sender crashed before recording the send, or did not receive the response
    /// of SES.
    async fn backfill_sent(
        &self,
        delivery: &DeliveryEvent,
        transcript: TranscriptItem,
    ) -> Result<Step, Fault> {
        let from = transcript.state;
        let (remaining, rating_request) = tokio::try_join!(
            self.count_remaining(delivery, &transcript),
            self.find_rating_request(delivery),
        )?;
        let sent = TranscriptItem {
            state: TranscriptState::Sent,
            remaining: Some(remaining),
            rating_request: transcript.rating_request.clone().or(rating_request),
            ..transcript
        };
        let accepted = AcceptedTranscript {
            conversation: delivery.conversation_at(),
            transcript: &sent,
        };
        match accepted.record_sent(&self.table, from).await? {
            TransactOutcome::Committed => {
                metrics::count(Counter::Sent);
                Ok(Step::Written(Box::new(sent)))
            }
            TransactOutcome::Refused(refused) => {
                let [transcript, _event] = refused.others;
                self.explain(delivery, refused.conversation, transcript)
                    .await
            }
            TransactOutcome::Unknown(fault) => Err(fault),
        }
    }

    /// Returns how many slots of the hour are left, as the value for a retry of the request. The
    /// sender did not record the number at the time of the send, so it is the current number.
    async fn count_remaining(
        &self,
        delivery: &DeliveryEvent,
        transcript: &TranscriptItem,
    ) -> Result<u32, Fault> {
        let key = key::conversation_quota(
            &delivery.organisation,
            &delivery.conversation,
            transcript.hour(),
        );
        let quota = self.table.get::<QuotaItem>(key).await?;
        Ok(quota.unwrap_or_default().remaining())
    }

    /// Reads the rating request beneath the transcript, if one was created.
    async fn find_rating_request(
        &self,
        delivery: &DeliveryEvent,
    ) -> Result<Option<RatingRequestInMail>, Fault> {
        let id = RatingRequestId::for_transcript(&delivery.transcript);
        let key = key::rating_request(&delivery.organisation, &delivery.conversation, &id);
        let request = get_unexpired::<RatingRequestItem>(&self.table, key, delivery.now).await?;
        Ok(request.map(|request| {
            let conversation = delivery.conversation.clone();
            RatingRequestInMail::Created(RatingRequestSummary::new(conversation, &request))
        }))
    }

    /// Replaces the state by that of `delivery`, and writes the private event if the state has one.
    async fn advance(
        &self,
        delivery: &DeliveryEvent,
        transcript: TranscriptItem,
    ) -> Result<Step, Fault> {
        let at = delivery.conversation_at();
        let state = self.set_state(delivery, transcript.state)?;
        let mut others = vec![state];
        others.extend(self.put_event(delivery, &transcript)?);
        let written =
            transact_all_in_conversation(&self.table, at, ConversationUpdate::default(), &others)
                .await?;
        match written {
            TransactOutcome::Committed => {
                count(delivery.update.state);
                Ok(Step::Written(Box::new(TranscriptItem {
                    state: delivery.update.state,
                    reason: delivery.update.reason.clone(),
                    ..transcript
                })))
            }
            TransactOutcome::Refused(refused) => {
                let state = refused
                    .others
                    .into_iter()
                    .next()
                    .unwrap_or(ItemOutcome::Passed);
                self.explain(delivery, refused.conversation, state).await
            }
            TransactOutcome::Unknown(fault) => Err(fault),
        }
    }

    fn set_state(
        &self,
        delivery: &DeliveryEvent,
        from: TranscriptState,
    ) -> Result<TransactWriteItem, Fault> {
        let mut assignments = "#state = :state".to_owned();
        let mut remove = Vec::new();
        let mut update = self.table.update(delivery.key());
        match &delivery.update.reason {
            Some(reason) => {
                assignments.push_str(", reason = :reason");
                update = update.expression_attribute_values(":reason", string(reason));
            }
            None => remove.push("reason"),
        }
        // Each other state has an outbox event on the entry of its private event, or has none.
        if delivery.update.state == TranscriptState::Delivered {
            let outbox_event = OutboxEvent::transcript_delivered(&delivery.transcript, delivery.at);
            assignments.push_str(", announcement = :announcement");
            update = update.expression_attribute_values(":announcement", attribute(&outbox_event)?);
        } else {
            remove.push("announcement");
        }
        transact_item(
            update_with_ttl_and_remove(&self.table, update, &assignments, &remove, delivery.now)
                .condition_expression("#state = :from")
                .expression_attribute_names("#state", "state")
                .expression_attribute_values(":state", attribute(&delivery.update.state)?)
                .expression_attribute_values(":from", attribute(&from)?),
        )
    }

    fn put_event(
        &self,
        delivery: &DeliveryEvent,
        transcript: &TranscriptItem,
    ) -> Result<Option<TransactWriteItem>, Fault> {
        let transcript_id = delivery.transcript.clone();
        let reason = delivery.update.reason.clone().unwrap_or_default();
        let (kind, event) = match delivery.update.state {
            TranscriptState::Bounced => (
                "transcript_bounced",
                Event::TranscriptBounced {
                    transcript_id,
                    reason,
                },
            ),
            TranscriptState::Complained => (
                "transcript_complained",
                Event::TranscriptComplained {
                    transcript_id,
                    reason,
                },
            ),
            _ => return Ok(None),
        };
        let id = EntryId::of_event(kind, delivery.transcript.as_str());
        let key = key::entry(
            &delivery.organisation,
            &delivery.conversation,
            delivery.at,
            &id,
        );
        let entry = WithOutbox::of_entry(
            Entry::of_event(id, delivery.at, event),
            transcript.event_subject(&delivery.organisation, &delivery.conversation),
        );
        transact_item(put_with_ttl(&self.table, key, &entry, delivery.now)?).map(Some)
    }

    /// Finds the reason for a refused write: another write came first, or the transcript or its
    /// conversation no longer exists.
    async fn explain(
        &self,
        delivery: &DeliveryEvent,
        conversation: ItemOutcome,
        transcript: ItemOutcome,
    ) -> Result<Step, Fault> {
        let outcomes = [conversation, transcript];
        let [conversation, transcript] = read_not_evaluated(&self.table, outcomes).await?;
        if let Some(stored) = StoredConversation::of_outcome(conversation)?
            && stored.into_existing(delivery.now).is_none()
        {
            return Ok(Step::Gone);
        }
        match transcript.read::<TranscriptItem>()? {
            Some(Some(existing)) => Ok(Step::Overtaken(Box::new(existing))),
            Some(None) => Ok(Step::Gone),
            None => Err(Fault::contended("a transcript kept meeting other writes")),
        }
    }
}

impl DeliveryEvent {
    fn conversation_at(&self) -> ConversationRef<'_> {
        ConversationRef::new(&self.organisation, &self.conversation, self.now)
    }

    fn key(&self) -> Key {
        key::transcript(&self.organisation, &self.conversation, &self.transcript)
    }
}

/// Increments the metric of the state, if it has one. Only the most common final states do.
fn count(state: TranscriptState) {
    let counter = match state {
        TranscriptState::Delivered => Counter::Delivered,
        TranscriptState::Bounced => Counter::Bounced,
        TranscriptState::Complained => Counter::Complained,
        TranscriptState::Reserved
        | TranscriptState::Unknown
        | TranscriptState::Sent
        | TranscriptState::Delayed
        | TranscriptState::Rejected => return,
    };
    metrics::count(counter);
}
