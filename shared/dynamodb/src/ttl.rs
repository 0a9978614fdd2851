//! The expiry of items. DynamoDB may delete an expired item days later. So every condition and
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
use crate::update_expression::update_expression;

/// The condition that no item exists, or that it has expired by `:now`, in epoch seconds.
pub const ABSENT_OR_EXPIRED: &str = "(attribute_not_exists(pk) OR expires_at <= :now)";

/// The condition that an item has not expired by `:now`, in epoch seconds. It is also met if no
/// item exists.
pub const NOT_EXPIRED: &str = "(attribute_not_exists(expires_at) OR expires_at > :now)";

/// A put of an item that expires after the stack's retention, counted from `now`.
///
/// # Errors
/// If `item` does not serialize as an item.
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

/// Adds `assignments` (such as `a = :a, b = :b`, or an empty string) and the item's expiry to
/// `update`. The item expires after the stack's retention, counted from `now`.
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
    let update = update.update_expression(update_expression(&set, &remove));
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

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use aws::Environment;
    use aws_sdk_dynamodb::types::Update;

    use super::*;
    use crate::item::string;

    const NOW: i64 = 1_000_000;
    const DAY: i64 = 24 * 60 * 60;

    fn now() -> Timestamp {
        Timestamp::from_epoch_seconds(NOW).unwrap()
    }

    fn key() -> Key {
        Key {
            pk: "p".to_owned(),
            sk: "s".to_owned(),
        }
    }

    fn table(retention_days: &str) -> Table {
        let variables = [
            ("TABLE_NAME", "table"),
            ("AWS_REGION", "region"),
            ("AWS_ACCESS_KEY_ID", "key"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("RETENTION_DAYS", retention_days),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let environment = Environment::from_variables(HashMap::from(variables));
        Table::from_environment(&environment).unwrap()
    }

    fn update(retention_days: &str, assignments: &str, removals: &[&str]) -> Update {
        let table = table(retention_days);
        let update = table.update(key());
        let update = update_with_ttl_and_remove(&table, update, assignments, removals, now());
        update.build().unwrap()
    }

    #[test]
    fn an_update_sets_the_expiry_or_removes_it_if_items_are_kept_for_ever() {
        for (days, assignments, removals, expected) in [
            ("2", "", &[][..], "SET expires_at = :expires_at"),
            ("2", "a = :a", &[], "SET a = :a, expires_at = :expires_at"),
            (
                "2",
                "a = :a",
                &["b", "c"],
                "SET a = :a, expires_at = :expires_at REMOVE b, c",
            ),
            ("0", "", &[], "REMOVE expires_at"),
            ("0", "a = :a", &["b"], "SET a = :a REMOVE b, expires_at"),
        ] {
            let update = update(days, assignments, removals);
            assert_eq!(update.update_expression(), expected);
        }
    }

    #[test]
    fn an_item_expires_after_the_retention_counted_from_the_write() {
        let expires_at = Some(number(NOW + 2 * DAY));
        let values = update("2", "", &[]).expression_attribute_values.unwrap();
        assert_eq!(values.get(":expires_at"), expires_at.as_ref());
        assert_eq!(update("0", "", &[]).expression_attribute_values, None);
        let put = |days| {
            let item = HashMap::from([("name", "Kim")]);
            let put = put_with_ttl(&table(days), key(), &item, now()).unwrap();
            put.build().unwrap().item
        };
        assert_eq!(put("2").get("expires_at"), expires_at.as_ref());
        assert_eq!(put("0").get("expires_at"), None);
        assert_eq!(put("0").get("name"), Some(&string("Kim")));
    }

    #[test]
    fn an_item_is_expired_from_the_second_in_expires_at() {
        let item = |value| Item::from([("expires_at".to_owned(), value)]);
        assert!(!has_expired(&item(number(NOW + 1)), now()));
        assert!(has_expired(&item(number(NOW)), now()));
        assert!(!has_expired(&item(string("never")), now()));
        assert!(!has_expired(&Item::new(), now()));
    }

    #[test]
    fn expired_items_are_filtered_out_of_a_query() {
        let query = exclude_expired(table("0").query("p".to_owned(), ""), now());
        assert_eq!(query.get_filter_expression().as_deref(), Some(NOT_EXPIRED));
        let values = query.get_expression_attribute_values().clone().unwrap();
        assert_eq!(values.get(":now"), Some(&number(NOW)));
    }
}
