//! The keys of the table's items.
//!
//! Every key begins with the organisation, except a sender's owner and the list of organisations.
//!
//! A `#` separates the parts of a key. Only one part can contain a `#` itself: a sender's address.
//! It is always the last part, and no other part can contain its `@`. So no two keys are equal.

use domain::{
    AgentId, Channel, ClockHour, ConversationId, EntryId, OrganisationId, RatingRequestId,
    ReportDay, SenderAddress, Timestamp, TranscriptId, VisitorHash,
};
use dynamodb::Key;

/// A conversation.
pub fn conversation(organisation: &OrganisationId, conversation: &ConversationId) -> Key {
    of_conversation(organisation, conversation, CONVERSATION.to_owned())
}

/// An entry of a conversation's thread.
pub fn entry(
    organisation: &OrganisationId,
    conversation: &ConversationId,
    at: Timestamp,
    id: &EntryId,
) -> Key {
    let sk = format!("{}{}", ENTRIES, place_in_thread(at, id));
    of_conversation(organisation, conversation, sk)
}

/// The cooldown of an agent in a conversation.
pub fn agent_cooldown(
    organisation: &OrganisationId,
    conversation: &ConversationId,
    agent: &AgentId,
) -> Key {
    of_conversation(organisation, conversation, format!("ASK#{agent}"))
}

/// A rating request and its answer.
pub fn rating_request(
    organisation: &OrganisationId,
    conversation: &ConversationId,
    id: &RatingRequestId,
) -> Key {
    of_conversation(
        organisation,
        conversation,
        format!("{}{id}", RATING_REQUESTS),
    )
}

/// A transcript.
pub fn transcript(
    organisation: &OrganisationId,
    conversation: &ConversationId,
    id: &TranscriptId,
) -> Key {
    of_conversation(organisation, conversation, format!("{}{id}", TRANSCRIPTS))
}

/// The transcripts of a conversation in an hour.
pub fn conversation_quota(
    organisation: &OrganisationId,
    conversation: &ConversationId,
    hour: ClockHour,
) -> Key {
    of_conversation(organisation, conversation, format!("QUOTA#{hour}"))
}

/// The number of transcripts of an agent in an hour.
pub fn agent_quota(organisation: &OrganisationId, hour: ClockHour, agent: &AgentId) -> Key {
    of_organisation(organisation, format!("QUOTA#{hour}#{agent}"))
}

/// The number of transcripts of an organisation in an hour.
pub fn organisation_quota(organisation: &OrganisationId, hour: ClockHour) -> Key {
    of_organisation(organisation, format!("QUOTA#{hour}"))
}

/// The cooldown of a visitor, in all conversations.
pub fn visitor_cooldown(organisation: &OrganisationId, visitor: &VisitorHash) -> Key {
    Key {
        pk: visitor_partition(organisation, visitor),
        sk: "ASK".to_owned(),
    }
}

/// The link from a visitor's e-mail address to a conversation that had that address.
pub fn visitor_conversation(
    organisation: &OrganisationId,
    visitor: &VisitorHash,
    conversation: &ConversationId,
) -> Key {
    Key {
        pk: visitor_partition(organisation, visitor),
        sk: format!("{}{conversation}", VISITOR_CONVERSATIONS),
    }
}

/// A sender of an organisation.
pub fn sender(organisation: &OrganisationId, address: &SenderAddress) -> Key {
    of_organisation(organisation, format!("{}{address}", SENDERS))
}

/// The settings of an organisation. Their partition has two `#`, so it is not a conversation's.
pub fn settings(organisation: &OrganisationId) -> Key {
    Key {
        pk: format!("{organisation}#ORGANISATION#SETTINGS"),
        sk: "SETTINGS".to_owned(),
    }
}

/// The one organisation that a sender's address belongs to.
pub fn sender_owner(address: &SenderAddress) -> Key {
    Key {
        pk: format!("SENDER#{address}"),
        sk: "OWNER".to_owned(),
    }
}

/// The pending counts of an agent's requests of `day` in `channel`, in one shard.
pub fn pending_counts(
    organisation: &OrganisationId,
    shard: u8,
    day: ReportDay,
    channel: &Channel,
    agent: &AgentId,
) -> Key {
    Key {
        pk: pending_partition(organisation, shard),
        sk: format!("{day}#{channel}#{agent}"),
    }
}

/// The rolled-up counts of a day, by channel.
pub fn day(organisation: &OrganisationId, day: ReportDay) -> Key {
    of_rolled_up(organisation, format!("{}{day}", DAYS))
}

