use super::*;

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
fn the_lower_bound_must_not_exceed_the_upper_bound() {
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
fn a_query_must_start_at_a_complete_key() {
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
