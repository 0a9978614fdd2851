use std::time::Duration;

use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::{
    ASK_INTERVAL_SECONDS, Channel, EmailAddress, Entry, EntryId, Event, Timestamp, VisitorHash,
};
use dynamodb::{
    ABSENT_OR_EXPIRED, Key, Leg, Table, Transacted, attribute, get_unexpired, leg, number,
    put_with_ttl, read_all_unknown, string,
};
use errors::Fault;

use super::{Ask, Asked, Gates, gated_visitor, read_gates};
use crate::announcement::{Announced, Subject};
use crate::conversation::CurrentRequest;
use crate::conversation_write::{
    ConversationAt, ConversationUpdate, get_conversation, transact_all_in,
};
use crate::key;
use crate::rating_request::{AskGateItem, RatingRequestItem};
use crate::stored_conversation::StoredConversation;

/// How often an asking is tried again whose conversation came to name another visitor meanwhile.
const VISITOR_RETRIES: u32 = 3;

/// How long reading what stands may take, where nobody knows whether the request does.
const EXPLAINING_TIME: Duration = Duration::from_secs(3);

/// Why a transaction was refused.
enum Explained {
    Asked(Box<Asked>),
    /// The conversation names another visitor by now.
    OtherVisitor,
    /// None of the items refuses it.
    Nothing,
}

impl Ask {
    /// Makes the rating request in one transaction: the agent's gate, the request, the
    /// conversation's current request, the event and, in a stack that leaves visitors in peace for
    /// a while, the visitor's gate. What refuses it is explained by the items that it met.
    ///
    /// It is one round trip, and two where there is such an interval: who the visitor is must be
    /// known first.
    ///
    /// # Errors
    /// Where DynamoDB fails.
    pub async fn make(&self, table: &Table) -> Result<Asked, Fault> {
        for _ in 0..=VISITOR_RETRIES {
            let asked = if self.visitor_interval.is_off() {
                self.write_beside(table, None).await?
            } else {
                let Some(conversation) = get_conversation(table, self.at()).await? else {
                    return Ok(Asked::NoConversation);
                };
                let visitor = gated_visitor(self.visitor_interval, &conversation);
                self.write_beside(table, visitor).await?
            };
            if let Some(asked) = asked {
                return Ok(asked);
            }
        }
        Err(Fault::contended(
            "a rating request kept meeting other writes of its conversation",
        ))
    }

    /// The transaction, which closes the gate of `visitor` too, where there is one; `None` where the
    /// conversation names another visitor by now.
    async fn write_beside(
        &self,
        table: &Table,
        visitor: Option<&EmailAddress>,
    ) -> Result<Option<Asked>, Fault> {
        let request = self.request();
        let agent_gate = key::ask_gate(&self.organisation, &self.conversation, &self.agent.id);
        let gate = AskGateItem {
            request_id: self.request_id.clone(),
            conversation_id: None,
            expires_at: request.next_request_at.epoch_seconds(),
        };
        let mut others = vec![
            self.close_gate(table, agent_gate, &gate)?,
            self.put_request(table, &request)?,
            self.put_event(table)?,
        ];
        if let Some(visitor) = visitor {
            let visitor = VisitorHash::of(visitor);
            let visitor_gate = key::visitor_ask_gate(&self.organisation, &visitor);
            let gate = AskGateItem {
                conversation_id: Some(self.conversation.clone()),
                expires_at: self.visitor_interval.ends_at(self.now),
                ..gate
            };
            others.push(self.close_gate(table, visitor_gate, &gate)?);
        }
        let conversation = self.set_current_request(table, &request, visitor)?;
        let written = transact_all_in(table, self.at(), conversation, &others).await?;
        match written {
            Transacted::Committed => Ok(Some(Asked::Made(request))),
            Transacted::Refused(refused) => {
                let mut legs = vec![refused.conversation];
                legs.extend(refused.others);
                let has_unknown = legs.iter().any(|leg| matches!(leg, Leg::Unknown(_)));
                let legs = read_all_unknown(table, legs).await?;
                match self.explain(legs, visitor)? {
                    Explained::Asked(asked) => Ok(Some(*asked)),
                    Explained::OtherVisitor => Ok(None),
                    // What kept its condition from being evaluated is over by now.
                    Explained::Nothing if has_unknown => Ok(None),
                    Explained::Nothing => Err(Fault::internal(
                        "no item explains why a rating request was refused",
                    )),
                }
            }
            Transacted::Unsettled(fault) => {
                let explained =
                    tokio::time::timeout(EXPLAINING_TIME, self.explain_unsettled(table, visitor));
                match explained.await {
                    Ok(Ok(Some(asked))) => Ok(Some(asked)),
                    _ => Err(fault),
                }
            }
        }
    }

