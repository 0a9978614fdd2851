//! The limits of DynamoDB's service model: counts and lengths.

use serde_json::Value;

use crate::aws::dynamodb_rules::action::{elements, tables};

/// The fields that accept a fixed set of values, and these values.
const ENUMERATIONS: [(&str, &[&str]); 5] = [
    (
        "ReturnValues",
        &["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"],
    ),
    ("ReturnConsumedCapacity", &["INDEXES", "TOTAL", "NONE"]),
    ("ReturnItemCollectionMetrics", &["SIZE", "NONE"]),
    ("ReturnValuesOnConditionCheckFailure", &["ALL_OLD", "NONE"]),
    (
        "Select",
        &[
            "ALL_ATTRIBUTES",
            "ALL_PROJECTED_ATTRIBUTES",
            "SPECIFIC_ATTRIBUTES",
            "COUNT",
        ],
    ),
];

/// The fields of an item in a write transaction.
const WRITES: [&str; 4] = ["ConditionCheck", "Delete", "Put", "Update"];

pub(super) fn check(operation: &str, body: &Value) -> Result<(), String> {
    check_names(body)?;
    match operation {
        "TransactWriteItems" => {
            let items = elements(body, "TransactItems");
            length("transactItems", items.len(), 1, 100)?;
            for item in items {
                one_of(item, &WRITES)?;
                for (_, action) in item.as_object().into_iter().flatten() {
                    check_names(action)?;
                }
            }
            if let Some(token) = body.get("ClientRequestToken").and_then(Value::as_str) {
                length("clientRequestToken", token.chars().count(), 1, 36)?;
            }
        }
        "TransactGetItems" => {
            let items = elements(body, "TransactItems");
            length("transactItems", items.len(), 1, 100)?;
            for item in items {
                check_names(item.get("Get").unwrap_or(&Value::Null))?;
            }
        }
        "BatchGetItem" => {
            let counts = tables(body).map(|(_, input)| elements(input, "Keys").len());
            check_batch(operation, "requestItems.member.keys", counts, 100)?;
        }
        "BatchWriteItem" => {
            let counts = tables(body).map(|(_, requests)| requests.as_array().map_or(0, Vec::len));
            check_batch(operation, "requestItems.member", counts, 25)?;
            for request in tables(body).flat_map(|(_, requests)| requests.as_array()) {
                for request in request {
                    one_of(request, &["DeleteRequest", "PutRequest"])?;
                }
            }
        }
        "Query" | "Scan"
            if body
                .get("Limit")
                .and_then(Value::as_i64)
                .is_some_and(|limit| limit < 1) =>
        {
            return Err(constraint(
                "limit",
                "Member must have value greater than or equal to 1",
            ));
        }
        "PutItem" | "DeleteItem" => {
            let returned = body.get("ReturnValues").and_then(Value::as_str);
            if !matches!(returned, None | Some("NONE" | "ALL_OLD")) {
                return Err("Return values set to invalid value".to_owned());
            }
        }
        _ => {}
    }
    Ok(())
}

/// Checks the number of tables in a batch, and the numbers of their items.
fn check_batch(
    operation: &str,
    member: &str,
    counts: impl Iterator<Item = usize>,
    most: usize,
) -> Result<(), String> {
    let counts: Vec<_> = counts.collect();
    length("requestItems", counts.len(), 1, most)?;
    for count in &counts {
        length(member, *count, 1, most)?;
    }
    if counts.iter().sum::<usize>() > most {
        return Err(format!("Too many items requested for the {operation} call"));
    }
    Ok(())
}

/// Checks the names of the table and of the index, and the fields that accept a fixed set of
/// values.
fn check_names(input: &Value) -> Result<(), String> {
    for (member, shortest, longest) in [("TableName", 1, 1024), ("IndexName", 3, 255)] {
        let Some(name) = input.get(member).and_then(Value::as_str) else {
            continue;
        };
        length(member, name.len(), shortest, longest)?;
        let is_arn = member == "TableName" && name.starts_with("arn:");
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
        if !is_arn && !name.bytes().all(fits) {
            return Err(constraint(
                member,
                "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
            ));
        }
    }
    for (member, values) in ENUMERATIONS {
        let value = input.get(member).and_then(Value::as_str);
        if value.is_some_and(|value| !values.contains(&value)) {
            return Err(constraint(
                member,
                &format!("Member must satisfy enum value set: {values:?}"),
            ));
        }
    }
    Ok(())
}

fn length(member: &str, length: usize, least: usize, most: usize) -> Result<(), String> {
    if length < least {
        let rule = format!("Member must have length greater than or equal to {least}");
        return Err(constraint(member, &rule));
    }
    if length > most {
        let rule = format!("Member must have length less than or equal to {most}");
        return Err(constraint(member, &rule));
    }
    Ok(())
}

fn one_of(item: &Value, names: &[&str]) -> Result<(), String> {
    let count = names.iter().filter(|name| item.get(name).is_some()).count();
    if count == 1 {
        Ok(())
    } else {
        Err(format!("An action must have exactly one of {names:?}"))
    }
}

fn constraint(member: &str, rule: &str) -> String {
    format!("1 validation error detected: Value at '{member}' failed to satisfy constraint: {rule}")
}
