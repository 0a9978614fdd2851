use serde_json::Value;

use super::error::TemplateError;

/// A value of the template as CloudFormation writes it into a text: the elements of a list with commas.
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