    fn close_gate(
        &self,
        table: &Table,
        key: Key,
        gate: &AskGateItem,
    ) -> Result<TransactWriteItem, Fault> {
        // TTL deletes late: a gate that exists and has expired is open.
        leg(table
            .put(key, gate)?
            .condition_expression(ABSENT_OR_EXPIRED)
            .expression_attribute_values(":now", number(self.now.epoch_seconds())))
    }

    fn put_request(
        &self,
        table: &Table,
        request: &RatingRequestItem,
    ) -> Result<TransactWriteItem, Fault> {
        leg(put_with_ttl(
            table,
            self.request_key(),
            &Announced::by_updates(request, self.subject()),
            self.now,
        )?
        .condition_expression(ABSENT_OR_EXPIRED)
        .expression_attribute_values(":now", number(self.now.epoch_seconds())))
    }

    fn set_current_request(
        &self,
        table: &Table,
        request: &RatingRequestItem,
        visitor: Option<&EmailAddress>,
    ) -> Result<ConversationUpdate, Fault> {
        let current = CurrentRequest {
            id: request.request_id.clone(),
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
        let id = EntryId::of_event("rating_requested", self.request_id.as_str());
        let event = Event::RatingRequested {
            rating_request_id: self.request_id.clone(),
            agent: self.agent.clone(),
        };
        let key = key::entry(&self.organisation, &self.conversation, self.now, &id);
        let entry = Entry::of_event(id, self.now, event);
        leg(put_with_ttl(
            table,
            key,
            &Announced::entry(entry, self.subject()),
            self.now,
        )?)
    }

    /// Where the transaction did not get through or nobody heard of it: what stands now decides, or
    /// `None` where it decides nothing.
    async fn explain_unsettled(
        &self,
        table: &Table,
        visitor: Option<&EmailAddress>,
    ) -> Result<Option<Asked>, Fault> {
        let (conversation, same_request, gates) = tokio::try_join!(
            get_conversation(table, self.at()),
            get_unexpired::<RatingRequestItem>(table, self.request_key(), self.now),
            read_gates(
                table,
                &self.organisation,
                &self.conversation,
                &self.agent.id,
                visitor
            ),
        )?;
        Ok(match (conversation, same_request) {
            (None, _) => Some(Asked::NoConversation),
            (Some(_), Some(stands)) => Some(self.explain_same_request(stands)),
            // The request was written between the reads.
            (Some(_), None) if gates.are_of(&self.request_id) => {
                get_unexpired(table, self.request_key(), self.now)
                    .await?
                    .map(|stands| self.explain_same_request(stands))
            }
            (Some(_), None) => self.explain_gates(gates),
        })
    }

    fn subject(&self) -> Subject {
        Subject::rating_request(
            &self.organisation,
            &self.conversation,
            &self.agent,
            &self.request_id,
        )
    }

    fn at(&self) -> ConversationAt<'_> {
        ConversationAt::new(&self.organisation, &self.conversation, self.now)
    }

