//! The counts behind the satisfaction report.
//!
//! Each write of a rating request adds its counts to one of the organisation's shards, under its
//! day, channel and agent ([`PendingCountsItem`]). Days that are over are rolled up: a transaction
//! moves their counts from the shards into the day's own items ([`DayItem`], [`AgentsItem`]). Later
//! answers add to the shards again, whatever their day, and are rolled up in turn. So at any time
//! each request is counted in exactly one of the two, and [`sum_counts`] adds them up.
//!
//! Counts of subsets ([`SubsetCountsItem`]) are in items of their own, also first in shards and then
//! rolled up: of the requests by a rule, of the ratings with a reason, and of the ratings with a
//! reason of requests by a rule. The number of different reasons grows over the years, so there is
//! one item for each of them and no item with all. The requests by agents are all requests except
//! those by a rule.

mod items;
mod query;
mod read_subsets;
mod subset;
mod sum;

pub use items::{
    AgentCounts, AgentsItem, CountedOrganisationItem, DayItem, PendingCountsItem,
    ROLLUP_LOCK_SECONDS, RollupLockItem,
};
pub use query::{CountedBy, CountsQuery, ReasonsOf};
pub use subset::SubsetCountsItem;
pub use sum::{Counts, sum_counts};
