use std::time::Duration;

use crate::domain::{
    ASK_INTERVAL_SECONDS, Channel, EmailAddress, Entry, EntryId, Event, Timestamp, VisitorHash,
};
use crate::fault::Fault;
use crate::metrics::{self, Counter};
use crate::table::{
    Announced, AskGateItem, ConversationAt, CurrentRequest, IS_FREE, Key, Leg, RatingRequestItem,
    Subject, Table, TransactWriteItem, Transacted, attribute, leg, number, string,
};

use super::{Ask, Asked, Gates, gated_visitor, read_gates};

/// How often an asking is tried again whose conversation came to name another visitor meanwhile.
const VISITOR_RETRIES: u32 = 3;

/// How long reading what stands may take, where nobody knows whether the request does.
const EXPLAINING_TIME: Duration = Duration::from_secs(3);

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
        let asked = self.write(table).await?;
        if matches!(asked, Asked::Made(_)) {
            metrics::count(Counter::Asked);
        }
        Ok(asked)
    }

    async fn write(&self, table: &Table) -> Result<Asked, Fault> {
        for _ in 0..=VISITOR_RETRIES {
            let asked = if self.visitor_interval.is_off() {
                self.write_beside(table, None).await?
            } else {
                let Some(conversation) = table.get_conversation(self.at()).await? else {
                    return Ok(Asked::NoConversation);
                };
                let visitor = gated_visitor(self.visitor_interval, &conversation);
                self.write_beside(table, visitor).await?
            };
            if let Some(asked) = asked {
                return Ok(asked);
            }
        }
        Err(Fault::contended("a conversation's visitor kept changing"))
    }

    /// The transaction, which closes the gate of `visitor` too, where there is one; `None` where the
    /// conversation names another visitor by now.
    async fn write_beside(
        &self,
        table: &Table,
        visitor: Option<&EmailAddress>,
    ) -> Result<Option<Asked>, Fault> {
        let request = self.request();
        let agent_gate = Key::ask_gate(&self.organisation, &self.conversation, &self.agent.id);
        let opens_at = request.next_request_at.epoch_seconds();
        let mut legs = vec![
            self.close_gate(table, agent_gate, opens_at)?,
            self.put_request(table, &request)?,
            self.set_current_request(table, &request, visitor)?,
            self.put_event(table)?,
        ];
        if let Some(visitor) = visitor {
            let visitor = VisitorHash::of(visitor);
            let visitor_gate = Key::visitor_ask_gate(&self.organisation, &visitor);
            let opens_at = self.visitor_interval.ends_at(self.now);
            legs.push(self.close_gate(table, visitor_gate, opens_at)?);
        }
        match table.transact_all_in(self.at(), &legs).await? {
            Transacted::Committed => Ok(Some(Asked::Made(request))),
            Transacted::Refused(legs) => self.explain(legs),
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
        opens_at: i64,
    ) -> Result<TransactWriteItem, Fault> {
        let gate = AskGateItem {
            request_id: self.request_id.clone(),
            expires_at: opens_at,
        };
        // TTL deletes late: a gate that stands and has expired is open.
        leg(table
            .put(key, &gate)?
            .condition_expression(IS_FREE)
            .expression_attribute_values(":now", number(self.now.epoch_seconds())))
    }

    fn put_request(
        &self,
        table: &Table,
        request: &RatingRequestItem,
    ) -> Result<TransactWriteItem, Fault> {
        leg(table
            .put_kept(
                self.request_key(),
                &Announced::by_updates(request, self.subject()),
                self.now,
            )?
            .condition_expression(IS_FREE)
            .expression_attribute_values(":now", number(self.now.epoch_seconds())))
    }

    fn set_current_request(
        &self,
        table: &Table,
        request: &RatingRequestItem,
        visitor: Option<&EmailAddress>,
    ) -> Result<TransactWriteItem, Fault> {
        let current = CurrentRequest {
            id: request.request_id.clone(),
            requested_at: request.requested_at,
            agent: request.agent.clone(),
            expires_at: table.retention().expires_at(self.now),
            withdrawn_at: None,
        };
        let condition = match visitor {
            _ if self.visitor_interval.is_off() => "channel = :widget",
            Some(_) => "channel = :widget AND visitor_email = :visitor",
            None => "channel = :widget AND attribute_not_exists(visitor_email)",
        };
        let update = table
            .update_conversation(self.at(), "current_request = :current", condition)
            .expression_attribute_values(":current", attribute(&current)?)
            .expression_attribute_values(":widget", string(Channel::WIDGET));
        leg(match visitor {
            Some(visitor) => update.expression_attribute_values(":visitor", string(visitor)),
            None => update,
        })
    }

    fn put_event(&self, table: &Table) -> Result<TransactWriteItem, Fault> {
        let id = EntryId::of_event("rating_requested", self.request_id.as_str());
        let event = Event::RatingRequested {
            rating_request_id: self.request_id.clone(),
            agent: self.agent.clone(),
        };
        let key = Key::entry(&self.organisation, &self.conversation, self.now, &id);
        let entry = Entry::of_event(id, self.now, event);
        leg(table.put_kept(key, &Announced::entry(entry, self.subject()), self.now)?)
    }

    /// Where the transaction did not get through or nobody heard of it: what stands now decides, or
    /// `None` where it decides nothing.
    async fn explain_unsettled(
        &self,
        table: &Table,
        visitor: Option<&EmailAddress>,
    ) -> Result<Option<Asked>, Fault> {
        let (conversation, same_request, gates) = tokio::try_join!(
            table.get_conversation(self.at()),
            table.get_kept::<RatingRequestItem>(self.request_key(), self.now),
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
            (Some(_), None) if gates.are_of(&self.request_id) => table
                .get_kept(self.request_key(), self.now)
                .await?
                .map(|stands| self.explain_same_request(stands)),
            (Some(_), None) => gates.closed(self.now).map(Asked::TooSoon),
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
        Key::rating_request(&self.organisation, &self.conversation, &self.request_id)
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
            answer: None,
            first_rated_at: None,
            rated_score: None,
            counted: None,
            expires_at: None,
        }
    }

    /// Where the conversation stands, the leg of the id goes before all others: a repeat of what was
    /// done is no new asking. `None` where the conversation names another visitor by now.
    fn explain(&self, legs: Vec<Leg>) -> Result<Option<Asked>, Fault> {
        let mut legs = legs.into_iter();
        let mut next = || legs.next().unwrap_or(Leg::Fine);
        let (agent_gate, same_request, conversation) = (next(), next(), next());
        let (_event, visitor_gate) = (next(), next());
        let conversation = match conversation.read_conversation()? {
            None => None,
            Some(stored) => match stored.standing(self.now) {
                None => return Ok(Some(Asked::NoConversation)),
                stands => stands,
            },
        };
        if let Some(Some(stands)) = same_request.read::<RatingRequestItem>()? {
            return Ok(Some(self.explain_same_request(stands)));
        }
        match conversation {
            Some(stands) if stands.channel == Channel::widget() => return Ok(None),
            Some(stands) => return Ok(Some(Asked::OtherChannel(stands.channel))),
            None => {}
        }
        let gates = Gates {
            agent: agent_gate.read()?.flatten(),
            visitor: visitor_gate.read()?.flatten(),
        };
        match gates.closed(self.now) {
            Some(closed) => Ok(Some(Asked::TooSoon(closed))),
            None => Err(Fault::internal(
                "a refused asking met nothing that refuses it",
            )),
        }
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
