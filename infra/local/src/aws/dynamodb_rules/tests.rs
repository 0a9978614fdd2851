//! Tests each rule with a request that breaks it, and with a similar request that does not.

use super::*;

fn schema() -> Schema {
    let keys = |partition: &str, sort: &str| {
        json!([
            { "AttributeName": partition, "KeyType": "HASH" },
            { "AttributeName": sort, "KeyType": "RANGE" },
        ])
    };
    Schema::of(&json!({
        "KeySchema": keys("pk", "sk"),
        "LocalSecondaryIndexes": [{
            "IndexName": "public_thread",
            "KeySchema": keys("pk", "public_at"),
            "Projection": { "ProjectionType": "ALL" },
        }],
        "GlobalSecondaryIndexes": [{
            "IndexName": "ratings",
            "KeySchema": keys("ratings_of", "first_rated_at"),
            "Projection": { "ProjectionType": "INCLUDE", "NonKeyAttributes": ["channel"] },
        }],
    }))
}

#[track_caller]
fn refused(operation: &str, input: Value, because: &str) {
    let refused = check(operation, &input, &schema()).expect_err("it breaks a rule");
    assert!(
        refused.contains(because),
        "{refused:?} does not say {because:?}"
    );
}

#[track_caller]
fn fine(operation: &str, input: Value) {
    assert_eq!(check(operation, &input, &schema()), Ok(()));
}

fn key(sk: &str) -> Value {
    json!({ "pk": { "S": "p" }, "sk": { "S": sk } })
}

/// Adds `members` to `input`.
fn with(mut input: Value, members: Value) -> Value {
    let members = members.as_object().unwrap().clone();
    input.as_object_mut().unwrap().extend(members);
    input
}

fn put(attributes: Value) -> Value {
    json!({ "TableName": "t", "Item": with(key("s"), attributes) })
}

fn update(expression: &str, members: Value) -> Value {
    let update = json!({ "TableName": "t", "Key": key("s"), "UpdateExpression": expression });
    with(update, members)
}

fn query(condition: &str, values: Value) -> Value {
    json!({
        "TableName": "t",
        "KeyConditionExpression": condition,
        "ExpressionAttributeValues": values,
    })
}

fn transaction(items: impl IntoIterator<Item = Value>) -> Value {
    json!({ "TransactItems": items.into_iter().collect::<Vec<_>>() })
}

fn put_of(sk: &str, length: usize) -> Value {
    let item = with(key(sk), json!({ "text": { "S": "x".repeat(length) } }));
    json!({ "Put": { "TableName": "t", "Item": item } })
}

#[test]
fn a_key_condition_has_no_empty_value() {
    let values = |sk: &str| json!({ ":pk": { "S": "p" }, ":sk": { "S": sk } });
    for condition in [
        "pk = :pk AND begins_with(sk, :sk)",
        "pk = :pk AND sk > :sk",
        "pk = :pk AND sk BETWEEN :sk AND :sk",
        "pk = :sk AND sk = :pk",
    ] {
        refused("Query", query(condition, values("")), "empty string value");
        fine("Query", query(condition, values("a")));
    }
    let name = "pk = :pk AND begins_with(sk, :sk)";
    refused(
        "Query",
        query(name, values("")),
        "empty string value. Key: sk",
    );
}

#[test]
fn a_filter_may_have_an_empty_value_and_names_no_key() {
    let filtered = |filter: &str| {
        let query = query(
            "pk = :pk",
            json!({ ":pk": { "S": "p" }, ":empty": { "S": "" } }),
        );
        with(query, json!({ "FilterExpression": filter }))
    };
    fine("Query", filtered("note <> :empty"));
    fine("Query", filtered("note.sk <> :empty"));
    refused(
        "Query",
        filtered("sk <> :empty"),
        "non-primary key attributes",
    );
}

