use std::time::Duration;

use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::{
    ASK_INTERVAL_SECONDS, Channel, EmailAddress, Entry, EntryId, Event, Timestamp, VisitorHash,
};
use dynamodb::{
    ABSENT_OR_EXPIRED, ItemOutcome, Key, Table, TransactOutcome, attribute, get_unexpired, number,
    put_with_ttl, read_all_not_evaluated, string, transact_item,
};
use errors::Fault;

use super::{Cooldowns, CreateOutcome, NewRatingRequest, read_cooldowns, visitor_with_cooldown};
use crate::conversation::CurrentRequest;
use crate::conversation_ref::ConversationRef;
use crate::conversation_write::{ConversationUpdate, get_conversation, transact_all_in};
use crate::key;
use crate::outbox::{EventSubject, WithOutbox};
use crate::rating_request::{CooldownItem, RatingRequestItem};
use crate::stored_conversation::StoredConversation;

/// How often creating a request is retried if the conversation's visitor changed at the same time.
const VISITOR_RETRIES: u32 = 3;

/// How long reading the existing items may take after a transaction whose outcome is unknown.
const EXPLAINING_TIME: Duration = Duration::from_secs(3);

/// Why a transaction was refused.
enum Explained {
    Outcome(Box<CreateOutcome>),
    /// The conversation has another visitor now.
    OtherVisitor,
    /// None of the items explains the refusal.
    Nothing,
}

impl NewRatingRequest {
    /// Creates the rating request in one transaction. It writes the agent's cooldown, the request,
    /// the conversation's current request and the event. If the stack has an interval for visitors,
    /// it also writes the visitor's cooldown. If the transaction is refused, the existing items
    /// explain why.
    ///
    /// Without such an interval this takes one round trip. With one it takes two, because the
    /// visitor must be read first.
    ///
    /// # Errors
    /// If DynamoDB fails.
    pub async fn make(&self, table: &Table) -> Result<CreateOutcome, Fault> {
        for _ in 0..=VISITOR_RETRIES {
            let outcome = if self.visitor_interval.is_off() {
                self.write_beside(table, None).await?
            } else {
                let Some(conversation) = get_conversation(table, self.conversation_ref()).await?
                else {
                    return Ok(CreateOutcome::ConversationNotFound);
                };
                let visitor = visitor_with_cooldown(self.visitor_interval, &conversation);
                self.write_beside(table, visitor).await?
            };
            if let Some(outcome) = outcome {
                return Ok(outcome);
            }
        }
        Err(Fault::contended(
            "a rating request kept meeting other writes of its conversation",
        ))
    }

    /// Runs the transaction, which also starts the cooldown of `visitor`, if there is one. Returns
    /// `None` if the conversation has another visitor now.
    async fn write_beside(
        &self,
        table: &Table,
        visitor: Option<&EmailAddress>,
    ) -> Result<Option<CreateOutcome>, Fault> {
        let request = self.request();
        let agent_cooldown =
            key::agent_cooldown(&self.organisation, &self.conversation, &self.agent.id);
        let cooldown = CooldownItem {
            rating_request_id: self.rating_request_id.clone(),
            conversation_id: None,
            expires_at: request.next_request_at.epoch_seconds(),
        };
        let mut others = vec![
            self.start_cooldown(table, agent_cooldown, &cooldown)?,
            self.put_request(table, &request)?,
            self.put_event(table)?,
        ];
        if let Some(visitor) = visitor {
            let visitor = VisitorHash::of(visitor);
            let visitor_cooldown = key::visitor_cooldown(&self.organisation, &visitor);
            let cooldown = CooldownItem {
                conversation_id: Some(self.conversation.clone()),
                expires_at: self.visitor_interval.ends_at(self.now),
                ..cooldown
            };
            others.push(self.start_cooldown(table, visitor_cooldown, &cooldown)?);
        }
        let conversation = self.set_current_request(table, &request, visitor)?;
        let written =
            transact_all_in(table, self.conversation_ref(), conversation, &others).await?;
        match written {
            TransactOutcome::Committed => Ok(Some(CreateOutcome::Created(request))),
            TransactOutcome::Refused(refused) => {
                let mut outcomes = vec![refused.conversation];
                outcomes.extend(refused.others);
                let has_unknown = outcomes
                    .iter()
                    .any(|outcome| matches!(outcome, ItemOutcome::NotEvaluated(_)));
                let outcomes = read_all_not_evaluated(table, outcomes).await?;
                match self.explain(outcomes, visitor)? {
                    Explained::Outcome(outcome) => Ok(Some(*outcome)),
                    Explained::OtherVisitor => Ok(None),
                    // The conflict that kept a condition from being evaluated is over by now.
                    Explained::Nothing if has_unknown => Ok(None),
                    Explained::Nothing => Err(Fault::internal(
                        "no item explains why a rating request was refused",
                    )),
                }
            }
            TransactOutcome::Unknown(fault) => {
                let explained =
                    tokio::time::timeout(EXPLAINING_TIME, self.explain_unsettled(table, visitor));
                match explained.await {
                    Ok(Ok(Some(outcome))) => Ok(Some(outcome)),
                    _ => Err(fault),
                }
            }
        }
    }

