use super::*;

#[test]
fn a_key_must_be_a_string_that_is_neither_empty_nor_too_long() {
    let get = |key: Value| json!({ "TableName": "t", "Key": key });
    refused("GetItem", get(key("")), "empty string value. Key: sk");
    refused(
        "GetItem",
        get(json!({ "pk": { "S": "p" } })),
        "does not match the schema",
    );
    refused(
        "GetItem",
        get(with(key("s"), json!({ "more": { "S": "s" } }))),
        "does not match",
    );
    refused(
        "GetItem",
        get(json!({ "pk": { "N": "1" }, "sk": { "S": "s" } })),
        "Type mismatch",
    );
    refused(
        "GetItem",
        get(key(&"s".repeat(1_025))),
        "maximum size limit of 1024",
    );
    fine("GetItem", get(key(&"s".repeat(1_024))));
    let long = |length| json!({ "pk": { "S": "p".repeat(length) }, "sk": { "S": "s" } });
    refused("DeleteItem", get(long(2_049)), "maximum size limit of 2048");
    fine("DeleteItem", get(long(2_048)));
    let missing = json!({ "TableName": "t", "Item": { "pk": { "S": "p" } } });
    refused("PutItem", missing, "Missing the key sk");
}

#[test]
fn the_key_of_an_index_must_be_absent_or_a_string_that_is_not_empty() {
    for attribute in ["public_at", "ratings_of", "first_rated_at"] {
        let of = |value: Value| put(json!({ attribute: value }));
        refused("PutItem", of(json!({ "S": "" })), "empty string value");
        refused("PutItem", of(json!({ "NULL": true })), "Type mismatch");
        fine("PutItem", of(json!({ "S": "a" })));
        let set = |value: Value| {
            update(
                &format!("SET note = :note, {attribute} = if_not_exists({attribute}, :value)"),
                json!({ "ExpressionAttributeValues": { ":value": value, ":note": { "S": "" } } }),
            )
        };
        refused("UpdateItem", set(json!({ "S": "" })), "secondary index key");
        refused(
            "UpdateItem",
            set(json!({ "N": "1" })),
            "secondary index key",
        );
        fine("UpdateItem", set(json!({ "S": "a" })));
    }
    fine("PutItem", put(json!({ "note": { "S": "" } })));
}

#[test]
fn a_set_must_have_distinct_elements_and_at_least_one() {
    for kind in ["SS", "NS", "BS"] {
        refused(
            "PutItem",
            put(json!({ "set": { kind: [] } })),
            "may not be empty",
        );
        refused(
            "PutItem",
            put(json!({ "set": { kind: ["1", "1"] } })),
            "contains duplicates",
        );
        fine("PutItem", put(json!({ "set": { kind: ["1", "2"] } })));
        let nested = json!({ "list": { "L": [{ "M": { "set": { kind: [] } } }] } });
        refused("PutItem", put(nested), "may not be empty");
        let deleted = json!({ "ExpressionAttributeValues": { ":ids": { kind: [] } } });
        refused(
            "UpdateItem",
            update("DELETE ids :ids", deleted),
            "may not be empty",
        );
    }
    fine(
        "PutItem",
        put(json!({ "list": { "L": [] }, "map": { "M": {} } })),
    );
}

#[test]
fn a_number_has_at_most_38_digits() {
    let number = |text: &str| put(json!({ "number": { "N": text } }));
    refused("PutItem", number(&"1".repeat(39)), "38 significant digits");
    refused("PutItem", number(""), "numeric value");
    refused("PutItem", number("inf"), "numeric value");
    fine("PutItem", number(&"1".repeat(38)));
    fine("PutItem", number("-12.5e3"));
}

#[test]
fn values_have_one_type_and_are_nested_32_levels_at_most() {
    refused(
        "PutItem",
        put(json!({ "a": { "S": "x", "N": "1" } })),
        "exactly one",
    );
    refused("PutItem", put(json!({ "a": {} })), "exactly one");
    let nested = |depth| (1..depth).fold(json!({ "S": "x" }), |value, _| json!({ "L": [value] }));
    refused("PutItem", put(json!({ "a": nested(33) })), "Nesting Levels");
    fine("PutItem", put(json!({ "a": nested(32) })));
}
