use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::template::error::TemplateError;

/// Deserializes `value` as a `T`.
///
/// # Errors
/// If `value` does not match `T`.
pub(super) fn decoded<T: DeserializeOwned>(value: &Value) -> Result<T, TemplateError> {
    T::deserialize(value).map_err(|error| TemplateError::new(error.to_string()))
}

/// The value at a JSON pointer.
pub(super) fn at<'a>(value: &'a Value, pointer: &str) -> Result<&'a Value, TemplateError> {
    value
        .pointer(pointer)
        .ok_or_else(|| TemplateError::new(format!("{pointer} is missing")))
}