    fn start_cooldown(
        &self,
        table: &Table,
        key: Key,
        cooldown: &CooldownItem,
    ) -> Result<TransactWriteItem, Fault> {
        // TTL deletes items late, so a cooldown can exist after it has expired.
        transact_item(
            table
                .put(key, cooldown)?
                .condition_expression(ABSENT_OR_EXPIRED)
                .expression_attribute_values(":now", number(self.now.epoch_seconds())),
        )
    }

    fn put_request(
        &self,
        table: &Table,
        request: &RatingRequestItem,
    ) -> Result<TransactWriteItem, Fault> {
        transact_item(
            put_with_ttl(
                table,
                self.request_key(),
                &WithOutbox::on_update(request, self.subject()),
                self.now,
            )?
            .condition_expression(ABSENT_OR_EXPIRED)
            .expression_attribute_values(":now", number(self.now.epoch_seconds())),
        )
    }

    fn set_current_request(
        &self,
        table: &Table,
        request: &RatingRequestItem,
        visitor: Option<&EmailAddress>,
    ) -> Result<ConversationUpdate, Fault> {
        let current = CurrentRequest {
            id: request.rating_request_id.clone(),
            requested_at: request.requested_at,
            agent: request.agent.clone(),
            expires_at: table.retention().expires_at(self.now),
            withdrawn_at: None,
        };
        let mut update = ConversationUpdate::default()
            .set("current_request = :current")
            .value(":current", attribute(&current)?)
            .require("channel = :widget")
            .value(":widget", string(Channel::WIDGET));
        if let Some(visitor) = visitor {
            update = update
                .require("visitor_email = :visitor")
                .value(":visitor", string(visitor));
        } else if !self.visitor_interval.is_off() {
            update = update.require("attribute_not_exists(visitor_email)");
        }
        match &self.prepared_from {
            Some(prepared_from) => prepared_from.require_in(update),
            None => Ok(update),
        }
    }

    fn put_event(&self, table: &Table) -> Result<TransactWriteItem, Fault> {
        let id = EntryId::of_event("rating_requested", self.rating_request_id.as_str());
        let event = Event::RatingRequested {
            rating_request_id: self.rating_request_id.clone(),
            agent: self.agent.clone(),
        };
        let key = key::entry(&self.organisation, &self.conversation, self.now, &id);
        let entry = Entry::of_event(id, self.now, event);
        transact_item(put_with_ttl(
            table,
            key,
            &WithOutbox::entry(entry, self.subject()),
            self.now,
        )?)
    }

    /// Derives the outcome from the existing items if the transaction failed or its response was
    /// lost. Returns `None` if the items do not determine the outcome.
    async fn explain_unsettled(
        &self,
        table: &Table,
        visitor: Option<&EmailAddress>,
    ) -> Result<Option<CreateOutcome>, Fault> {
        let (conversation, same_request, cooldowns) = tokio::try_join!(
            get_conversation(table, self.conversation_ref()),
            get_unexpired::<RatingRequestItem>(table, self.request_key(), self.now),
            read_cooldowns(
                table,
                &self.organisation,
                &self.conversation,
                &self.agent.id,
                visitor
            ),
        )?;
        Ok(match (conversation, same_request) {
            (None, _) => Some(CreateOutcome::ConversationNotFound),
            (Some(_), Some(existing)) => Some(self.explain_same_request(existing)),
            // The request was written between the reads.
            (Some(_), None) if cooldowns.were_started_by(&self.rating_request_id) => {
                get_unexpired(table, self.request_key(), self.now)
                    .await?
                    .map(|existing| self.explain_same_request(existing))
            }
            (Some(_), None) => self.explain_cooldowns(cooldowns),
        })
    }

    fn subject(&self) -> EventSubject {
        EventSubject::rating_request(
            &self.organisation,
            &self.conversation,
            &self.agent,
            &self.rating_request_id,
        )
    }

