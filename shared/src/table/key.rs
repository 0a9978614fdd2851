use aws_sdk_dynamodb::types::AttributeValue;

use super::store::{Item, string};
use crate::domain::{
    AgentId, ClockHour, ConversationId, EntryId, OrganisationId, RatingRequestId, SenderAddress,
    Timestamp, TranscriptId, VisitorHash,
};
use crate::fault::Fault;

/// The primary key of one item.
///
/// Every key but a sender's owner begins with the organisation. No part of a key can hold the `#`
/// that stands between parts, so no two keys read alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The partition.
    pub pk: String,
    /// The place within it.
    pub sk: String,
}

impl Key {
    /// A conversation.
    pub fn conversation(organisation: &OrganisationId, conversation: &ConversationId) -> Self {
        Self::of_conversation(organisation, conversation, Self::CONVERSATION.to_owned())
    }

    /// An entry of a conversation's thread.
    pub fn entry(
        organisation: &OrganisationId,
        conversation: &ConversationId,
        at: Timestamp,
        id: &EntryId,
    ) -> Self {
        let sk = format!("{}{}", Self::ENTRIES, Self::place_in_thread(at, id));
        Self::of_conversation(organisation, conversation, sk)
    }

    /// The gate that lets an agent ask once in an interval.
    pub fn ask_gate(
        organisation: &OrganisationId,
        conversation: &ConversationId,
        agent: &AgentId,
    ) -> Self {
        Self::of_conversation(organisation, conversation, format!("ASK#{agent}"))
    }

    /// A rating request and its answer.
    pub fn rating_request(
        organisation: &OrganisationId,
        conversation: &ConversationId,
        id: &RatingRequestId,
    ) -> Self {
        Self::of_conversation(
            organisation,
            conversation,
            format!("{}{id}", Self::RATING_REQUESTS),
        )
    }

    /// A transcript.
    pub fn transcript(
        organisation: &OrganisationId,
        conversation: &ConversationId,
        id: &TranscriptId,
    ) -> Self {
        Self::of_conversation(
            organisation,
            conversation,
            format!("{}{id}", Self::TRANSCRIPTS),
        )
    }

    /// The transcripts of a conversation in an hour.
    pub fn conversation_quota(
        organisation: &OrganisationId,
        conversation: &ConversationId,
        hour: ClockHour,
    ) -> Self {
        Self::of_conversation(organisation, conversation, format!("QUOTA#{hour}"))
    }

    /// The number of transcripts of an agent in an hour.
    pub fn agent_quota(organisation: &OrganisationId, hour: ClockHour, agent: &AgentId) -> Self {
        Self::of_organisation(organisation, format!("QUOTA#{hour}#{agent}"))
    }

    /// The number of transcripts of an organisation in an hour.
    pub fn organisation_quota(organisation: &OrganisationId, hour: ClockHour) -> Self {
        Self::of_organisation(organisation, format!("QUOTA#{hour}"))
    }

    /// The gate that lets a visitor be asked once in an interval, in whichever conversation.
    pub fn visitor_ask_gate(organisation: &OrganisationId, visitor: &VisitorHash) -> Self {
        Self {
            pk: Self::visitor_partition(organisation, visitor),
            sk: "ASK".to_owned(),
        }
    }

    /// What leads from a visitor's e-mail address to a conversation that named it.
    pub fn visitor_conversation(
        organisation: &OrganisationId,
        visitor: &VisitorHash,
        conversation: &ConversationId,
    ) -> Self {
        Self {
            pk: Self::visitor_partition(organisation, visitor),
            sk: format!("{}{conversation}", Self::VISITOR_CONVERSATIONS),
        }
    }

    /// A sender of an organisation.
    pub fn sender(organisation: &OrganisationId, address: &SenderAddress) -> Self {
        Self::of_organisation(organisation, format!("{}{address}", Self::SENDERS))
    }

