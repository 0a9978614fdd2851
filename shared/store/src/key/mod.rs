//! The keys of the table's items.
//!
//! Every key begins with the organisation, except a sender's owner, the list of organisations and the
//! hooks of connections.
//!
//! A `#` separates the parts of a key. Only one part can contain a `#` itself: a sender's address.
//! It is always the last part, and no other part can contain its `@`. So no two keys are equal.

mod connection_keys;
mod conversation_keys;
mod organisation_keys;
mod report_keys;
#[cfg(test)]
mod tests;
mod visitor_keys;

pub use connection_keys::{
    connected_account, connection, connection_secrets, connection_secrets_partition,
    connections_of, connections_partition, hook,
};
pub use conversation_keys::{
    ENTRIES, RATING_REQUESTS, TRANSCRIPTS, agent_cooldown, conversation, conversation_partition,
    conversation_quota, entries_at, entry, is_conversation, platform_post, platform_task,
    rating_request, thread_sort_key, transcript, visitor_quota,
};
pub use organisation_keys::{
    SENDERS, agent_quota, organisation_partition, organisation_quota, sender, sender_owner,
    settings,
};
pub use report_keys::{
    AGENTS, COUNTED_ORGANISATIONS, DAYS, PENDING_SHARDS, RATINGS_SHARDS, REASONS, RULE_REASONS,
    RULES, RULES_OF_AGENTS, agent_reason, agent_reasons, agent_rule, agent_rule_reasons,
    counted_organisation, day, day_agents, day_reason, day_rule, pending_counts, pending_partition,
    pending_reason, pending_reasons_partition, pending_rule, pending_rules_partition,
    ratings_partition, rolled_up_partition, rollup_lock,
};
pub use visitor_keys::{
    VISITOR_CONVERSATIONS, visitor_conversation, visitor_cooldown, visitor_partition,
};
