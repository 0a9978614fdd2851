use shared::domain::{ASK_INTERVAL_SECONDS, Channel, Entry, EntryId, Event, Timestamp};
use shared::fault::Fault;
use shared::table::{
    AskGateItem, ConversationItem, CurrentRequest, EntryItem, Key, Leg, RatingRequestItem,
    TransactWriteItem, Transacted, WriteToken, attribute, leg, number, string,
};

use crate::{Ask, AskRating};

/// What became of an asking.
#[derive(Debug)]
pub(crate) enum Asked {
    /// The request was made: 201.
    Made(RatingRequestItem),
    /// The same idempotency key made it before: the same 201.
    MadeBefore(RatingRequestItem),
    /// The idempotency key came before with another payload: 422.
    OtherPayload,
    /// There is no such conversation: 404.
    NoConversation,
    /// A visitor on this channel can't be asked: 409.
    OtherChannel(Channel),
    /// The agent asked within the interval: 429.
    TooSoon {
        /// When the agent may ask again.
        opens_at: Timestamp,
    },
}

impl AskRating {
    /// Makes the rating request in one transaction: the gate, the request, the conversation's
    /// current request and the event. What refuses it is explained by the items that it met.
    pub(crate) async fn write(&self, ask: &Ask) -> Result<Asked, Fault> {
        let request = new_request(ask);
        let legs = [
            self.close_gate(ask, &request)?,
            self.put_request(ask, &request)?,
            self.set_current_request(ask, &request)?,
            self.put_event(ask)?,
        ];
        match self.table.transact(WriteToken::random(), legs).await? {
            Transacted::Committed => Ok(Asked::Made(request)),
            Transacted::Refused([gate, same_request, conversation, _event]) => {
                explain(ask, gate, same_request, conversation)
            }
            Transacted::Contended(fault) => self.explain_contention(ask).await?.ok_or(fault),
        }
    }

    fn close_gate(
        &self,
        ask: &Ask,
        request: &RatingRequestItem,
    ) -> Result<TransactWriteItem, Fault> {
        let gate = AskGateItem {
            request_id: request.request_id.clone(),
            expires_at: request.next_request_at.epoch_seconds(),
        };
        // TTL deletes late: a gate that stands and has expired is open.
        leg(self
            .table
            .put(ask.gate_key(), &gate)?
            .condition_expression("attribute_not_exists(pk) OR expires_at <= :now")
            .expression_attribute_values(":now", number(ask.now.epoch_seconds())))
    }

    fn put_request(
        &self,
        ask: &Ask,
        request: &RatingRequestItem,
    ) -> Result<TransactWriteItem, Fault> {
        leg(self
            .table
            .put(ask.request_key(), request)?
            .condition_expression("attribute_not_exists(pk)"))
    }

    fn set_current_request(
        &self,
        ask: &Ask,
        request: &RatingRequestItem,
    ) -> Result<TransactWriteItem, Fault> {
        let current = CurrentRequest {
            id: request.request_id.clone(),
            requested_at: request.requested_at,
            agent: request.agent.clone(),
        };
        leg(self
            .table
            .update(Key::conversation(&ask.organisation, &ask.conversation))
            .update_expression("SET current_request = :current")
            .condition_expression("channel = :widget")
            .expression_attribute_values(":current", attribute(&current)?)
            .expression_attribute_values(":widget", string(Channel::WIDGET)))
    }

    fn put_event(&self, ask: &Ask) -> Result<TransactWriteItem, Fault> {
        let id = EntryId::of_event("rating_requested", ask.request_id.as_str());
        let event = Event::RatingRequested {
            rating_request_id: ask.request_id.clone(),
            agent: ask.agent.clone(),
        };
        let key = Key::entry(&ask.organisation, &ask.conversation, ask.now, &id);
        let entry = EntryItem::from(Entry::of_event(id, ask.now, event));
        leg(self.table.put(key, &entry)?)
    }

    /// After conflicts to the end: what stands now decides, or `None` where it decides nothing.
    async fn explain_contention(&self, ask: &Ask) -> Result<Option<Asked>, Fault> {
        let (same_request, gate) = tokio::try_join!(
            self.table.get::<RatingRequestItem>(ask.request_key()),
            self.table.get::<AskGateItem>(ask.gate_key()),
        )?;
        Ok(match (same_request, gate) {
            (Some(stands), _) => Some(explain_same_request(ask, stands)),
            (None, Some(gate)) if gate.is_closed(ask.now) => Some(Asked::TooSoon {
                opens_at: gate.opens_at(),
            }),
            _ => None,
        })
    }
}

impl Ask {
    fn gate_key(&self) -> Key {
        Key::ask_gate(&self.organisation, &self.conversation, &self.agent.id)
    }

    fn request_key(&self) -> Key {
        Key::rating_request(&self.organisation, &self.conversation, &self.request_id)
    }
}

fn new_request(ask: &Ask) -> RatingRequestItem {
    // The interval counts whole seconds, as the gate's expiry does.
    let opens_at = ask.now.epoch_seconds() + ASK_INTERVAL_SECONDS;
    RatingRequestItem {
        request_id: ask.request_id.clone(),
        agent: ask.agent.clone(),
        channel: Channel::widget(),
        requested_at: ask.now,
        next_request_at: Timestamp::from_epoch_seconds(opens_at).unwrap_or(ask.now),
        payload_fingerprint: ask.payload_fingerprint.clone(),
        answer: None,
    }
}

/// The leg of the id goes before all others: a repeat of what was done is no new asking.
fn explain(ask: &Ask, gate: Leg, same_request: Leg, conversation: Leg) -> Result<Asked, Fault> {
    if let Some(Some(stands)) = same_request.read::<RatingRequestItem>()? {
        return Ok(explain_same_request(ask, stands));
    }
    match conversation.read::<ConversationItem>()? {
        Some(None) => return Ok(Asked::NoConversation),
        Some(Some(stands)) => return Ok(Asked::OtherChannel(stands.channel)),
        None => {}
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

fn explain_same_request(ask: &Ask, stands: RatingRequestItem) -> Asked {
    if stands.payload_fingerprint != ask.payload_fingerprint {
        Asked::OtherPayload
    } else if ask.payload_fingerprint.is_some() {
        Asked::MadeBefore(stands)
    } else {
        // Only this very request has its random id: its own write, whose reply was lost.
        Asked::Made(stands)
    }
}
