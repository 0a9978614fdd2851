//! The counts that the report of satisfaction is made of.
//!
//! What is counted of a rating request lands in one of the organisation's shards, under its day,
//! channel and agent ([`PendingCountsItem`]). Days that are over are folded: a transaction moves their
//! amounts from the shards into the day's own items ([`DayItem`], [`AgentsItem`]). Later answers land
//! in the shards again, whatever their day, and are folded in turn. So at any time each request
//! stands in exactly one of both, and [`sum_counts`] adds them up.

mod items;
mod read;

pub use items::{
    AgentCounts, AgentsItem, CountedOrganisationItem, DayItem, PendingCountsItem,
    ROLLUP_LOCK_SECONDS, RollupLockItem,
};
pub use read::{CountedBy, Counts, sum_counts};
