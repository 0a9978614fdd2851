//! The table of the embedded DynamoDB.

use dynoxide::actions::create_table::CreateTableRequest;
use dynoxide::actions::describe_table::DescribeTableRequest;
use dynoxide::actions::update_time_to_live::UpdateTimeToLiveRequest;
use dynoxide::{Database, DynoxideError};
use serde_json::{Value, json};

use crate::aws::dynamodb_error::DynamoDbError;
use crate::template::Table;

/// Creates the template's table. If it exists, compares its keys and indexes with the template's.
pub(super) fn create(database: &Database, table: &Table) -> Result<(), DynamoDbError> {
    let request: CreateTableRequest =
        serde_json::from_value(table.definition.clone()).map_err(DynamoDbError::Definition)?;
    match database.create_table(request) {
        Ok(_) => {}
        Err(DynoxideError::ResourceInUseException(_)) => return check(database, table),
        Err(error) => return Err(error.into()),
    }
    if let Some(attribute) = &table.time_to_live {
        let request: UpdateTimeToLiveRequest = serde_json::from_value(json!({
            "TableName": table.name,
            "TimeToLiveSpecification": {"AttributeName": attribute, "Enabled": true},
        }))
        .map_err(DynamoDbError::Definition)?;
        database.update_time_to_live(request)?;
    }
    Ok(())
}

/// Compares an existing table with the template's.
fn check(database: &Database, table: &Table) -> Result<(), DynamoDbError> {
    let request: DescribeTableRequest = serde_json::from_value(json!({"TableName": table.name}))
        .map_err(DynamoDbError::Definition)?;
    let kept = serde_json::to_value(database.describe_table(request)?)
        .map_err(DynamoDbError::Definition)?;
    let kept = kept.get("Table").unwrap_or(&Value::Null);
    if keys(kept) == keys(&table.definition) {
        Ok(())
    } else {
        Err(DynamoDbError::OtherTable)
    }
}

/// The keys of a table and of its indexes, in a comparable form.
fn keys(table: &Value) -> Vec<(Option<&Value>, Option<&Value>)> {
    let indexes = ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"];
    let indexes = indexes
        .iter()
        .filter_map(|kind| table.get(kind).and_then(Value::as_array))
        .flatten()
        .map(|index| (index.get("IndexName"), index.get("KeySchema")));
    std::iter::once((None, table.get("KeySchema")))
        .chain(indexes)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(index: &str) -> Table {
        Table {
            name: "table".to_owned(),
            definition: json!({
                "TableName": "table",
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [
                    {"AttributeName": "pk", "AttributeType": "S"},
                    {"AttributeName": "sk", "AttributeType": "S"},
                    {"AttributeName": "at", "AttributeType": "S"},
                ],
                "KeySchema": [
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                "LocalSecondaryIndexes": [{
                    "IndexName": index,
                    "KeySchema": [
                        {"AttributeName": "pk", "KeyType": "HASH"},
                        {"AttributeName": "at", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }],
            }),
            time_to_live: Some("expires_at".to_owned()),
        }
    }

    #[test]
    fn an_existing_table_is_kept() {
        let database = Database::memory().unwrap();
        create(&database, &table("public")).unwrap();
        create(&database, &table("public")).unwrap();
    }

    #[test]
    fn a_kept_table_with_other_indexes_is_refused() {
        let database = Database::memory().unwrap();
        create(&database, &table("public")).unwrap();
        let refused = create(&database, &table("private"));
        assert!(matches!(refused, Err(DynamoDbError::OtherTable)));
    }
}
