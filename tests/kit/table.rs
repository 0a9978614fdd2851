use serde_json::{Value, json};

use crate::Stack;

/// The access key of whoever may do everything.
const OWNER: &str = "owner";

impl Stack {
    /// Everything that the stack keeps: all items of its table, and all mails. Equal before and
    /// after means that nothing changed.
    pub async fn kept(&self) -> Value {
        json!({ "items": self.items().await, "mails": self.outbox().await })
    }

    /// All items of the table, in the order of their keys.
    pub async fn items(&self) -> Vec<Value> {
        let mut items = Vec::new();
        let mut start = Value::Null;
        loop {
            let mut scan = json!({ "TableName": "afterchat", "ConsistentRead": true });
            if start.is_object() {
                scan["ExclusiveStartKey"] = start;
            }
            let mut page = self.dynamodb("Scan", scan).await;
            items.extend(page["Items"].as_array().unwrap().iter().cloned());
            start = page["LastEvaluatedKey"].take();
            if start.is_null() {
                break;
            }
        }
        items.sort_by_key(|item| (item["pk"].to_string(), item["sk"].to_string()));
        items
    }

    /// The item under a key, or `null`.
    pub async fn item(&self, pk: &str, sk: &str) -> Value {
        let key = json!({ "pk": { "S": pk }, "sk": { "S": sk } });
        let get = json!({ "TableName": "afterchat", "Key": key, "ConsistentRead": true });
        self.dynamodb("GetItem", get).await["Item"].take()
    }

    async fn dynamodb(&self, operation: &str, input: Value) -> Value {
        self.dynamodb_as(OWNER, operation, input).await.expect(200)
    }
}