#[test]
fn bounds_are_in_their_order() {
    let between = |from: &str, to: &str| {
        let values = json!({ ":pk": { "S": "p" }, ":from": { "S": from }, ":to": { "S": to } });
        query("pk = :pk AND sk BETWEEN :from AND :to", values)
    };
    refused("Query", between("b", "a"), "upper bound to be greater");
    fine("Query", between("a", "a"));
    let scores = |least: &str, most: &str| {
        let condition = json!({
            "ConditionExpression": "score BETWEEN :least AND :most",
            "ExpressionAttributeValues": { ":least": { "N": least }, ":most": { "N": most } },
        });
        with(put(json!({})), condition)
    };
    refused("PutItem", scores("10", "9"), "upper bound to be greater");
    fine("PutItem", scores("9", "10"));
    let mixed = json!({
        "ConditionExpression": "score BETWEEN :least AND :most",
        "ExpressionAttributeValues": { ":least": { "N": "1" }, ":most": { "S": "2" } },
    });
    refused("PutItem", with(put(json!({})), mixed), "same data type");
}

#[test]
fn a_query_of_a_global_index_is_not_consistent() {
    let of = |index: &str, condition: &str| {
        let query = query(condition, json!({ ":pk": { "S": "p" } }));
        with(query, json!({ "IndexName": index, "ConsistentRead": true }))
    };
    refused(
        "Query",
        of("ratings", "ratings_of = :pk"),
        "Consistent reads",
    );
    refused("Query", of("other", "pk = :pk"), "specified index: other");
    fine("Query", of("public_thread", "pk = :pk"));
}

#[test]
fn a_query_begins_at_a_whole_key() {
    let from = |start: Value| {
        let query = query("pk = :pk", json!({ ":pk": { "S": "p" } }));
        with(
            query,
            json!({ "IndexName": "public_thread", "ExclusiveStartKey": start }),
        )
    };
    refused("Query", from(key("s")), "Missing the key public_at");
    let empty = with(key("s"), json!({ "public_at": { "S": "" } }));
    refused("Query", from(empty), "empty string value");
    fine(
        "Query",
        from(with(key("s"), json!({ "public_at": { "S": "a" } }))),
    );
}

