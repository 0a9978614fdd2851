//! The keys of the items behind the satisfaction report.

use domain::{AgentId, Channel, OrganisationId, ReasonId, ReportDay};
use dynamodb::Key;

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

/// The partition key of the list of organisations whose counts are to be rolled up. An
/// organisation's id is never empty, so no organisation's partition begins with `#`.
pub const COUNTED_ORGANISATIONS: &str = "#ORGANISATIONS";

/// The prefix of the sort keys of an organisation's rolled-up days.
pub const DAYS: &str = "DAY#";

/// The prefix of the sort keys of an organisation's rolled-up days by agent.
pub const AGENTS: &str = "AGENTS#";

/// The prefix of the sort keys of an organisation's rolled-up counts by reason.
pub const REASONS: &str = "REASONS#";

/// The prefix of the sort keys of an organisation's rolled-up counts of requests by a rule.
pub const RULES: &str = "RULES#";

/// The prefix of the sort keys of the same counts by agent.
pub const RULES_OF_AGENTS: &str = "AGENT_RULES#";

/// The prefix of the sort keys of an organisation's rolled-up counts by reason of requests by a rule.
pub const RULE_REASONS: &str = "RULE_REASONS#";

/// The partition key of one shard of an organisation's pending counts.
pub fn pending_partition(organisation: &OrganisationId, shard: u8) -> String {
    format!("{organisation}#SATISFACTION#{shard:02}")
}

/// The key of the pending counts of an agent's requests of `day` in `channel`, in one shard.
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

/// The partition key of an organisation's rolled-up counts.
pub fn rolled_up_partition(organisation: &OrganisationId) -> String {
    format!("{organisation}#SATISFACTION#DAYS")
}

/// The key of the rolled-up counts of a day, by channel.
pub fn day(organisation: &OrganisationId, day: ReportDay) -> Key {
    of_rolled_up(organisation, format!("{DAYS}{day}"))
}

/// The key of a part of the rolled-up counts of a day by agent.
pub fn day_agents(organisation: &OrganisationId, day: ReportDay, part: u32) -> Key {
    of_rolled_up(organisation, format!("{AGENTS}{day}#{part:05}"))
}

/// The partition key of one shard of an organisation's pending counts by reason.
pub fn pending_reasons_partition(organisation: &OrganisationId, shard: u8) -> String {
    format!("{organisation}#SATISFACTION#REASONS#{shard:02}")
}

/// The key of the pending counts of a reason in an agent's ratings of `day` in `channel`, in one
/// shard.
pub fn pending_reason(
    organisation: &OrganisationId,
    shard: u8,
    day: ReportDay,
    channel: &Channel,
    agent: &AgentId,
    reason: &ReasonId,
) -> Key {
    Key {
        pk: pending_reasons_partition(organisation, shard),
        sk: format!("{day}#{channel}#{agent}#{reason}"),
    }
}

/// The key of the rolled-up counts of a reason in all ratings of `day` in `channel`.
pub fn day_reason(
    organisation: &OrganisationId,
    day: ReportDay,
    channel: &Channel,
    reason: &ReasonId,
) -> Key {
    of_rolled_up(organisation, format!("{REASONS}{day}#{channel}#{reason}"))
}

/// The key of the rolled-up counts of a reason in an agent's ratings of `day` in `channel`.
pub fn agent_reason(
    organisation: &OrganisationId,
    agent: &AgentId,
    day: ReportDay,
    channel: &Channel,
    reason: &ReasonId,
) -> Key {
    let prefix = agent_reasons(agent);
    of_rolled_up(organisation, format!("{prefix}{day}#{channel}#{reason}"))
}

/// The prefix of the sort keys of an agent's rolled-up counts by reason.
pub fn agent_reasons(agent: &AgentId) -> String {
    format!("AGENT_REASONS#{agent}#")
}

/// The partition key of one shard of an organisation's pending counts of requests by a rule.
pub fn pending_rules_partition(organisation: &OrganisationId, shard: u8) -> String {
    format!("{organisation}#SATISFACTION#RULES#{shard:02}")
}

/// The key of the pending counts of an agent's requests by a rule of `day` in `channel`, in one
/// shard. With a `reason`, of the ratings with it.
pub fn pending_rule(
    organisation: &OrganisationId,
    shard: u8,
    day: ReportDay,
    channel: &Channel,
    agent: &AgentId,
    reason: Option<&ReasonId>,
) -> Key {
    let whose = format!("{day}#{channel}#{agent}");
    Key {
        pk: pending_rules_partition(organisation, shard),
        sk: reason.map_or(whose.clone(), |reason| format!("{whose}#{reason}")),
    }
}

/// The key of the rolled-up counts of all requests by a rule of `day` in `channel`. With a `reason`,
/// of the ratings with it.
pub fn day_rule(
    organisation: &OrganisationId,
    day: ReportDay,
    channel: &Channel,
    reason: Option<&ReasonId>,
) -> Key {
    let sk = match reason {
        Some(reason) => format!("{RULE_REASONS}{day}#{channel}#{reason}"),
        None => format!("{RULES}{day}#{channel}"),
    };
    of_rolled_up(organisation, sk)
}

/// The key of the rolled-up counts of an agent's requests by a rule of `day` in `channel`. With a
/// `reason`, of the ratings with it.
pub fn agent_rule(
    organisation: &OrganisationId,
    agent: &AgentId,
    day: ReportDay,
    channel: &Channel,
    reason: Option<&ReasonId>,
) -> Key {
    let sk = match reason {
        Some(reason) => {
            let prefix = agent_rule_reasons(agent);
            format!("{prefix}{day}#{channel}#{reason}")
        }
        None => format!("{RULES_OF_AGENTS}{day}#{channel}#{agent}"),
    };
    of_rolled_up(organisation, sk)
}

/// The prefix of the sort keys of an agent's rolled-up counts by reason of requests by a rule.
pub fn agent_rule_reasons(agent: &AgentId) -> String {
    format!("AGENT_RULE_REASONS#{agent}#")
}

/// The key of the lock that shows whether a roll-up of an organisation's counts is running. The stored
/// name `FOLD` is older than the term.
pub fn rollup_lock(organisation: &OrganisationId) -> Key {
    of_rolled_up(organisation, "FOLD".to_owned())
}

/// The key of an organisation in the list of organisations whose counts are to be rolled up.
pub fn counted_organisation(organisation: &OrganisationId) -> Key {
    Key {
        pk: COUNTED_ORGANISATIONS.to_owned(),
        sk: organisation.to_string(),
    }
}

/// The partition key of one shard of a `day` in the index `ratings`. It contains the answered
/// requests that were created on that day.
pub fn ratings_partition(organisation: &OrganisationId, day: ReportDay, shard: u8) -> String {
    format!("{organisation}#{day}#{shard:02}")
}

fn of_rolled_up(organisation: &OrganisationId, sk: String) -> Key {
    Key {
        pk: rolled_up_partition(organisation),
        sk,
    }
}
