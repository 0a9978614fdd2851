use std::marker::PhantomData;

use aws::{AwsConnection, CallPolicy, Environment, EnvironmentError, Service};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::builders::{
    ConditionCheckBuilder, DeleteBuilder, PutBuilder, UpdateBuilder,
};
use aws_sdk_dynamodb::types::{
    ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, Update,
};
use domain::Retention;
use errors::{AwsFailure, Fault};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::item::{Item, read_item, string, write_item};
use crate::key::Key;
use crate::retry_conflicts::RetryConflicts;

/// The stack's only table: a client, the table's name and the retention of its items.
#[derive(Clone, Debug)]
pub struct Table {
    client: Client,
    name: String,
    retention: Retention,
}

/// The pages of a query. Each page is read when [`Pages::next`] is called.
#[derive(Debug)]
pub struct Pages<'a, T> {
    table: &'a Table,
    /// The query for the next page, if there is one.
    next: Option<QueryFluentBuilder>,
    items: PhantomData<T>,
}

/// One page of a query.
#[derive(Debug)]
pub struct Page<T> {
    /// The items of the page, in the order of the query.
    pub items: Vec<T>,
    /// The key from which the next page continues, if there is one.
    pub next: Option<Item>,
}

impl Table {
    /// The table that `TABLE_NAME` names, with the connection that the environment describes.
    /// Items that are written with a TTL are kept for `RETENTION_DAYS`, or for ever if that is 0 or
    /// unset.
    ///
    /// # Errors
    /// If a variable is missing or not valid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        let config = AwsConnection::from_environment(environment)?
            .config(Service::DynamoDb, CallPolicy::IDEMPOTENT);
        let config = aws_sdk_dynamodb::config::Builder::from(&config)
            .retry_classifier(RetryConflicts)
            .build();
        Ok(Self {
            client: Client::from_conf(config),
            name: environment.required("TABLE_NAME")?,
            retention: environment
                .parsed("RETENTION_DAYS", Retention::parse)?
                .unwrap_or_default(),
        })
    }

    /// The client of the SDK.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The name of the table.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// How long items that are written with a TTL are kept after their last write.
    pub fn retention(&self) -> Retention {
        self.retention
    }

    /// Reads one current item (a strongly consistent read).
    ///
    /// # Errors
    /// If DynamoDB fails, or the item is not a `T`.
    pub async fn get<T: DeserializeOwned>(&self, key: Key) -> Result<Option<T>, Fault> {
        self.get_item(key).await?.map(read_item).transpose()
    }

    /// Reads one current item as [`Table::get`] does, without deserializing it.
    ///
    /// # Errors
    /// If DynamoDB fails.
    pub async fn get_item(&self, key: Key) -> Result<Option<Item>, Fault> {
        let got = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(key.into_item()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| Fault::storage(AwsFailure::new("dynamodb:GetItem", &error)))?;
        Ok(got.item)
    }

    /// A query without a key condition. It is eventually consistent unless the caller changes that.
    pub fn new_query(&self) -> QueryFluentBuilder {
        self.client.query().table_name(&self.name)
    }

    /// A strongly consistent query for the items of a partition whose sort keys begin with
    /// `prefix`. If `prefix` is empty, the query returns all items of the partition.
    pub fn query(&self, partition: String, prefix: &str) -> QueryFluentBuilder {
        let query = self
            .new_query()
            .consistent_read(true)
            .expression_attribute_values(":pk", string(partition));
        // DynamoDB refuses an empty string in a key condition.
        if prefix.is_empty() {
            query.key_condition_expression("pk = :pk")
        } else {
            query
                .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
                .expression_attribute_values(":prefix", string(prefix))
        }
    }

    /// Reads one page of `query`.
    ///
    /// # Errors
    /// If DynamoDB fails, or an item is not a `T`.
    pub async fn read_page<T: DeserializeOwned>(
        &self,
        query: QueryFluentBuilder,
    ) -> Result<Page<T>, Fault> {
        let Page { items, next } = self.read_item_page(query).await?;
        let items = items.into_iter().map(read_item);
        Ok(Page {
            items: items.collect::<Result<_, _>>()?,
            next,
        })
    }

    /// Reads one page of `query` as [`Table::read_page`] does, without deserializing its items.
    ///
    /// # Errors
    /// If DynamoDB fails.
    pub async fn read_item_page(&self, query: QueryFluentBuilder) -> Result<Page<Item>, Fault> {
        let page = query
            .send()
            .await
            .map_err(|error| Fault::storage(AwsFailure::new("dynamodb:Query", &error)))?;
        Ok(Page {
            items: page.items.unwrap_or_default(),
            next: page.last_evaluated_key,
        })
    }

    /// Reads every page of `query`, one after the other.
    ///
    /// # Errors
    /// If DynamoDB fails, or an item is not a `T`.
    pub async fn read_all<T: DeserializeOwned>(
        &self,
        query: QueryFluentBuilder,
    ) -> Result<Vec<T>, Fault> {
        let mut pages = self.pages(query);
        let mut items = Vec::new();
        while let Some(page) = pages.next().await? {
            items.extend(page);
        }
        Ok(items)
    }

    /// The pages of `query`, to be read one after the other.
    pub fn pages<T>(&self, query: QueryFluentBuilder) -> Pages<'_, T> {
        Pages {
            table: self,
            next: Some(query),
            items: PhantomData,
        }
    }

    /// A put of `item` under `key`. DynamoDB reports the existing item if the condition fails.
    ///
    /// # Errors
    /// If `item` does not serialize as an item.
    pub fn put(&self, key: Key, item: &impl Serialize) -> Result<PutBuilder, Fault> {
        Ok(self.put_attributes(write_item(key, item)?))
    }

    /// A put of attributes that include the key. DynamoDB reports the existing item if the
    /// condition fails.
    pub fn put_attributes(&self, attributes: Item) -> PutBuilder {
        Put::builder()
            .table_name(&self.name)
            .set_item(Some(attributes))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }

    /// An update of the item under `key`. DynamoDB reports the existing item if the condition
    /// fails.
    pub fn update(&self, key: Key) -> UpdateBuilder {
        Update::builder()
            .table_name(&self.name)
            .set_key(Some(key.into_item()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }

    /// A delete of the item under `key`. DynamoDB reports the existing item if the condition fails.
    pub fn delete(&self, key: Key) -> DeleteBuilder {
        Delete::builder()
            .table_name(&self.name)
            .set_key(Some(key.into_item()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }

    /// A condition check of the item under `key`. It does not change the item.
    pub fn check(&self, key: Key) -> ConditionCheckBuilder {
        ConditionCheck::builder()
            .table_name(&self.name)
            .set_key(Some(key.into_item()))
    }
}

impl<T: DeserializeOwned> Pages<'_, T> {
    /// Reads the next page; `None` after the last one.
    ///
    /// # Errors
    /// If DynamoDB fails, or an item is not a `T`. After an error, `next` returns `None`.
    pub async fn next(&mut self) -> Result<Option<Vec<T>>, Fault> {
        let Some(query) = self.next.take() else {
            return Ok(None);
        };
        let page = self.table.read_page(query.clone()).await?;
        self.next = page
            .next
            .map(|start| query.set_exclusive_start_key(Some(start)));
        Ok(Some(page.items))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn table() -> Table {
        let variables = [
            ("TABLE_NAME", "table"),
            ("AWS_REGION", "region"),
            ("AWS_ACCESS_KEY_ID", "key"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Table::from_environment(&Environment::from_variables(HashMap::from(variables))).unwrap()
    }

    #[test]
    fn a_query_of_a_whole_partition_has_no_condition_on_the_sort_key() {
        let query = table().query("p".to_owned(), "");
        let condition = query.get_key_condition_expression().as_deref();
        assert_eq!(condition, Some("pk = :pk"));
        let values = query.get_expression_attribute_values().clone().unwrap();
        assert_eq!(values, HashMap::from([(":pk".to_owned(), string("p"))]));
    }

    #[test]
    fn a_query_with_a_prefix_has_a_condition_on_the_sort_key() {
        let query = table().query("p".to_owned(), "ENTRY#");
        let condition = query.get_key_condition_expression().as_deref();
        assert_eq!(condition, Some("pk = :pk AND begins_with(sk, :prefix)"));
        let values = query.get_expression_attribute_values().clone().unwrap();
        assert_eq!(values.get(":prefix"), Some(&string("ENTRY#")));
    }
}
