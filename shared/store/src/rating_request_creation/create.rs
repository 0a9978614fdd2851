use std::time::Duration;

use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::{Channel, EmailAddress, Entry, EntryId, Event, VisitorHash};
use dynamodb::{
    ABSENT_OR_EXPIRED, ItemOutcome, Key, Table, TransactOutcome, attribute, get_unexpired, number,
    put_with_ttl, read_all_not_evaluated, string, transact_item,
};
use errors::Fault;

use crate::conversation::NO_ROUND;
use crate::conversation_write::{
    ConversationUpdate, OutcomesInConversation, get_conversation, transact_all_in_conversation,
};
use crate::cooldown::CooldownItem;
use crate::current_request::CurrentRequest;
use crate::key;
use crate::outbox::WithOutbox;
use crate::rating_request::RatingRequestItem;
use crate::rating_request_creation::cooldowns::{read_cooldowns, visitor_with_cooldown};
use crate::rating_request_creation::create_outcome::CreateOutcome;
use crate::rating_request_creation::new_rating_request::NewRatingRequest;
use crate::rating_request_creation::refusal_cause::{
    RefusalCause, RefusedItems, outcome_of_cooldowns, outcome_of_same_request,
};

/// How often creating a request is retried if the conversation's visitor changed at the same time,
/// or a conflicting write has ended.
const RETRIES: u32 = 3;

/// How long reading the existing items may take after a transaction whose outcome is unknown.
const READ_BACK_TIMEOUT: Duration = Duration::from_secs(3);

/// Creates a rating request in one transaction. It writes the agent's cooldown, the request, the
/// conversation's current request and the event. If the stack has an interval for visitors, it also
/// writes the visitor's cooldown. If the transaction is refused, the outcome follows from the
/// existing items.
///
/// Without such an interval this takes one round trip. With one it takes two, because the visitor
/// must be read first.
///
/// # Errors
/// If DynamoDB fails, or other writes of the conversation interfere with every attempt.
pub async fn create_rating_request(
    table: &Table,
    new_request: &NewRatingRequest,
) -> Result<CreateOutcome, Fault> {
    for _ in 0..=RETRIES {
        let outcome = if new_request.visitor_interval.is_off() {
            try_create(table, new_request, None).await?
        } else {
            let conversation = get_conversation(table, new_request.conversation_ref()).await?;
            let Some(conversation) = conversation else {
                return Ok(CreateOutcome::ConversationNotFound);
            };
            let visitor = visitor_with_cooldown(new_request.visitor_interval, &conversation);
            try_create(table, new_request, visitor).await?
        };
        if let Some(outcome) = outcome {
            return Ok(outcome);
        }
    }
    Err(Fault::contended(
        "other writes of a conversation interfered with every attempt to ask for a rating",
    ))
}

/// Runs the transaction, which also starts the cooldown of `visitor`, if there is one. Returns
/// `None` if it must be retried with the conversation as it is now.
async fn try_create(
    table: &Table,
    new_request: &NewRatingRequest,
    visitor: Option<&EmailAddress>,
) -> Result<Option<CreateOutcome>, Fault> {
    let request = new_request.to_item();
    let update = set_current_request(table, new_request, &request, visitor)?;
    let mut others = vec![
        start_agent_cooldown(table, new_request, &request)?,
        put_request(table, new_request, &request)?,
        put_event(table, new_request)?,
    ];
    if let Some(visitor) = visitor {
        others.push(start_visitor_cooldown(table, new_request, visitor)?);
    }
    let conversation_ref = new_request.conversation_ref();
    let written = transact_all_in_conversation(table, conversation_ref, update, &others).await?;
    match written {
        TransactOutcome::Committed => Ok(Some(CreateOutcome::Created(request))),
        TransactOutcome::Refused(refused) => {
            outcome_of_refusal(table, new_request, visitor, refused).await
        }
        TransactOutcome::Unknown(fault) => {
            let read_back = outcome_of_existing_items(table, new_request, visitor);
            match tokio::time::timeout(READ_BACK_TIMEOUT, read_back).await {
                Ok(Ok(Some(outcome))) => Ok(Some(outcome)),
                _ => Err(fault),
            }
        }
    }
}

/// The outcome of a refused transaction. Returns `None` if it must be retried.
async fn outcome_of_refusal(
    table: &Table,
    new_request: &NewRatingRequest,
    visitor: Option<&EmailAddress>,
    refused: OutcomesInConversation<Vec<ItemOutcome>>,
) -> Result<Option<CreateOutcome>, Fault> {
    let mut outcomes = vec![refused.conversation];
    outcomes.extend(refused.others);
    let had_conflict = outcomes.iter().any(ItemOutcome::is_not_evaluated);
    let outcomes = read_all_not_evaluated(table, outcomes).await?;
    let mut outcomes = outcomes.into_iter();
    let mut next = || outcomes.next().unwrap_or(ItemOutcome::Passed);
    // The order is that of the transaction's items.
    let (conversation, agent_cooldown, same_request) = (next(), next(), next());
    let (_event, visitor_cooldown) = (next(), next());
    let items = RefusedItems {
        conversation,
        agent_cooldown,
        same_request,
        visitor_cooldown,
    };
    match RefusalCause::find(new_request, items, visitor)? {
        RefusalCause::Outcome(outcome) => Ok(Some(*outcome)),
        RefusalCause::VisitorChanged => Ok(None),
        // The conflicting write has ended, so a retry can evaluate the condition.
        RefusalCause::NotFound if had_conflict => Ok(None),
        RefusalCause::NotFound => Err(Fault::internal(
            "a rating request was refused, but every condition is met",
        )),
    }
}