    /// The one organisation that a sender's address belongs to.
    pub fn sender_owner(address: &SenderAddress) -> Self {
        Self {
            pk: format!("SENDER#{address}"),
            sk: "OWNER".to_owned(),
        }
    }

    const CONVERSATION: &str = "CONVERSATION";

    /// What the sort keys of a thread's entries begin with.
    pub const ENTRIES: &str = "ENTRY#";
    /// What the sort keys of a conversation's transcripts begin with.
    pub const TRANSCRIPTS: &str = "TRANSCRIPT#";
    /// What the sort keys of an organisation's senders begin with.
    pub const SENDERS: &str = "SENDER#";
    /// What the sort keys of a conversation's rating requests begin with.
    pub const RATING_REQUESTS: &str = "REQUEST#";
    /// What the sort keys begin with that lead from a visitor to conversations.
    pub const VISITOR_CONVERSATIONS: &str = "CONVERSATION#";

    /// The partition of a conversation.
    pub fn conversation_partition(
        organisation: &OrganisationId,
        conversation: &ConversationId,
    ) -> String {
        format!("{organisation}#{conversation}")
    }

    /// The partition of a visitor. A conversation's has one `#` and so is never the same.
    pub fn visitor_partition(organisation: &OrganisationId, visitor: &VisitorHash) -> String {
        format!("{organisation}#VISITOR#{visitor}")
    }

    /// The partition of an organisation.
    pub fn organisation_partition(organisation: &OrganisationId) -> String {
        organisation.to_string()
    }

    /// Where an entry stands in its thread: entries sort by time, then by id.
    pub fn place_in_thread(at: Timestamp, id: &EntryId) -> String {
        format!("{at}#{id}")
    }

    fn of_conversation(
        organisation: &OrganisationId,
        conversation: &ConversationId,
        sk: String,
    ) -> Self {
        Self {
            pk: Self::conversation_partition(organisation, conversation),
            sk,
        }
    }

    fn of_organisation(organisation: &OrganisationId, sk: String) -> Self {
        Self {
            pk: Self::organisation_partition(organisation),
            sk,
        }
    }

    /// The key of an item as it was read.
    ///
    /// # Errors
    /// Where it has none, as no item of the table.
    pub fn of_item(item: &Item) -> Result<Self, Fault> {
        let part = |name| {
            let value = item.get(name).and_then(|value| value.as_s().ok());
            value
                .cloned()
                .ok_or_else(|| Fault::internal("an item of the table has no key"))
        };
        Ok(Self {
            pk: part("pk")?,
            sk: part("sk")?,
        })
    }

    /// Whether it is the key of a conversation itself.
    pub fn is_conversation(&self) -> bool {
        self.sk == Self::CONVERSATION
    }

    /// The key as the SDK takes it.
    pub fn into_item(self) -> Item {
        Item::from([
            ("pk".to_owned(), AttributeValue::S(self.pk)),
            ("sk".to_owned(), string(self.sk)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_sort_by_time() {
        let organisation = OrganisationId::parse("main").unwrap();
        let conversation = ConversationId::parse("c").unwrap();
        let key = |at: &str, id: &str| {
            let at = Timestamp::parse(at).unwrap();
            Key::entry(
                &organisation,
                &conversation,
                at,
                &EntryId::parse(id).unwrap(),
            )
            .sk
        };
        let early = key("2026-01-01T09:00:00+02:00", "z");
        let late = key("2026-01-01T08:00:00Z", "a");
        assert_eq!(early, "ENTRY#2026-01-01T07:00:00.000Z#z");
        assert!(early < late);
    }

    #[test]
    fn an_organisations_partition_is_no_conversations() {
        let organisation = OrganisationId::parse("SENDER").unwrap();
        let address = SenderAddress::parse("a@example.com").unwrap();
        let owner = Key::sender_owner(&address);
        assert!(owner.pk.contains('@'), "no conversation id holds an @");
        assert!(!Key::organisation_partition(&organisation).contains('#'));
    }
}
