use axum::body::Bytes;
use serde_json::Value;

/// The capacity units that a call to DynamoDB consumed, in the extensions of its reply.
#[derive(Clone, Copy, Debug)]
pub(super) struct Units(pub(super) f64);

/// A call to DynamoDB with the wish to hear what it consumes.
pub(super) fn ask_for_units(body: &Bytes) -> Bytes {
    let mut call: Value = serde_json::from_slice(body).expect("a call in JSON");
    call["ReturnConsumedCapacity"] = "TOTAL".into();
    call.to_string().into()
}

/// What the reply of a call to DynamoDB says that it consumed.
pub(super) fn consumed_units(reply: &[u8]) -> Option<Units> {
    let reply: Value = serde_json::from_slice(reply).ok()?;
    let consumed = &reply["ConsumedCapacity"];
    match consumed {
        // Of each table: here is one.
        Value::Array(tables) => tables.first(),
        table => Some(table),
    }
    .and_then(|table| table["CapacityUnits"].as_f64())
    .map(Units)
}