/// A part of the rolled-up counts of a day by agent.
pub fn day_agents(organisation: &OrganisationId, day: ReportDay, part: u32) -> Key {
    of_rolled_up(organisation, format!("{}{day}#{part:05}", AGENTS))
}

/// The lock that shows readers of an organisation's counts that a roll-up is running.
pub fn rollup_lock(organisation: &OrganisationId) -> Key {
    of_rolled_up(organisation, "FOLD".to_owned())
}

/// An organisation whose counts are to be rolled up.
pub fn counted_organisation(organisation: &OrganisationId) -> Key {
    Key {
        pk: COUNTED_ORGANISATIONS.to_owned(),
        sk: organisation.to_string(),
    }
}

const CONVERSATION: &str = "CONVERSATION";

/// How many shards store an organisation's pending counts. Each report and each hourly roll-up
/// reads all of them.
///
/// The number may be raised, because a request's counts may be in any shard and can be added in any
/// order. It must not be lowered, because the counts in the removed shards would no longer be read.
/// For the same reason a stack cannot go back to a version with fewer shards. While both versions
/// run, reports of the former version lack the counts in the new shards.
///
/// A partition accepts 1,000 write units per second. A rating is counted twice: when it is
/// requested and when it is answered. Each time a transaction writes an item of less than 1 KB
/// here, which takes 2 units. So 8 shards accept 8 x 1,000 / (2 x 2) = 2,000 ratings per second, or
/// 4,000 requests that are never answered. That is more than the organisation's own partition
/// accepts.
pub const PENDING_SHARDS: u8 = 8;

/// How many shards a day of the index `ratings` has. A page of ratings reads all of them.
///
/// The number may be raised, because a request stays in the shard in which it was created. It must
/// not be lowered, for the reason that [`PENDING_SHARDS`] gives.
///
/// A first answer takes 1 write unit of the index, because an entry is less than 1 KB. Each change
/// takes 1 more. So 4 shards accept 4 x 1,000 = 4,000 ratings per second, or 2,000 if each rating
/// is changed once.
pub const RATINGS_SHARDS: u8 = 4;

/// The partition of the organisations whose counts are to be rolled up. An organisation's id is
/// never empty, so no organisation's partition begins with `#`.
pub const COUNTED_ORGANISATIONS: &str = "#ORGANISATIONS";
/// The prefix of the sort keys of an organisation's rolled-up days.
pub const DAYS: &str = "DAY#";
/// The prefix of the sort keys of an organisation's rolled-up days by agent.
pub const AGENTS: &str = "AGENTS#";

/// The prefix of the sort keys of a thread's entries.
pub const ENTRIES: &str = "ENTRY#";
/// The prefix of the sort keys of a conversation's transcripts.
pub const TRANSCRIPTS: &str = "TRANSCRIPT#";
/// The prefix of the sort keys of an organisation's senders.
pub const SENDERS: &str = "SENDER#";
/// The prefix of the sort keys of a conversation's rating requests.
pub const RATING_REQUESTS: &str = "REQUEST#";
/// The prefix of the sort keys of the links from a visitor to conversations.
pub const VISITOR_CONVERSATIONS: &str = "CONVERSATION#";

/// The partition of a conversation.
pub fn conversation_partition(
    organisation: &OrganisationId,
    conversation: &ConversationId,
) -> String {
    format!("{organisation}#{conversation}")
}

/// The partition of a visitor. It never equals a conversation's partition, which has exactly one
/// `#`.
pub fn visitor_partition(organisation: &OrganisationId, visitor: &VisitorHash) -> String {
    format!("{organisation}#VISITOR#{visitor}")
}

/// The partition of an organisation's rolled-up counts.
pub fn rolled_up_partition(organisation: &OrganisationId) -> String {
    format!("{organisation}#SATISFACTION#DAYS")
}

/// One of the partitions of an organisation's pending counts.
pub fn pending_partition(organisation: &OrganisationId, shard: u8) -> String {
    format!("{organisation}#SATISFACTION#{shard:02}")
}

/// One of the partitions of the index `ratings` with the answers to the requests of `day`.
pub fn ratings_partition(organisation: &OrganisationId, day: ReportDay, shard: u8) -> String {
    format!("{organisation}#{day}#{shard:02}")
}

/// The partition of an organisation.
pub fn organisation_partition(organisation: &OrganisationId) -> String {
    organisation.to_string()
}

/// The sort key of an entry within its thread: entries sort by time, then by id.
pub fn place_in_thread(at: Timestamp, id: &EntryId) -> String {
    format!("{at}#{id}")
}

