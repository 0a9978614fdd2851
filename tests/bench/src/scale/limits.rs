//! What AWS or the stack allows in a second.

/// A load that has a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Load {
    /// Requests to the API.
    Requests,
    /// Invocations that are on their way at a time.
    InFlight,
    /// Mails.
    Mails,
    /// Write units of the table.
    Writes,
    /// Read units of the table.
    Reads,
    /// Write units of the conversation that is written most.
    ConversationWrites,
    /// Read units of the conversation that is read most.
    ConversationReads,
    /// Write units of the partition of the organisation.
    OrganisationWrites,
    /// Read units of the partition of the organisation.
    OrganisationReads,
    /// Write units of the visitor that is written most.
    VisitorWrites,
    /// Write units of the fullest shard of what the report counts.
    CountWrites,
    /// Write units of the fullest shard of the index of ratings.
    RatingWrites,
}

impl Load {
    pub(super) const COUNT: usize = 12;
}

/// How much of a load is allowed.
pub(super) struct Limit {
    pub(super) name: &'static str,
    pub(super) load: Load,
    pub(super) figure: f64,
    /// Whether only a change of the design raises it.
    pub(super) is_of_the_design: bool,
}

/// What a partition takes: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html>.
const PARTITION_WRITES: f64 = 1_000.0;
const PARTITION_READS: f64 = 3_000.0;

/// All that are met at some load, with the values of a new account and of the template.
pub(super) const LIMITS: [Limit; 13] = [
    limit("requests, of the stack's parameter", Load::Requests, 100.0),
    limit("requests, of the account", Load::Requests, 10_000.0),
    limit(
        "invocations at a time, of the account",
        Load::InFlight,
        1_000.0,
    ),
    limit(
        "mails, of SES when it leaves the sandbox",
        Load::Mails,
        14.0,
    ),
    limit("write units, of a table's quota", Load::Writes, 40_000.0),
    limit("read units, of a table's quota", Load::Reads, 40_000.0),
    of_the_design(
        "write units, hottest conversation",
        Load::ConversationWrites,
        PARTITION_WRITES,
    ),
    of_the_design(
        "read units, hottest conversation",
        Load::ConversationReads,
        PARTITION_READS,
    ),
    of_the_design(
        "write units, the organisation",
        Load::OrganisationWrites,
        PARTITION_WRITES,
    ),
    of_the_design(
        "read units, the organisation",
        Load::OrganisationReads,
        PARTITION_READS,
    ),
    of_the_design(
        "write units, hottest visitor",
        Load::VisitorWrites,
        PARTITION_WRITES,
    ),
    of_the_design(
        "write units, hottest shard of counts",
        Load::CountWrites,
        PARTITION_WRITES,
    ),
    of_the_design(
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
        is_of_the_design: false,
    }
}

const fn of_the_design(name: &'static str, load: Load, figure: f64) -> Limit {
    Limit {
        name,
        load,
        figure,
        is_of_the_design: true,
    }
}
