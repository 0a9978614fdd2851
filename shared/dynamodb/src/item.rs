//! Items and attributes, and their conversion from and to Rust values.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use errors::Fault;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::key::Key;

/// An item as the SDK represents it: attributes by name.
pub type Item = HashMap<String, AttributeValue>;

/// A string attribute (`S`) with the text of `value`.
pub fn string(value: impl ToString) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

/// A number attribute (`N`) with the integer `value`.
pub fn number(value: impl Into<i64>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}

/// A string set attribute (`SS`) with one element.
pub fn string_set(value: impl ToString) -> AttributeValue {
    AttributeValue::Ss(vec![value.to_string()])
}

/// Serializes a value as an attribute. A struct becomes a map.
///
/// # Errors
/// If `value` does not serialize, which is a bug.
pub fn attribute(value: &impl Serialize) -> Result<AttributeValue, Fault> {
    serde_dynamo::to_attribute_value(value)
        .map_err(|_| Fault::internal("a value cannot be serialized as an attribute"))
}

/// Deserializes an item as a `T`.
///
/// # Errors
/// If the item is not a `T`.
pub fn read_item<T: DeserializeOwned>(item: Item) -> Result<T, Fault> {
    serde_dynamo::from_item(item).map_err(|_| {
        Fault::internal(format!(
            "an item of the table cannot be deserialized as {}",
            std::any::type_name::<T>()
        ))
    })
}

/// Serializes `item` together with its `key`.
///
/// # Errors
/// If `item` does not serialize, which is a bug.
pub fn write_item(key: Key, item: &impl Serialize) -> Result<Item, Fault> {
    let mut attributes: Item =
        serde_dynamo::to_item(item).map_err(|_| Fault::internal("an item cannot be serialized"))?;
    attributes.extend(key.into_item());
    Ok(attributes)
}
