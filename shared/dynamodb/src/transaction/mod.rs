//! Transactions: their items, their outcomes, and the retries after conflicts.

mod call_failure;
mod item_outcome;
mod transact;
mod transact_item;

pub use item_outcome::{ItemOutcome, ReportedItem, read_all_not_evaluated, read_not_evaluated};
pub use transact::{TransactOutcome, transact, transact_all};
pub use transact_item::transact_item;