#[test]
fn a_key_is_a_text_that_is_neither_empty_nor_too_long() {
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
fn the_key_of_an_index_is_absent_or_a_text_that_is_not_empty() {
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
fn a_set_has_different_elements_and_at_least_one() {
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

#[test]
fn each_placeholder_is_defined_and_used() {
    let one = json!({ "S": "1" });
    let values = |values: Value| json!({ "ExpressionAttributeValues": values });
    let names = |names: Value| json!({ "ExpressionAttributeNames": names });
    let set = "SET color = :a";
    fine("UpdateItem", update(set, values(json!({ ":a": one }))));
    refused(
        "UpdateItem",
        update(set, json!({})),
        "value used in expression is not defined",
    );
    let unused = values(json!({ ":a": one, ":b": one }));
    refused(
        "UpdateItem",
        update(set, unused.clone()),
        "unused in expressions: keys: {:b}",
    );
    let elsewhere = with(unused, json!({ "ConditionExpression": "size > :b" }));
    refused(
        "UpdateItem",
        update(set, elsewhere.clone()),
        "reserved keyword: size",
    );
    let elsewhere = with(
        elsewhere,
        json!({ "ConditionExpression": "size(note) > :b" }),
    );
    fine("UpdateItem", update(set, elsewhere));

    let remove = "REMOVE #a";
    fine("UpdateItem", update(remove, names(json!({ "#a": "a" }))));
    refused(
        "UpdateItem",
        update(remove, json!({})),
        "document path is not defined",
    );
    let unused = names(json!({ "#a": "a", "#b": "b" }));
    refused(
        "UpdateItem",
        update(remove, unused),
        "unused in expressions: keys: {#b}",
    );

    refused(
        "UpdateItem",
        update("REMOVE color", values(json!({}))),
        "must not be empty",
    );
    refused(
        "PutItem",
        with(put(json!({})), values(json!({ ":a": one }))),
        "unused",
    );
    let invalid = names(json!({ "#a-b": "a" }));
    refused("UpdateItem", update("REMOVE color", invalid), "invalid key");
}

#[test]
fn placeholders_of_each_action_of_a_transaction_are_its_own() {
    let value = json!({ "ExpressionAttributeValues": { ":a": { "S": "1" } } });
    let check = json!({ "ConditionCheck": {
        "TableName": "t", "Key": key("other"), "ConditionExpression": "color = :a",
    } });
    let items = [json!({ "Update": update("SET color = :a", value) }), check];
    refused(
        "TransactWriteItems",
        transaction(items),
        "not defined; attribute value: :a",
    );
}

#[test]
fn reserved_words_need_a_placeholder() {
    for expression in [
        "REMOVE a.name",
        "REMOVE a, Status",
        "SET add = a",
        "SET a = name",
    ] {
        refused(
            "UpdateItem",
            update(expression, json!({})),
            "reserved keyword",
        );
    }
    for expression in [
        "REMOVE a.nickname",
        "REMOVE a, my_status",
        "SET a = b REMOVE c",
    ] {
        fine("UpdateItem", update(expression, json!({})));
    }
    for word in [
        "name", "Name", "agent", "status", "ttl", "comment", "language",
    ] {
        let get = json!({ "TableName": "t", "Key": key("s"), "ProjectionExpression": word });
        refused("GetItem", get, "reserved keyword");
        let condition = json!({ "ConditionExpression": format!("attribute_exists({word})") });
        refused(
            "PutItem",
            with(put(json!({})), condition),
            "reserved keyword",
        );
        let names = json!({
            "ConditionExpression": "attribute_exists(#word)",
            "ExpressionAttributeNames": { "#word": word },
        });
        fine("PutItem", with(put(json!({})), names));
    }
    let keywords = "attribute_exists(pk) and (NOT color IN (:a) OR color between :a AND :a)";
    let condition = json!({
        "ConditionExpression": keywords,
        "ExpressionAttributeValues": { ":a": { "S": "1" } },
    });
    fine("PutItem", with(put(json!({})), condition));
}

#[test]
fn functions_are_those_of_their_expression() {
    let condition = |text: &str| with(put(json!({})), json!({ "ConditionExpression": text }));
    refused(
        "PutItem",
        condition("if_not_exists(color, note)"),
        "Invalid function name",
    );
    refused(
        "PutItem",
        condition("Attribute_Exists(color)"),
        "Invalid function name",
    );
    fine("PutItem", condition("attribute_exists(color)"));
    refused("PutItem", condition(" "), "can not be empty");
    refused("PutItem", condition("color = 'red'"), "Syntax error");
    refused(
        "PutItem",
        condition("attribute_exists(_color)"),
        "Syntax error",
    );
}

#[test]
fn expressions_have_a_greatest_length() {
    let exists = |count: usize| {
        let text = vec!["attribute_exists(a)"; count].join(" OR ");
        with(put(json!({})), json!({ "ConditionExpression": text }))
    };
    refused("PutItem", exists(151), "too many operators");
    fine("PutItem", exists(150));
    let long = |length: usize| {
        let text = format!("attribute_exists({})", "a".repeat(length - 18));
        with(put(json!({})), json!({ "ConditionExpression": text }))
    };
    refused("PutItem", long(4_097), "maximum allowed size");
    fine("PutItem", long(4_096));
    let among = |count: usize| {
        let text = format!("color IN ({})", vec![":a"; count].join(", "));
        let condition = json!({
            "ConditionExpression": text,
            "ExpressionAttributeValues": { ":a": { "S": "1" } },
        });
        with(put(json!({})), condition)
    };
    refused("PutItem", among(101), "too many operands");
    fine("PutItem", among(100));
}

#[test]
fn the_paths_of_an_update_do_not_overlap() {
    let set = |expression: &str| {
        let names = json!({ "#a": "a" });
        let values = json!({ ":v": { "S": "1" } });
        let mut members = json!({ "ExpressionAttributeValues": values });
        if expression.contains('#') {
            members["ExpressionAttributeNames"] = names;
        }
        update(expression, members)
    };
    for overlapping in [
        "SET a = :v, a = :v",
        "SET a = :v, #a = :v",
        "SET a.b = :v, a = :v",
        "SET a.b.c = :v REMOVE a.b",
        "SET a[0] = :v, a[0].b = :v",
        "SET a = if_not_exists(b, :v) ADD a :v",
    ] {
        refused("UpdateItem", set(overlapping), "overlap");
    }
    refused("UpdateItem", set("SET a.b = :v, a[0] = :v"), "conflict");
    for distinct in [
        "SET a.b = :v, a.c = :v",
        "SET a[0] = :v, a[1] = :v",
        "SET ab = :v REMOVE a",
        "SET b = if_not_exists(a, :v), a = :v",
        "SET b = a, c = list_append(a, :v) REMOVE a",
    ] {
        fine("UpdateItem", set(distinct));
    }
    refused(
        "UpdateItem",
        set("SET a = :v SET b = :v"),
        "can only be used once",
    );
    let projected =
        |paths: &str| json!({ "TableName": "t", "Key": key("s"), "ProjectionExpression": paths });
    refused("GetItem", projected("a, a.b"), "overlap");
    fine("GetItem", projected("a.b, a.c"));
}

#[test]
fn an_update_leaves_the_key_as_it_is() {
    let value = json!({ "ExpressionAttributeValues": { ":v": { "S": "1" } } });
    refused(
        "UpdateItem",
        update("SET sk = :v", value.clone()),
        "part of the key",
    );
    fine("UpdateItem", update("SET a.sk = :v", value));
}

#[test]
fn a_request_has_one_action_for_each_item() {
    let delete = |sk: &str| json!({ "Delete": { "TableName": "t", "Key": key(sk) } });
    let twice = transaction([put_of("a", 1), delete("a")]);
    refused(
        "TransactWriteItems",
        twice,
        "multiple operations on one item",
    );
    fine(
        "TransactWriteItems",
        transaction([put_of("a", 1), delete("b")]),
    );
    let get = |sk: &str| json!({ "Get": { "TableName": "t", "Key": key(sk) } });
    let twice = transaction([get("a"), get("a")]);
    refused("TransactGetItems", twice, "multiple operations on one item");
    fine("TransactGetItems", transaction([get("a"), get("b")]));
    let read = |keys: Value| json!({ "RequestItems": { "t": { "Keys": keys } } });
    refused(
        "BatchGetItem",
        read(json!([key("a"), key("a")])),
        "contains duplicates",
    );
    fine("BatchGetItem", read(json!([key("a"), key("b")])));
    let write = |sk: &str| {
        json!({ "RequestItems": { "t": [
            { "PutRequest": { "Item": key("a") } },
            { "DeleteRequest": { "Key": key(sk) } },
        ] } })
    };
    refused("BatchWriteItem", write("a"), "contains duplicates");
    fine("BatchWriteItem", write("b"));
    let both = with(put_of("a", 1), delete("b"));
    refused("TransactWriteItems", transaction([both]), "exactly one of");
}

#[test]
fn requests_have_a_greatest_number_of_actions() {
    let puts = |count: usize| transaction((0..count).map(|sk| put_of(&format!("s{sk}"), 1)));
    refused("TransactWriteItems", puts(0), "greater than or equal to 1");
    refused("TransactWriteItems", puts(101), "less than or equal to 100");
    fine("TransactWriteItems", puts(100));
    let keys = |count: usize| (0..count).map(|sk| key(&format!("s{sk}")));
    let gets = |count: usize| {
        transaction(keys(count).map(|key| json!({ "Get": { "TableName": "t", "Key": key } })))
    };
    refused("TransactGetItems", gets(101), "less than or equal to 100");
    fine("TransactGetItems", gets(100));
    let read = |count: usize| json!({ "RequestItems": { "t": { "Keys": keys(count).collect::<Vec<_>>() } } });
    refused("BatchGetItem", read(0), "greater than or equal to 1");
    refused("BatchGetItem", read(101), "less than or equal to 100");
    fine("BatchGetItem", read(100));
    let write = |count: usize| {
        let deletes = keys(count).map(|key| json!({ "DeleteRequest": { "Key": key } }));
        json!({ "RequestItems": { "t": deletes.collect::<Vec<_>>() } })
    };
    refused("BatchWriteItem", write(26), "less than or equal to 25");
    fine("BatchWriteItem", write(25));
}

#[test]
fn a_transaction_has_at_most_4_mb() {
    let puts =
        |count: usize| transaction((0..count).map(|sk| put_of(&format!("s{sk}"), 400 * 1024 - 16)));
    refused("TransactWriteItems", puts(11), "4MB limit");
    fine("TransactWriteItems", puts(10));
}

#[test]
fn an_item_and_its_entries_in_local_indexes_have_at_most_400_kb_together() {
    let note = |length: usize, index: &str| {
        put(json!({ index: { "S": "a" }, "text": { "S": "x".repeat(length) } }))
    };
    // The names and values of the keys and the other attributes have 23 bytes.
    refused(
        "PutItem",
        note(400 * 1024, "no_index_"),
        "maximum allowed size",
    );
    fine("PutItem", note(400 * 1024 - 20, "no_index_"));
    refused(
        "PutItem",
        note(200 * 1024, "public_at"),
        "maximum allowed size",
    );
    fine("PutItem", note(200 * 1024 - 20, "public_at"));
    let both = json!({
        "ratings_of": { "S": "a" },
        "first_rated_at": { "S": "a" },
        "channel": { "S": "x".repeat(300 * 1024) },
    });
    fine("PutItem", put(both));
    let updated = |length: usize| {
        let item = note(length, "public_at");
        let item = item.get("Item").unwrap().as_object().unwrap();
        values::check_updated(item, &schema())
    };
    assert!(updated(200 * 1024).is_err());
    assert_eq!(updated(200 * 1024 - 20), Ok(()));
}

#[test]
fn members_are_those_of_the_service_model() {
    let token = |length: usize| {
        with(
            transaction([put_of("a", 1)]),
            json!({ "ClientRequestToken": "t".repeat(length) }),
        )
    };
    refused("TransactWriteItems", token(37), "less than or equal to 36");
    refused("TransactWriteItems", token(0), "greater than or equal to 1");
    fine("TransactWriteItems", token(36));
    let limited = |limit: i64| {
        let query = query("pk = :pk", json!({ ":pk": { "S": "p" } }));
        with(query, json!({ "Limit": limit }))
    };
    refused("Query", limited(0), "greater than or equal to 1");
    fine("Query", limited(1));
    let returned = |values: &str| with(put(json!({})), json!({ "ReturnValues": values }));
    refused("PutItem", returned("ALL"), "enum value set");
    refused("PutItem", returned("ALL_NEW"), "invalid value");
    fine("PutItem", returned("ALL_OLD"));
    fine(
        "UpdateItem",
        update("REMOVE a", json!({ "ReturnValues": "ALL_NEW" })),
    );
    let of = |table: &str| json!({ "TableName": table, "Key": key("s") });
    refused("GetItem", of("a table"), "regular expression pattern");
    refused("GetItem", of(""), "greater than or equal to 1");
    fine("GetItem", of("a_table-1.2"));
    let index = json!({ "IndexName": "no" });
    let query = query("pk = :pk", json!({ ":pk": { "S": "p" } }));
    refused("Query", with(query, index), "greater than or equal to 3");
}

#[test]
fn what_the_engine_finds_invalid_is_told_from_what_it_refuses() {
    let error = |name: &str| json!({ "__type": format!("com.amazonaws#{name}"), "message": "m" });
    let message_of = |error: Value| invalid(error.to_string().as_bytes());
    let expected = "ValidationException: m".to_owned();
    assert_eq!(message_of(error("ValidationException")), Some(expected));
    assert_eq!(message_of(error("ConditionalCheckFailedException")), None);
    assert_eq!(
        message_of(error("ProvisionedThroughputExceededException")),
        None
    );
    let cancelled = |code: &str| {
        let reasons = json!([{ "Code": "None" }, { "Code": code, "Message": "m" }]);
        with(
            error("TransactionCanceledException"),
            json!({ "CancellationReasons": reasons }),
        )
    };
    assert_eq!(message_of(cancelled("ConditionalCheckFailed")), None);
    let expected = "TransactionCanceledException: m".to_owned();
    assert_eq!(message_of(cancelled("ValidationError")), Some(expected));
}
