use domain::{Entry, EntryId, Event, RatingRequestId, TranscriptState};
use dynamodb::{
    ItemOutcome, Key, TransactOutcome, TransactWriteItem, attribute, get_unexpired, put_with_ttl,
    read_not_evaluated, string, transact_item, update_with_ttl_and_remove,
};
use errors::Fault;
use lambda::events::EventOutcome;
use lambda::metrics::{self, Counter};
use store::sending::{AcceptedTranscript, subject};
use store::{
    ConversationRef, ConversationUpdate, OutboxEvent, QuotaItem, RatingRequestInMail,
    RatingRequestItem, RatingRequestSummary, StoredConversation, TranscriptItem, WithOutbox, key,
    transact_all_in,
};

use crate::TrackDelivery;
use crate::notice::DeliveryEvent;

/// What became of one write.
enum Step {
    /// It took place, and the transcript stands like this now.
    Written(Box<TranscriptItem>),
    /// Another write came first, and the transcript stands like this.
    Overtaken(Box<TranscriptItem>),
    /// The transcript, or its conversation, is no longer there.
    Gone,
}

impl TrackDelivery {
    /// Writes down what `notice` says, as far as it is news.
    ///
    /// Each write is made on the condition that the transcript is still in the state that it was
    /// read in. States only rise in rank, so that this ends.
    pub(crate) async fn record(&self, notice: &DeliveryEvent) -> Result<EventOutcome, Fault> {
        let wanted = notice.news.state;
        let Some(mut stands) =
            get_unexpired::<TranscriptItem>(&self.table, notice.key(), notice.now).await?
        else {
            return Ok(EventOutcome::dropped("no_such_transcript").about(&notice.transcript));
        };
        let mut written = None;
        for _ in TranscriptState::ALL {
            let before = stands.state;
            let step = if !before.is_accepted() {
                self.backfill_sent(notice, stands).await?
            } else if before < wanted {
                self.advance(notice, stands).await?
            } else {
                let consumed = match written {
                    Some(state) => EventOutcome::applied(TranscriptState::as_str(state)),
                    None => EventOutcome::unchanged(before.as_str()),
                };
                return Ok(consumed.about(&notice.transcript));
            };
            stands = match step {
                Step::Written(transcript) => {
                    written = Some(transcript.state);
                    *transcript
                }
                Step::Overtaken(transcript) => *transcript,
                Step::Gone => {
                    return Ok(EventOutcome::dropped("erased").about(&notice.transcript));
                }
            };
        }
        Err(Fault::contended("a transcript's state kept changing"))
    }

    /// Records that the transcript was sent: whoever sent it did not live to do so, or never
    /// learned of it. Any event of the mail proves it.
    async fn backfill_sent(
        &self,
        notice: &DeliveryEvent,
        transcript: TranscriptItem,
    ) -> Result<Step, Fault> {
        let from = transcript.state;
        let (remaining, rating_request) = tokio::try_join!(
            self.count_remaining(notice, &transcript),
            self.find_rating_request(notice),
        )?;
        let sent = TranscriptItem {
            state: TranscriptState::Sent,
            remaining: Some(remaining),
            rating_request: transcript.rating_request.clone().or(rating_request),
            ..transcript
        };
        let accepted = AcceptedTranscript {
            at: notice.conversation_at(),
            transcript: &sent,
        };
        match accepted.record(&self.table, from).await? {
            TransactOutcome::Committed => {
                metrics::count(Counter::Sent);
                Ok(Step::Written(Box::new(sent)))
            }
            TransactOutcome::Refused(refused) => {
                let [transcript, _event] = refused.others;
                self.explain(notice, refused.conversation, transcript).await
            }
            TransactOutcome::Unknown(fault) => Err(fault),
        }
    }

    /// How many slots of its hour were left after the transcript, for a repeat of its request: as
    /// many as are left now, if the sender did not say.
    async fn count_remaining(
        &self,
        notice: &DeliveryEvent,
        transcript: &TranscriptItem,
    ) -> Result<u32, Fault> {
        let key = key::conversation_quota(
            &notice.organisation,
            &notice.conversation,
            transcript.hour(),
        );
        let quota = self.table.get::<QuotaItem>(key).await?;
        Ok(quota.unwrap_or_default().remaining())
    }

