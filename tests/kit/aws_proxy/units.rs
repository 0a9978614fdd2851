use axum::body::Bytes;
use serde_json::Value;

/// The capacity units that a call to DynamoDB consumed, in the extensions of its reply.
#[derive(Clone, Copy, Debug)]
pub(super) struct Units(pub(super) f64);

/// Adds the request for the consumed capacity to a call of DynamoDB.
pub(super) fn request_units(body: &Bytes) -> Bytes {
    let mut call: Value = serde_json::from_slice(body).expect("a call in JSON");
    call["ReturnConsumedCapacity"] = "TOTAL".into();
    call.to_string().into()
}

/// The consumed capacity in a reply of DynamoDB.
pub(super) fn consumed_units(reply: &[u8]) -> Option<Units> {
    let reply: Value = serde_json::from_slice(reply).ok()?;
    let consumed = &reply["ConsumedCapacity"];
    match consumed {
        // One entry for each table. There is one table.
        Value::Array(tables) => tables.first(),
        table => Some(table),
    }
    .and_then(|table| table["CapacityUnits"].as_f64())
    .map(Units)
}
