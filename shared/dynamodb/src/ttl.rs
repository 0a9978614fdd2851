//! The expiry of items. DynamoDB deletes expired items up to days late. So every condition and
//! every read here compares `expires_at` with the time of the request.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::builders::{PutBuilder, UpdateBuilder};
use domain::Timestamp;
use errors::Fault;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::item::{Item, number, read_item, write_item};
use crate::key::Key;
use crate::table::Table;

/// The condition that an item does not exist or has expired by `:now`, in epoch seconds.
pub const ABSENT_OR_EXPIRED: &str = "(attribute_not_exists(pk) OR expires_at <= :now)";

/// The condition that an item, if any, has not expired by `:now`, in epoch seconds.
pub const NOT_EXPIRED: &str = "(attribute_not_exists(expires_at) OR expires_at > :now)";

/// A put of an item that expires after the stack's retention.
///
/// # Errors
/// If `item` does not serialise as an item.
pub fn put_with_ttl(
    table: &Table,
    key: Key,
    item: &impl Serialize,
    now: Timestamp,
) -> Result<PutBuilder, Fault> {
    let mut attributes = write_item(key, item)?;
    if let Some(expires_at) = table.retention().expires_at(now) {
        attributes.insert("expires_at".to_owned(), number(expires_at));
    }
    Ok(table.put_attributes(attributes))
}

/// `update` with `assignments` (`a = :a, b = :b`, or none). The item then expires after the stack's
/// retention, counted from `now`.
pub fn update_with_ttl(
    table: &Table,
    update: UpdateBuilder,
    assignments: &str,
    now: Timestamp,
) -> UpdateBuilder {
    update_with_ttl_and_remove(table, update, assignments, &[], now)
}

/// As [`update_with_ttl`], and also removes the attributes `removals`.
pub fn update_with_ttl_and_remove(
    table: &Table,
    update: UpdateBuilder,
    assignments: &str,
    removals: &[&str],
    now: Timestamp,
) -> UpdateBuilder {
    let mut set = Vec::from_iter(Some(assignments).filter(|it| !it.is_empty()));
    let mut remove = removals.to_vec();
    let expires_at = table.retention().expires_at(now);
    match expires_at {
        Some(_) => set.push("expires_at = :expires_at"),
        None => remove.push("expires_at"),
    }
    let clause = |keyword: &str, parts: &[&str]| match parts {
        [] => String::new(),
        parts => format!("{keyword} {} ", parts.join(", ")),
    };
    let expression = clause("SET", &set) + &clause("REMOVE", &remove);
    let update = update.update_expression(expression.trim_end());
    match expires_at {
        Some(expires_at) => update.expression_attribute_values(":expires_at", number(expires_at)),
        None => update,
    }
}

/// Reads one current item (a strongly consistent read). An item that has expired by `now` is
/// treated as absent.
///
/// # Errors
/// If DynamoDB fails, or the item is not a `T`.
pub async fn get_unexpired<T: DeserializeOwned>(
    table: &Table,
    key: Key,
    now: Timestamp,
) -> Result<Option<T>, Fault> {
    let item = table.get_item(key).await?;
    item.filter(|item| !has_expired(item, now))
        .map(read_item)
        .transpose()
}
/// Whether an item has expired by `now`.
pub fn has_expired(item: &Item, now: Timestamp) -> bool {
    let expires_at = item.get("expires_at").and_then(|value| value.as_n().ok());
    expires_at
        .and_then(|seconds| seconds.parse::<i64>().ok())
        .is_some_and(|seconds| seconds <= now.epoch_seconds())
}

/// `query` without the items that have expired by `now`.
pub fn exclude_expired(query: QueryFluentBuilder, now: Timestamp) -> QueryFluentBuilder {
    query
        .filter_expression(NOT_EXPIRED)
        .expression_attribute_values(":now", number(now.epoch_seconds()))
}
