use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use crate::Stack;
use crate::dynamodb_endpoint::{DynamoDbEndpoint, OWNER};

/// The maximum number of items in a batch.
const BATCH: usize = 25;

/// The number of concurrent batches.
const BATCHES_AT_ONCE: usize = 8;

impl Stack {
    /// All data of the stack: the items of its table, and the sent mails. If two results are equal,
    /// nothing changed in between.
    pub async fn all_data(&self) -> Value {
        json!({ "items": self.items().await, "mails": self.outbox().await })
    }

    /// All items of the table, in the order of their keys.
    pub async fn items(&self) -> Vec<Value> {
        items(self.dynamodb()).await
    }

    /// The item under a key, or `null`.
    pub async fn item(&self, pk: &str, sk: &str) -> Value {
        let key = json!({ "pk": { "S": pk }, "sk": { "S": sk } });
        let get = json!({ "TableName": "afterchat", "Key": key, "ConsistentRead": true });
        let got = self.dynamodb().call(OWNER, "GetItem", get).await;
        got.expect(200)["Item"].take()
    }

    /// Changes the item under a key, for example to one that a former version wrote.
    ///
    /// # Panics
    /// If there is no such item.
    pub async fn change(&self, pk: &str, sk: &str, change: impl FnOnce(&mut Value)) {
        let mut item = self.item(pk, sk).await;
        assert!(item.is_object(), "there is an item {pk} {sk}");
        change(&mut item);
        let put = json!({ "TableName": "afterchat", "Item": item });
        let changed = self.dynamodb().call(OWNER, "PutItem", put).await;
        changed.expect(200);
    }

    /// Stores items without changes.
    pub async fn put_items(&self, items: &[Value]) {
        let batches: Vec<_> = items
            .chunks(BATCH)
            .map(|batch| {
                let puts = batch
                    .iter()
                    .map(|item| json!({ "PutRequest": { "Item": item } }));
                let puts: Vec<_> = puts.collect();
                let input = json!({ "RequestItems": { "afterchat": puts } });
                self.dynamodb_as(OWNER, "BatchWriteItem", input)
            })
            .collect();
        let mut written = stream::iter(batches).buffer_unordered(BATCHES_AT_ONCE);
        while let Some(written) = written.next().await {
            written.expect(200);
        }
    }

    /// Deletes the item under a key, as DynamoDB does some time after it has expired.
    pub async fn delete_expired(&self, pk: &str, sk: &str) {
        let key = json!({ "pk": { "S": pk }, "sk": { "S": sk } });
        let delete = json!({ "TableName": "afterchat", "Key": key });
        let deleted = self.dynamodb().call(OWNER, "DeleteItem", delete).await;
        deleted.expect(200);
    }
}

/// All items of the table of a server in another process, in the order of their keys.
pub async fn items_at(url: &str) -> Vec<Value> {
    items(&DynamoDbEndpoint::new(url, &Default::default())).await
}

async fn items(dynamodb: &DynamoDbEndpoint) -> Vec<Value> {
    let mut items = Vec::new();
    let mut start = Value::Null;
    loop {
        let mut scan = json!({ "TableName": "afterchat", "ConsistentRead": true });
        if start.is_object() {
            scan["ExclusiveStartKey"] = start;
        }
        let mut page = dynamodb.call(OWNER, "Scan", scan).await.expect(200);
        items.extend(page["Items"].as_array().unwrap().iter().cloned());
        start = page["LastEvaluatedKey"].take();
        if start.is_null() {
            break;
        }
    }
    items.sort_by_key(|item| (item["pk"].to_string(), item["sk"].to_string()));
    items
}
