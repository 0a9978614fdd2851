//! The context keys of a DynamoDB request, for the conditions of a policy.

use std::collections::BTreeMap;

use serde_json::Value;

/// The partition keys of the items that a request accesses.
const LEADING_KEYS: &str = "dynamodb:LeadingKeys";

/// The top-level attributes that a read selects, including the item's keys.
const ATTRIBUTES: &str = "dynamodb:Attributes";

/// Whether a read selects attributes.
const SELECT: &str = "dynamodb:Select";

/// The context keys of an operation on a table with this input.
pub(super) fn of(operation: &str, input: &Value) -> BTreeMap<&'static str, Vec<String>> {
    let mut context = BTreeMap::from([(LEADING_KEYS, leading_keys(input))]);
    if matches!(operation, "GetItem" | "BatchGetItem" | "Query" | "Scan") {
        match input.get("ProjectionExpression").and_then(Value::as_str) {
            Some(projection) => {
                let mut attributes = attributes(projection, input);
                attributes.extend(["pk", "sk"].map(str::to_owned));
                context.insert(ATTRIBUTES, attributes);
                context.insert(SELECT, vec!["SPECIFIC_ATTRIBUTES".to_owned()]);
            }
            None => {
                context.insert(SELECT, vec!["ALL_ATTRIBUTES".to_owned()]);
            }
        }
    }
    context
}

/// The partition of a key, an item or a query, and those of a batch of keys.
fn leading_keys(input: &Value) -> Vec<String> {
    let keys = input.get("Keys").and_then(Value::as_array);
    let keys = keys.into_iter().flatten();
    let items = ["Key", "Item"]
        .into_iter()
        .filter_map(|name| input.get(name));
    keys.chain(items)
        .filter_map(|item| text(item.get("pk")?))
        .chain(queried(input))
        .collect()
}

/// The value that the first condition of a query compares with its key.
fn queried(query: &Value) -> Option<String> {
    let condition = query.get("KeyConditionExpression")?.as_str()?;
    let (_, rest) = condition.split_once(" = ")?;
    let placeholder = rest.split(' ').next()?;
    text(query.get("ExpressionAttributeValues")?.get(placeholder)?)
}

fn text(attribute: &Value) -> Option<String> {
    attribute.get("S")?.as_str().map(str::to_owned)
}

/// The attributes that a projection selects, with placeholders resolved.
fn attributes(projection: &str, input: &Value) -> Vec<String> {
    let names = input.get("ExpressionAttributeNames");
    let paths = projection.split(',').map(str::trim);
    paths
        .map(|path| path.split(['.', '[']).next().unwrap_or(path))
        .map(|name| {
            let meant = names
                .and_then(|names| names.get(name))
                .and_then(Value::as_str);
            meant.unwrap_or(name).to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_query_needs_permission_for_its_partition() {
        let query = json!({
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :from AND :to",
            "ExpressionAttributeValues": { ":pk": { "S": "main#c1" }, ":from": { "S": "a" } },
        });
        let context = of("Query", &query);
        assert_eq!(context[LEADING_KEYS], ["main#c1"]);
        assert_eq!(context[SELECT], ["ALL_ATTRIBUTES"]);
        assert!(!context.contains_key(ATTRIBUTES));
    }

    #[test]
    fn a_batch_needs_permission_for_its_partitions_and_attributes() {
        let batch = json!({
            "Keys": [{ "pk": { "S": "a" } }, { "pk": { "S": "b" } }],
            "ProjectionExpression": "#agent.id, answer, list[0]",
            "ExpressionAttributeNames": { "#agent": "agent" },
        });
        let context = of("BatchGetItem", &batch);
        assert_eq!(context[LEADING_KEYS], ["a", "b"]);
        assert_eq!(context[ATTRIBUTES], ["agent", "answer", "list", "pk", "sk"]);
        assert_eq!(context[SELECT], ["SPECIFIC_ATTRIBUTES"]);
    }

    #[test]
    fn a_write_needs_permission_for_the_partition_of_its_item() {
        let put = json!({ "Item": { "pk": { "S": "a" }, "sk": { "S": "b" } } });
        assert_eq!(of("PutItem", &put)[LEADING_KEYS], ["a"]);
        assert!(!of("PutItem", &put).contains_key(SELECT));
    }
}