/// The outcome of a transaction whose response was lost, from the existing items. Returns `None` if
/// they do not determine it.
async fn outcome_of_existing_items(
    table: &Table,
    new_request: &NewRatingRequest,
    visitor: Option<&EmailAddress>,
) -> Result<Option<CreateOutcome>, Fault> {
    let (conversation, same_request, cooldowns) = tokio::try_join!(
        get_conversation(table, new_request.conversation_ref()),
        get_unexpired::<RatingRequestItem>(table, new_request.key(), new_request.now),
        read_cooldowns(
            table,
            &new_request.organisation,
            &new_request.conversation,
            &new_request.agent.id,
            visitor
        ),
    )?;
    Ok(match (conversation, same_request) {
        (None, _) => Some(CreateOutcome::ConversationNotFound),
        (Some(_), Some(existing)) => Some(outcome_of_same_request(new_request, existing)),
        // The request was written between the reads.
        (Some(_), None) if cooldowns.were_started_by(&new_request.rating_request_id) => {
            get_unexpired(table, new_request.key(), new_request.now)
                .await?
                .map(|existing| outcome_of_same_request(new_request, existing))
        }
        (Some(_), None) => outcome_of_cooldowns(new_request, cooldowns),
    })
}

fn set_current_request(
    table: &Table,
    new_request: &NewRatingRequest,
    request: &RatingRequestItem,
    visitor: Option<&EmailAddress>,
) -> Result<ConversationUpdate, Fault> {
    let current = CurrentRequest {
        id: request.rating_request_id.clone(),
        requested_at: request.requested_at,
        agent: request.agent.clone(),
        expires_at: table.retention().expires_at(new_request.now),
        withdrawn_at: None,
        answerable_until: None,
    };
    let mut update = ConversationUpdate::default()
        .set("current_request = :current")
        .value(":current", attribute(&current)?)
        .set("asked_in_round = if_not_exists(round, :no_round)")
        .value(":no_round", string(NO_ROUND))
        .require("channel = :widget")
        .value(":widget", string(Channel::WIDGET));
    if let Some(round) = &new_request.round {
        update = round
            .add_conditions_to(update)
            .require("NOT asked_in_round = :round");
    }
    if let Some(visitor) = visitor {
        update = update
            .require("visitor_email = :visitor")
            .value(":visitor", string(visitor));
    } else if !new_request.visitor_interval.is_off() {
        update = update.require("attribute_not_exists(visitor_email)");
    }
    match &new_request.snapshot {
        Some(snapshot) => snapshot.add_conditions_to(update),
        None => Ok(update),
    }
}

fn start_agent_cooldown(
    table: &Table,
    new_request: &NewRatingRequest,
    request: &RatingRequestItem,
) -> Result<TransactWriteItem, Fault> {
    let NewRatingRequest {
        organisation,
        conversation,
        agent,
        ..
    } = new_request;
    let cooldown = CooldownItem {
        rating_request_id: new_request.rating_request_id.clone(),
        conversation_id: None,
        expires_at: request.next_request_at.epoch_seconds(),
    };
    let key = key::agent_cooldown(organisation, conversation, &agent.id);
    start_cooldown(table, new_request, key, &cooldown)
}

fn start_visitor_cooldown(
    table: &Table,
    new_request: &NewRatingRequest,
    visitor: &EmailAddress,
) -> Result<TransactWriteItem, Fault> {
    let cooldown = CooldownItem {
        rating_request_id: new_request.rating_request_id.clone(),
        conversation_id: Some(new_request.conversation.clone()),
        expires_at: new_request.visitor_interval.ends_at(new_request.now),
    };
    let key = key::visitor_cooldown(&new_request.organisation, &VisitorHash::of(visitor));
    start_cooldown(table, new_request, key, &cooldown)
}

fn start_cooldown(
    table: &Table,
    new_request: &NewRatingRequest,
    key: Key,
    cooldown: &CooldownItem,
) -> Result<TransactWriteItem, Fault> {
    // TTL deletes items late, so a cooldown can exist after it has expired.
    transact_item(
        table
            .put(key, cooldown)?
            .condition_expression(ABSENT_OR_EXPIRED)
            .expression_attribute_values(":now", number(new_request.now.epoch_seconds())),
    )
}

fn put_request(
    table: &Table,
    new_request: &NewRatingRequest,
    request: &RatingRequestItem,
) -> Result<TransactWriteItem, Fault> {
    let item = WithOutbox::on_update(request, new_request.event_subject());
    transact_item(
        put_with_ttl(table, new_request.key(), &item, new_request.now)?
            .condition_expression(ABSENT_OR_EXPIRED)
            .expression_attribute_values(":now", number(new_request.now.epoch_seconds())),
    )
}

fn put_event(table: &Table, new_request: &NewRatingRequest) -> Result<TransactWriteItem, Fault> {
    let NewRatingRequest {
        organisation,
        conversation,
        rating_request_id,
        agent,
        now,
        ..
    } = new_request;
    let id = EntryId::of_event("rating_requested", rating_request_id.as_str());
    let event = Event::RatingRequested {
        rating_request_id: rating_request_id.clone(),
        agent: agent.clone(),
        by: new_request.asked_by(),
    };
    let key = key::entry(organisation, conversation, *now, &id);
    let entry = Entry::of_event(id, *now, event);
    let item = WithOutbox::of_entry(entry, new_request.event_subject());
    transact_item(put_with_ttl(table, key, &item, *now)?)
}
