use serde_json::Value;

use crate::template::error::TemplateError;

/// Converts a value of the template to text, as CloudFormation does. The elements of a list are
/// joined with commas.
///
/// # Errors
/// If `value` is `null` or an object.
pub(super) fn text_of(value: &Value) -> Result<String, TemplateError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(truth) => Ok(truth.to_string()),
        Value::Array(items) => {
            let items = items.iter().map(text_of).collect::<Result<Vec<_>, _>>()?;
            Ok(items.join(","))
        }
        Value::Null | Value::Object(_) => Err(TemplateError::new(format!("{value} is no text"))),
    }
}
