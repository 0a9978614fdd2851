//! A small typed layer over the DynamoDB SDK: keys, items, conditional writes, transactions,
//! batches, pages and TTL. It does not depend on any business item.

mod batch;
mod conditional_write;
mod item;
mod item_size;
mod jitter;
mod key;
mod retry_conflicts;
mod table;
mod transaction;
mod transactional_read;
mod ttl;
mod update_expression;

pub use aws_sdk_dynamodb::types::TransactWriteItem;
pub use aws_sdk_dynamodb::types::builders::UpdateBuilder;
pub use batch::{Batch, MAX_KEYS_IN_BATCH, MAX_WRITES_IN_BATCH, read_batch, write_batch};
pub use conditional_write::{WriteOutcome, delete_if, put_if, update_if};
pub use item::{Item, attribute, number, read_item, string, string_set, write_item};
pub use item_size::item_bytes;
pub use jitter::random_delay;
pub use key::Key;
pub use table::{Page, Pages, Table};
pub use transaction::{
    ItemOutcome, ReportedItem, TransactOutcome, read_all_not_evaluated, read_not_evaluated,
    transact, transact_all, transact_item,
};
pub use transactional_read::{TransactionalRead, read_transactionally};
pub use ttl::{
    ABSENT_OR_EXPIRED, NOT_EXPIRED, exclude_expired, get_unexpired, has_expired, put_with_ttl,
    update_with_ttl, update_with_ttl_and_remove,
};
pub use update_expression::update_expression;
