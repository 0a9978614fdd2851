//! The counts behind the satisfaction report.
//!
//! Each write of a rating request adds its counts to one of the organisation's shards, under its
//! day, channel and agent ([`PendingCountsItem`]). Days that are over are rolled up: a transaction
//! moves their counts from the shards into the day's own items ([`DayItem`], [`AgentsItem`]). Later
//! answers add to the shards again, whatever their day, and are rolled up in turn. So at any time
//! each request is counted in exactly one of the two, and [`sum_counts`] adds them up.
//!
//! Counts by reason ([`ReasonCountsItem`]) are in items of their own, also first in shards and then
//! rolled up. The number of different reasons grows over the years, so there is one item for each of
//! them and no item with all.

mod items;
mod query;
mod reasons;
mod sum;

pub use items::{
    AgentCounts, AgentsItem, CountedOrganisationItem, DayItem, PendingCountsItem,
    ROLLUP_LOCK_SECONDS, RollupLockItem,
};
pub use query::{CountedBy, CountsQuery, ReasonsOf};
pub use reasons::ReasonCountsItem;
pub use sum::{Counts, sum_counts};
