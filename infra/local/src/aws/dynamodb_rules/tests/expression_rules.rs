use super::*;

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
fn each_action_of_a_transaction_has_its_own_placeholders() {
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
fn each_type_of_expression_has_its_own_functions() {
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
fn the_length_of_an_expression_is_limited() {
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
fn an_update_must_not_change_the_key() {
    let value = json!({ "ExpressionAttributeValues": { ":v": { "S": "1" } } });
    refused(
        "UpdateItem",
        update("SET sk = :v", value.clone()),
        "part of the key",
    );
    fine("UpdateItem", update("SET a.sk = :v", value));
}