    /// The rating request beneath the transcript, where one was made.
    async fn find_rating_request(
        &self,
        notice: &DeliveryEvent,
    ) -> Result<Option<RatingRequestInMail>, Fault> {
        let id = RatingRequestId::beneath(&notice.transcript);
        let key = key::rating_request(&notice.organisation, &notice.conversation, &id);
        let request = get_unexpired::<RatingRequestItem>(&self.table, key, notice.now).await?;
        Ok(request.map(|request| {
            let conversation = notice.conversation.clone();
            RatingRequestInMail::Made(RatingRequestSummary::new(conversation, &request))
        }))
    }

    /// Replaces the state by the notice's, and puts the private event where that has one.
    async fn advance(
        &self,
        notice: &DeliveryEvent,
        transcript: TranscriptItem,
    ) -> Result<Step, Fault> {
        let at = notice.conversation_at();
        let state = self.set_state(notice, transcript.state)?;
        let mut others = vec![state];
        others.extend(self.put_event(notice, &transcript)?);
        let written =
            transact_all_in(&self.table, at, ConversationUpdate::default(), &others).await?;
        match written {
            TransactOutcome::Committed => {
                count(notice.news.state);
                Ok(Step::Written(Box::new(TranscriptItem {
                    state: notice.news.state,
                    reason: notice.news.reason.clone(),
                    ..transcript
                })))
            }
            TransactOutcome::Refused(refused) => {
                let state = refused
                    .others
                    .into_iter()
                    .next()
                    .unwrap_or(ItemOutcome::Passed);
                self.explain(notice, refused.conversation, state).await
            }
            TransactOutcome::Unknown(fault) => Err(fault),
        }
    }

    fn set_state(
        &self,
        notice: &DeliveryEvent,
        from: TranscriptState,
    ) -> Result<TransactWriteItem, Fault> {
        let mut assignments = "#state = :state".to_owned();
        let mut remove = Vec::new();
        let mut update = self.table.update(notice.key());
        match &notice.news.reason {
            Some(reason) => {
                assignments.push_str(", reason = :reason");
                update = update.expression_attribute_values(":reason", string(reason));
            }
            None => remove.push("reason"),
        }
        // Each other state is announced by the entry that tells of it, or not at all.
        if notice.news.state == TranscriptState::Delivered {
            let announcement = OutboxEvent::transcript_delivered(&notice.transcript, notice.at);
            assignments.push_str(", announcement = :announcement");
            update = update.expression_attribute_values(":announcement", attribute(&announcement)?);
        } else {
            remove.push("announcement");
        }
        transact_item(
            update_with_ttl_and_remove(&self.table, update, &assignments, &remove, notice.now)
                .condition_expression("#state = :from")
                .expression_attribute_names("#state", "state")
                .expression_attribute_values(":state", attribute(&notice.news.state)?)
                .expression_attribute_values(":from", attribute(&from)?),
        )
    }

    fn put_event(
        &self,
        notice: &DeliveryEvent,
        transcript: &TranscriptItem,
    ) -> Result<Option<TransactWriteItem>, Fault> {
        let transcript_id = notice.transcript.clone();
        let reason = notice.news.reason.clone().unwrap_or_default();
        let (kind, event) = match notice.news.state {
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
        let id = EntryId::of_event(kind, notice.transcript.as_str());
        let key = key::entry(&notice.organisation, &notice.conversation, notice.at, &id);
        let entry = WithOutbox::entry(
            Entry::of_event(id, notice.at, event),
            subject(&notice.organisation, &notice.conversation, transcript),
        );
        transact_item(put_with_ttl(&self.table, key, &entry, notice.now)?).map(Some)
    }

    /// What refused a write: another one that came first, or that the transcript or its conversation
    /// is gone.
    async fn explain(
        &self,
        notice: &DeliveryEvent,
        conversation: ItemOutcome,
        transcript: ItemOutcome,
    ) -> Result<Step, Fault> {
        let legs = [conversation, transcript];
        let [conversation, transcript] = read_not_evaluated(&self.table, legs).await?;
        if let Some(stored) = StoredConversation::of_outcome(conversation)?
            && stored.live(notice.now).is_none()
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

/// Counts what became of a transcript, where it is one of the ways in which most end.
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
