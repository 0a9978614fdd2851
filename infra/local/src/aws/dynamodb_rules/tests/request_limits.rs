use super::*;

#[test]
fn a_request_must_not_act_twice_on_one_item() {
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
fn the_number_of_actions_in_a_request_is_limited() {
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
fn the_fields_must_match_the_service_model() {
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
fn invalid_requests_are_recorded_and_failed_conditions_are_not() {
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
