//! Records that a rating request expired. The visitor cannot answer it from that time on, whether this is
//! recorded or not.

use domain::{Entry, EntryId, Event, RatingRequestId, Timestamp};
use dynamodb::{
    ABSENT_OR_EXPIRED, TransactOutcome, get_unexpired, number, put_with_ttl, transact_item,
};
use errors::Fault;
use lambda::events::EventOutcome;
use store::{
    ConversationRef, ConversationUpdate, EventSubject, RatingRequestItem, WithOutbox, key,
    transact_in_conversation,
};

use crate::FollowUp;
use crate::due::Due;

impl FollowUp {
    /// Writes the event of an expired request, once.
    pub(crate) async fn expire(
        &self,
        due: &Due,
        rating_request_id: &RatingRequestId,
        now: Timestamp,
    ) -> Result<EventOutcome, Fault> {
        let Due {
            organisation,
            conversation_id,
            ..
        } = due;
        let request_key = key::rating_request(organisation, conversation_id, rating_request_id);
        let request = get_unexpired::<RatingRequestItem>(&self.table, request_key.clone(), now);
        let Some(request) = request.await? else {
            return Ok(EventOutcome::unchanged("no_rating_request"));
        };
        if request.answer.is_some() {
            return Ok(EventOutcome::unchanged("answered"));
        }
        let Some(until) = request
            .answerable_until
            .filter(|until| *until <= now.epoch_seconds())
            .and_then(Timestamp::from_epoch_seconds)
        else {
            return Ok(EventOutcome::unchanged("still_answerable"));
        };
        let id = EntryId::of_event("rating_expired", rating_request_id.as_str());
        let event_key = key::entry(organisation, conversation_id, until, &id);
        let event = Event::RatingExpired {
            rating_request_id: rating_request_id.clone(),
        };
        let subject = EventSubject::rating_request(
            organisation,
            conversation_id,
            &request.agent,
            rating_request_id,
        );
        let entry = WithOutbox::of_entry(Entry::of_event(id, until, event), subject);
        let put_event = transact_item(
            put_with_ttl(&self.table, event_key, &entry, now)?
                .condition_expression(ABSENT_OR_EXPIRED)
                .expression_attribute_values(":now", number(now.epoch_seconds())),
        )?;
        let unanswered = transact_item(
            self.table
                .check(request_key)
                .condition_expression("attribute_not_exists(answer)"),
        )?;
        let written = transact_in_conversation(
            &self.table,
            ConversationRef::new(organisation, conversation_id, now),
            ConversationUpdate::default(),
            [unanswered, put_event],
        );
        Ok(match written.await? {
            TransactOutcome::Committed => EventOutcome::applied("expired"),
            TransactOutcome::Refused(_) => EventOutcome::unchanged("already_expired"),
            TransactOutcome::Unknown(fault) => return Err(fault),
        })
    }
}
