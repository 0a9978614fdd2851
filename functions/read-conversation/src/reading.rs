use domain::{AgentId, ConversationId, EntryId, InvalidValue, OrganisationId, Timestamp};
use dynamodb::{Item, Key};
use errors::Refusal;
use lambda::http::{HttpRequest, TenantResolver};
use store::key;

use crate::cursor::{Cursor, GroupOrder};

/// A decoded request of the inbox.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) organisation: OrganisationId,
    pub(crate) conversation: ConversationId,
    pub(crate) agent: AgentId,
    pub(crate) cursor: Option<Cursor>,
    pub(crate) limit: u16,
    pub(crate) now: Timestamp,
}

impl Reading {
    pub(crate) fn decode(request: &HttpRequest, tenants: &TenantResolver) -> Result<Self, Refusal> {
        let caller = tenants.agent_caller(request)?;
        Ok(Self {
            conversation: request.path_parameter("conversation_id", ConversationId::parse)?,
            agent: caller.own().id.clone(),
            organisation: caller.organisation,
            cursor: request.query_parameter("cursor", Cursor::parse)?,
            limit: request.query_parameter("limit", read_limit)?.unwrap_or(100),
            now: request.now(),
        })
    }

    pub(crate) fn partition(&self) -> String {
        key::conversation_partition(&self.organisation, &self.conversation)
    }

    pub(crate) fn entry_key(&self, at: Timestamp, id: &EntryId) -> Key {
        key::entry(&self.organisation, &self.conversation, at, id)
    }

    /// Returns the exclusive start key of the query. In the order of arrival, entries with a
    /// smaller id may come after the entry of the cursor, so the whole group is read again.
    pub(crate) fn start(&self, cursor: &Cursor) -> Item {
        match cursor.order {
            GroupOrder::Id => self.entry_key(cursor.at, &cursor.id),
            GroupOrder::Arrival => Key {
                pk: self.partition(),
                sk: key::entries_at(cursor.at),
            },
        }
        .into_item()
    }
}

fn read_limit(text: &str) -> Result<u16, InvalidValue> {
    text.parse()
        .ok()
        .filter(|limit| (1..=500).contains(limit))
        .ok_or_else(|| InvalidValue::new("must be a whole number from 1 to 500"))
}
