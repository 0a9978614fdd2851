use std::time::Duration;

use crate::domain::{ASK_INTERVAL_SECONDS, Channel, Entry, EntryId, Event, Timestamp};
use crate::fault::Fault;
use crate::metrics::{self, Counter};
use crate::table::{
    Announced, AskGateItem, ConversationAt, CurrentRequest, IS_FREE, Key, Leg, RatingRequestItem,
    Subject, Table, TransactWriteItem, Transacted, attribute, leg, number, string,
};

use super::{Ask, Asked};

/// How long reading what stands may take, where nobody knows whether the request does.
const EXPLAINING_TIME: Duration = Duration::from_secs(3);

impl Ask {
    /// Makes the rating request in one transaction: the gate, the request, the conversation's
    /// current request and the event. What refuses it is explained by the items that it met.
    ///
    /// # Errors
    /// Where DynamoDB fails.
    pub async fn make(&self, table: &Table) -> Result<Asked, Fault> {
        let asked = self.try_make(table).await?;
        if matches!(asked, Asked::Made(_)) {
            metrics::count(Counter::Asked);
        }
        Ok(asked)
    }

    async fn try_make(&self, table: &Table) -> Result<Asked, Fault> {
        let request = self.new_request();
        let legs = [
            self.close_gate(table, &request)?,
            self.put_request(table, &request)?,
            self.set_current_request(table, &request)?,
            self.put_event(table)?,
        ];
        match table.transact_in(self.at(), legs).await? {
            Transacted::Committed => Ok(Asked::Made(request)),
            Transacted::Refused([gate, same_request, conversation, _event]) => {
                self.explain(gate, same_request, conversation)
            }
            Transacted::Unsettled(fault) => {
                let explained =
                    tokio::time::timeout(EXPLAINING_TIME, self.explain_unsettled(table));
                match explained.await {
                    Ok(Ok(Some(asked))) => Ok(asked),
                    _ => Err(fault),
                }
            }
        }
    }

    fn close_gate(
        &self,
        table: &Table,
        request: &RatingRequestItem,
    ) -> Result<TransactWriteItem, Fault> {
        let gate = AskGateItem {
            request_id: request.request_id.clone(),
            expires_at: request.next_request_at.epoch_seconds(),
        };
        // TTL deletes late: a gate that stands and has expired is open.
        leg(table
            .put(self.gate_key(), &gate)?
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
    ) -> Result<TransactWriteItem, Fault> {
        let current = CurrentRequest {
            id: request.request_id.clone(),
            requested_at: request.requested_at,
            agent: request.agent.clone(),
            expires_at: table.retention().expires_at(self.now),
        };
        leg(table
            .update_conversation(self.at(), "current_request = :current", "channel = :widget")
            .expression_attribute_values(":current", attribute(&current)?)
            .expression_attribute_values(":widget", string(Channel::WIDGET)))
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
    async fn explain_unsettled(&self, table: &Table) -> Result<Option<Asked>, Fault> {
        let (conversation, same_request, gate) = tokio::try_join!(
            table.get_conversation(self.at()),
            table.get_kept::<RatingRequestItem>(self.request_key(), self.now),
            table.get::<AskGateItem>(self.gate_key()),
        )?;
        if conversation.is_none() {
            return Ok(Some(Asked::NoConversation));
        }
        Ok(match (same_request, gate) {
            (Some(stands), _) => Some(self.explain_same_request(stands)),
            (None, Some(gate)) if gate.is_closed(self.now) => Some(Asked::TooSoon {
                opens_at: gate.opens_at(),
            }),
            _ => None,
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

    fn gate_key(&self) -> Key {
        Key::ask_gate(&self.organisation, &self.conversation, &self.agent.id)
    }

    fn request_key(&self) -> Key {
        Key::rating_request(&self.organisation, &self.conversation, &self.request_id)
    }

    fn new_request(&self) -> RatingRequestItem {
        // The interval counts whole seconds, as the gate's expiry does.
        let opens_at = self.now.epoch_seconds() + ASK_INTERVAL_SECONDS;
        RatingRequestItem {
            request_id: self.request_id.clone(),
            agent: self.agent.clone(),
            channel: Channel::widget(),
            requested_at: self.now,
            next_request_at: Timestamp::from_epoch_seconds(opens_at).unwrap_or(self.now),
            payload_fingerprint: self.payload_fingerprint.clone(),
            link: self.link.clone(),
            answer: None,
            expires_at: None,
        }
    }

    /// Where the conversation stands, the leg of the id goes before all others: a repeat of what was
    /// done is no new asking.
    fn explain(&self, gate: Leg, same_request: Leg, conversation: Leg) -> Result<Asked, Fault> {
        let conversation = match conversation.read_conversation()? {
            None => None,
            Some(stored) => match stored.standing(self.now) {
                None => return Ok(Asked::NoConversation),
                stands => stands,
            },
        };
        if let Some(Some(stands)) = same_request.read::<RatingRequestItem>()? {
            return Ok(self.explain_same_request(stands));
        }
        if let Some(stands) = conversation {
            return Ok(Asked::OtherChannel(stands.channel));
        }
        match gate.read::<AskGateItem>()? {
            Some(Some(stands)) => Ok(Asked::TooSoon {
                opens_at: stands.opens_at(),
            }),
            _ => Err(Fault::internal(
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