    fn conversation_ref(&self) -> ConversationRef<'_> {
        ConversationRef::new(&self.organisation, &self.conversation, self.now)
    }

    fn request_key(&self) -> Key {
        key::rating_request(
            &self.organisation,
            &self.conversation,
            &self.rating_request_id,
        )
    }

    /// The item of the rating request.
    pub fn request(&self) -> RatingRequestItem {
        // The interval counts whole seconds, as the cooldown's expiry does.
        let available_at = self.now.epoch_seconds() + ASK_INTERVAL_SECONDS;
        let report_day = self.report_time_zone.day_of(self.now);
        RatingRequestItem {
            rating_request_id: self.rating_request_id.clone(),
            organisation: self.organisation.clone(),
            conversation_id: Some(self.conversation.clone()),
            agent: self.agent.clone(),
            channel: Channel::widget(),
            requested_at: self.now,
            report_day,
            ratings_of: RatingRequestItem::ratings_of(
                &self.organisation,
                report_day,
                &self.rating_request_id,
            ),
            next_request_at: Timestamp::from_epoch_seconds(available_at).unwrap_or(self.now),
            payload_fingerprint: self.payload_fingerprint.clone(),
            link: self.link.clone(),
            unmailed: false,
            answer: None,
            first_rated_at: None,
            rated_score: None,
            counted: None,
            expires_at: None,
        }
    }

    /// Explains a refused transaction by its items: the conversation, the agent's cooldown, the
    /// request, the event, the visitor's cooldown.
    ///
    /// If the conversation exists, check the request before all other items: a retry must not count
    /// as a new request.
    fn explain(
        &self,
        outcomes: Vec<ItemOutcome>,
        visitor: Option<&EmailAddress>,
    ) -> Result<Explained, Fault> {
        let mut outcomes = outcomes.into_iter();
        let mut next = || outcomes.next().unwrap_or(ItemOutcome::Passed);
        let (conversation, agent_cooldown, same_request) = (next(), next(), next());
        let (_event, visitor_cooldown) = (next(), next());
        let conversation = match StoredConversation::of_outcome(conversation)? {
            None => None,
            Some(stored) => match stored.live(self.now) {
                None => {
                    return Ok(Explained::Outcome(Box::new(
                        CreateOutcome::ConversationNotFound,
                    )));
                }
                existing => existing,
            },
        };
        let same_request = same_request.read::<RatingRequestItem>()?.flatten();
        if let Some(existing) = same_request.filter(|request| !request.has_expired(self.now)) {
            return Ok(Explained::Outcome(Box::new(
                self.explain_same_request(existing),
            )));
        }
        if let Some(existing) = conversation {
            if existing.channel != Channel::widget() {
                return Ok(Explained::Outcome(Box::new(
                    CreateOutcome::ChannelNotSupported(existing.channel),
                )));
            }
            if let Some(prepared_from) = &self.prepared_from
                && !prepared_from.holds(&existing)
            {
                return Ok(Explained::Outcome(Box::new(
                    CreateOutcome::ConversationChanged,
                )));
            }
            if visitor_with_cooldown(self.visitor_interval, &existing) != visitor {
                return Ok(Explained::OtherVisitor);
            }
        }
        let cooldowns = Cooldowns {
            agent: agent_cooldown.read()?.flatten(),
            visitor: visitor_cooldown.read()?.flatten(),
        };
        Ok(match self.explain_cooldowns(cooldowns) {
            Some(outcome) => Explained::Outcome(Box::new(outcome)),
            None => Explained::Nothing,
        })
    }

    fn explain_cooldowns(&self, cooldowns: Cooldowns) -> Option<CreateOutcome> {
        let active = cooldowns.active(self.now)?;
        let is_active = |cooldown: &CooldownItem| cooldown.is_active(self.now);
        let by = cooldowns
            .agent
            .filter(is_active)
            .map(|cooldown| cooldown.rating_request_id);
        // Another request started the visitor's cooldown, so the agent's own request is not
        // reported.
        let is_other = |cooldown: &CooldownItem| {
            is_active(cooldown) && Some(&cooldown.rating_request_id) != by.as_ref()
        };
        let by = by
            .clone()
            .filter(|_| !cooldowns.visitor.as_ref().is_some_and(is_other));
        Some(CreateOutcome::OnCooldown { active, by })
    }

    fn explain_same_request(&self, existing: RatingRequestItem) -> CreateOutcome {
        if existing.payload_fingerprint != self.payload_fingerprint {
            CreateOutcome::PayloadMismatch
        } else if self.payload_fingerprint.is_some() {
            CreateOutcome::Replayed(existing)
        } else {
            // The id is random, so this request itself wrote the item, and the response was lost.
            CreateOutcome::Created(existing)
        }
    }
}