/// The prefix of the sort keys of a thread's entries of the time `at`.
pub fn entries_at(at: Timestamp) -> String {
    format!("{}{at}#", ENTRIES)
}

fn of_conversation(
    organisation: &OrganisationId,
    conversation: &ConversationId,
    sk: String,
) -> Key {
    Key {
        pk: conversation_partition(organisation, conversation),
        sk,
    }
}

fn of_rolled_up(organisation: &OrganisationId, sk: String) -> Key {
    Key {
        pk: rolled_up_partition(organisation),
        sk,
    }
}

fn of_organisation(organisation: &OrganisationId, sk: String) -> Key {
    Key {
        pk: organisation_partition(organisation),
        sk,
    }
}

/// Whether it is the key of a conversation itself.
pub fn is_conversation(key: &Key) -> bool {
    key.sk == CONVERSATION
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use domain::EmailAddress;

    use super::*;
    use crate::key;

    #[test]
    fn entries_sort_by_time() {
        let organisation = OrganisationId::parse("main").unwrap();
        let conversation = ConversationId::parse("c").unwrap();
        let key = |at: &str, id: &str| {
            let at = Timestamp::parse(at).unwrap();
            key::entry(
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

    /// Every key that contains an id, with the ids that are most likely to collide with another
    /// key.
    fn keys_of(organisation: &OrganisationId) -> Vec<Key> {
        let at = Timestamp::parse("2026-01-01T08:00:00Z").unwrap();
        let hour = ClockHour::of(at);
        let day = ReportDay::parse("2026-01-01").unwrap();
        let channel = Channel::parse("widget").unwrap();
        let visitor = EmailAddress::parse("sender#a@example.com").unwrap();
        let visitor = VisitorHash::of(&visitor);
        let mut keys = vec![
            key::organisation_quota(organisation, hour),
            key::visitor_cooldown(organisation, &visitor),
            key::day(organisation, day),
            key::day_agents(organisation, day, 0),
            key::rollup_lock(organisation),
            key::counted_organisation(organisation),
        ];
        for id in ["SENDER", "OWNER", "VISITOR", "SATISFACTION", "DAYS", "a"] {
            let conversation = ConversationId::parse(id).unwrap();
            let agent = AgentId::parse(id).unwrap();
            keys.extend([
                key::conversation(organisation, &conversation),
                key::agent_cooldown(organisation, &conversation, &agent),
                key::conversation_quota(organisation, &conversation, hour),
                key::visitor_conversation(organisation, &visitor, &conversation),
                key::agent_quota(organisation, hour, &agent),
                key::pending_counts(organisation, 0, day, &channel, &agent),
            ]);
            for other in ["SENDER", "a"] {
                keys.extend([
                    key::entry(
                        organisation,
                        &conversation,
                        at,
                        &EntryId::parse(other).unwrap(),
                    ),
                    key::rating_request(
                        organisation,
                        &conversation,
                        &RatingRequestId::parse(other).unwrap(),
                    ),
                    key::transcript(
                        organisation,
                        &conversation,
                        &TranscriptId::parse(other).unwrap(),
                    ),
                ]);
            }
        }
        keys
    }

    #[test]
    fn no_two_keys_are_alike_though_a_senders_address_may_hold_what_divides_their_parts() {
        let addresses = [
            "a@example.com",
            "#@example.com",
            "a#@example.com",
            "#a@example.com",
            "a#b@example.com",
            "a##b@example.com",
            "owner#a@example.com",
            "sender#a@example.com",
            "sender#a#owner@example.com",
            "quota#2026-01-01t08#a@example.com",
            "visitor#a@example.com",
            "main#a@example.com",
        ]
        .map(|address| SenderAddress::parse(address).unwrap());
        let mut keys: Vec<_> = addresses.iter().map(sender_owner).collect();
        for organisation in ["main", "SENDER", "SENDER-a", "a", "QUOTA", "OWNER"] {
            let organisation = OrganisationId::parse(organisation).unwrap();
            keys.extend(keys_of(&organisation));
            keys.extend(addresses.iter().map(|it| key::sender(&organisation, it)));
        }
        let different: HashSet<_> = keys.iter().collect();
        assert_eq!(different.len(), keys.len());
    }

    #[test]
    fn an_organisations_partition_is_no_conversations() {
        let organisation = OrganisationId::parse("SENDER").unwrap();
        let address = SenderAddress::parse("a@example.com").unwrap();
        let owner = key::sender_owner(&address);
        assert!(owner.pk.contains('@'), "no conversation id holds an @");
        assert!(!key::organisation_partition(&organisation).contains('#'));
    }
}
