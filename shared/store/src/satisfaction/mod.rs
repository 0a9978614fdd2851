//! The counts behind the satisfaction report.
//!
//! Each write of a rating request adds its counts to one of the organisation's shards, under its
//! day, channel and agent ([`PendingCountsItem`]). Days that are over are rolled up: a transaction
//! moves their counts from the shards into the day's own items ([`DayItem`], [`AgentsItem`]). Later
//! answers add to the shards again, whatever their day, and are rolled up in turn. So at any time
//! each request is counted in exactly one of the two, and [`sum_counts`] adds them up.

mod items;
mod sum;

pub use items::{
    AgentCounts, AgentsItem, CountedOrganisationItem, DayItem, PendingCountsItem,
    ROLLUP_LOCK_SECONDS, RollupLockItem,
};
pub use sum::{CountedBy, Counts, sum_counts};
