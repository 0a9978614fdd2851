//! The limits of AWS and of the stack, for each second.

/// A load that has a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Load {
    /// Requests to the API.
    Requests,
    /// Concurrent invocations.
    InFlight,
    /// Mails.
    Mails,
    /// Write units of the table.
    Writes,
    /// Read units of the table.
    Reads,
    /// Write units of the hottest conversation.
    ConversationWrites,
    /// Read units of the hottest conversation.
    ConversationReads,
    /// Write units of the organisation's own partition.
    OrganisationWrites,
    /// Read units of the organisation's own partition.
    OrganisationReads,
    /// Write units of the hottest visitor.
    VisitorWrites,
    /// Write units of the hottest shard of the report's counts.
    CountWrites,
    /// Write units of the hottest shard of the index of ratings.
    RatingWrites,
}

impl Load {
    pub(super) const COUNT: usize = 12;
}

/// The limit of a load.
pub(super) struct Limit {
    pub(super) name: &'static str,
    pub(super) load: Load,
    pub(super) figure: f64,
    /// Whether only another design of the table can raise it.
    pub(super) needs_redesign: bool,
}

/// The limits of a partition: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html>.
const PARTITION_WRITES: f64 = 1_000.0;
const PARTITION_READS: f64 = 3_000.0;

/// All limits, with the values of a new account and of the template.
pub(super) const LIMITS: [Limit; 13] = [
    limit("requests, of the stack's parameter", Load::Requests, 100.0),
    limit("requests, of the account", Load::Requests, 10_000.0),
    limit(
        "concurrent invocations, of the account",
        Load::InFlight,
        1_000.0,
    ),
    limit("mails, of SES outside the sandbox", Load::Mails, 14.0),
    limit("write units, of a table's quota", Load::Writes, 40_000.0),
    limit("read units, of a table's quota", Load::Reads, 40_000.0),
    partition_limit(
        "write units, hottest conversation",
        Load::ConversationWrites,
        PARTITION_WRITES,
    ),
    partition_limit(
        "read units, hottest conversation",
        Load::ConversationReads,
        PARTITION_READS,
    ),
    partition_limit(
        "write units, the organisation",
        Load::OrganisationWrites,
        PARTITION_WRITES,
    ),
    partition_limit(
        "read units, the organisation",
        Load::OrganisationReads,
        PARTITION_READS,
    ),
    partition_limit(
        "write units, hottest visitor",
        Load::VisitorWrites,
        PARTITION_WRITES,
    ),
    partition_limit(
        "write units, hottest shard of counts",
        Load::CountWrites,
        PARTITION_WRITES,
    ),
    partition_limit(
        "write units, hottest shard of ratings",
        Load::RatingWrites,
        PARTITION_WRITES,
    ),
];

const fn limit(name: &'static str, load: Load, figure: f64) -> Limit {
    Limit {
        name,
        load,
        figure,
        needs_redesign: false,
    }
}

const fn partition_limit(name: &'static str, load: Load, figure: f64) -> Limit {
    Limit {
        name,
        load,
        figure,
        needs_redesign: true,
    }
}