    fn request_key(&self) -> Key {
        key::rating_request(&self.organisation, &self.conversation, &self.request_id)
    }

    /// The request that it makes.
    pub fn request(&self) -> RatingRequestItem {
        // The interval counts whole seconds, as the gate's expiry does.
        let opens_at = self.now.epoch_seconds() + ASK_INTERVAL_SECONDS;
        let report_day = self.report_time_zone.day_of(self.now);
        RatingRequestItem {
            request_id: self.request_id.clone(),
            organisation: self.organisation.clone(),
            conversation_id: Some(self.conversation.clone()),
            agent: self.agent.clone(),
            channel: Channel::widget(),
            requested_at: self.now,
            report_day,
            ratings_of: RatingRequestItem::ratings_of(
                &self.organisation,
                report_day,
                &self.request_id,
            ),
            next_request_at: Timestamp::from_epoch_seconds(opens_at).unwrap_or(self.now),
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

    /// Explains a refused transaction by the items that it met: the conversation, the agent's gate,
    /// the request, the event, the visitor's gate.
    ///
    /// If the conversation exists, the request is looked at before all others: a retry must not count
    /// as a new request.
    fn explain(&self, legs: Vec<Leg>, visitor: Option<&EmailAddress>) -> Result<Explained, Fault> {
        let mut legs = legs.into_iter();
        let mut next = || legs.next().unwrap_or(Leg::Fine);
        let (conversation, agent_gate, same_request) = (next(), next(), next());
        let (_event, visitor_gate) = (next(), next());
        let conversation = match StoredConversation::of_leg(conversation)? {
            None => None,
            Some(stored) => match stored.standing(self.now) {
                None => return Ok(Explained::Asked(Box::new(Asked::NoConversation))),
                existing => existing,
            },
        };
        let same_request = same_request.read::<RatingRequestItem>()?.flatten();
        if let Some(existing) = same_request.filter(|request| !request.has_expired(self.now)) {
            return Ok(Explained::Asked(Box::new(
                self.explain_same_request(existing),
            )));
        }
        if let Some(existing) = conversation {
            if existing.channel != Channel::widget() {
                return Ok(Explained::Asked(Box::new(Asked::OtherChannel(
                    existing.channel,
                ))));
            }
            if let Some(prepared_from) = &self.prepared_from
                && !prepared_from.holds(&existing)
            {
                return Ok(Explained::Asked(Box::new(Asked::ConversationChanged)));
            }
            if gated_visitor(self.visitor_interval, &existing) != visitor {
                return Ok(Explained::OtherVisitor);
            }
        }
        let gates = Gates {
            agent: agent_gate.read()?.flatten(),
            visitor: visitor_gate.read()?.flatten(),
        };
        Ok(match self.explain_gates(gates) {
            Some(asked) => Explained::Asked(Box::new(asked)),
            None => Explained::Nothing,
        })
    }

    fn explain_gates(&self, gates: Gates) -> Option<Asked> {
        let closed = gates.closed(self.now)?;
        let is_closed = |gate: &AskGateItem| gate.is_closed(self.now);
        let by = gates.agent.filter(is_closed).map(|gate| gate.request_id);
        // Someone else's request closed the visitor's gate, and the agent's own does not matter.
        let is_other =
            |gate: &AskGateItem| is_closed(gate) && Some(&gate.request_id) != by.as_ref();
        let by = by
            .clone()
            .filter(|_| !gates.visitor.as_ref().is_some_and(is_other));
        Some(Asked::TooSoon { closed, by })
    }

    fn explain_same_request(&self, stands: RatingRequestItem) -> Asked {
        if stands.payload_fingerprint != self.payload_fingerprint {
            Asked::OtherPayload
        } else if self.payload_fingerprint.is_some() {
            Asked::MadeBefore(stands)
        } else {
            // Only this very request has its random id: its own write, whose reply was lost.
            Asked::Made(stands)
        }
    }
}
