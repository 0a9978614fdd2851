use domain::{Entry, EntryId, Event, RatingRequestId, TranscriptState};
use dynamodb::{
    ItemOutcome, Table, TransactOutcome, TransactWriteItem, attribute, put_with_ttl, string,
    transact_item, update_with_ttl_and_remove,
};
use errors::Fault;
use lambda::metrics::{self, Counter};
use store::{
    ConversationUpdate, EntryItem, OutboxEvent, TranscriptItem, WithOutbox, key,
    transact_all_in_conversation,
};

use crate::delivery_event::DeliveryEvent;
use crate::step::{Step, explain_refused};

/// Replaces the state by that of `delivery`, and writes the private event if the state has one.
pub(crate) async fn advance(
    table: &Table,
    delivery: &DeliveryEvent,
    transcript: TranscriptItem,
) -> Result<Step, Fault> {
    let at = delivery.conversation_ref();
    let state = set_state(table, delivery, &transcript)?;
    let mut others = vec![state];
    others.extend(put_event(table, delivery, &transcript)?);
    let written =
        transact_all_in_conversation(table, at, ConversationUpdate::default(), &others).await?;
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
            explain_refused(table, refused.conversation, state, delivery.now).await
        }
        TransactOutcome::Unknown(fault) => Err(fault),
    }
}

fn set_state(
    table: &Table,
    delivery: &DeliveryEvent,
    transcript: &TranscriptItem,
) -> Result<TransactWriteItem, Fault> {
    let mut assignments = "#state = :state".to_owned();
    let mut remove = Vec::new();
    let mut update = table.update(delivery.key());
    match &delivery.update.reason {
        Some(reason) => {
            assignments.push_str(", reason = :reason");
            update = update.expression_attribute_values(":reason", string(reason));
        }
        None => remove.push("reason"),
    }
    // Each other state has an outbox event on the entry of its private event, or has none.
    let is_published = transcript.rating_mail_of.is_none();
    if delivery.update.state == TranscriptState::Delivered && is_published {
        let outbox_event = OutboxEvent::transcript_delivered(&delivery.transcript, delivery.at);
        assignments.push_str(", announcement = :announcement");
        update = update.expression_attribute_values(":announcement", attribute(&outbox_event)?);
    } else {
        remove.push("announcement");
    }
    transact_item(
        update_with_ttl_and_remove(table, update, &assignments, &remove, delivery.now)
            .condition_expression("#state = :from")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":state", attribute(&delivery.update.state)?)
            .expression_attribute_values(":from", attribute(&transcript.state)?),
    )
}

fn put_event(
    table: &Table,
    delivery: &DeliveryEvent,
    transcript: &TranscriptItem,
) -> Result<Option<TransactWriteItem>, Fault> {
    let transcript_id = delivery.transcript.clone();
    let reason = delivery.update.reason.clone().unwrap_or_default();
    if let Some(request) = &transcript.rating_mail_of {
        return put_event_of_rating_mail(table, delivery, request, reason);
    }
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
    transact_item(put_with_ttl(table, key, &entry, delivery.now)?).map(Some)
}

/// The event of a mail with the faces of a rating request that did not arrive.
fn put_event_of_rating_mail(
    table: &Table,
    delivery: &DeliveryEvent,
    request: &RatingRequestId,
    reason: String,
) -> Result<Option<TransactWriteItem>, Fault> {
    use TranscriptState::{Bounced, Complained, Rejected};
    if !matches!(delivery.update.state, Bounced | Complained | Rejected) {
        return Ok(None);
    }
    let event = Event::RatingMailFailed {
        rating_request_id: request.clone(),
        reason,
    };
    let id = EntryId::of_event("rating_mail_failed", delivery.transcript.as_str());
    let (organisation, conversation) = (&delivery.organisation, &delivery.conversation);
    let key = key::entry(organisation, conversation, delivery.at, &id);
    let entry = EntryItem::from(Entry::of_event(id, delivery.at, event));
    transact_item(put_with_ttl(table, key, &entry, delivery.now)?).map(Some)
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
