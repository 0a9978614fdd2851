//! A pipe's input template: JSON with paths into the record, such as `<$.dynamodb.NewImage.id.S>`,
//! in place of values.
//!
//! EventBridge's documentation does not define two cases: a path that does not exist in the record,
//! and a value with quotes or line breaks inside a string of the template. This emulator refuses
//! both, so that no template depends on them.

use serde_json::Value;

/// A parsed template.
#[derive(Debug)]
pub(crate) struct InputTemplate(Vec<Part>);

#[derive(Debug)]
enum Part {
    Literal(String),
    Value(JsonPath),
}

/// A path into a record: `$.` and names separated by dots.
#[derive(Clone, Debug)]
pub(crate) struct JsonPath(String);

/// The template is invalid, or cannot be applied to a record.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InputTemplateError {
    /// It contains placeholders other than paths.
    #[error("<{0}> is not a path of names")]
    NoPath(String),
    /// A path is inside a JSON string.
    #[error("<{0}> is inside a JSON string")]
    InsideText(String),
    /// The record has no value at the path.
    #[error("the record has no value at {0}")]
    Missing(String),
    /// The result is not JSON.
    #[error("the result of the template is not JSON")]
    NotJson,
}

impl InputTemplate {
    /// Parses a template.
    pub(crate) fn parse(source: &str) -> Result<Self, InputTemplateError> {
        let mut parts = Vec::new();
        let mut is_inside_text = false;
        let mut rest = source;
        while let Some((literal, after)) = rest.split_once('<') {
            is_inside_text = ends_inside_text(is_inside_text, literal);
            let (path, remainder) = after
                .split_once('>')
                .ok_or_else(|| InputTemplateError::NoPath(after.to_owned()))?;
            if is_inside_text {
                return Err(InputTemplateError::InsideText(path.to_owned()));
            }
            parts.push(Part::Literal(literal.to_owned()));
            parts.push(Part::Value(JsonPath::parse(path)?));
            rest = remainder;
        }
        parts.push(Part::Literal(rest.to_owned()));
        let template = Self(parts);
        template.write_out(|_| Ok(&Value::Null))?;
        Ok(template)
    }

    /// Applies the template to `record`.
    pub(crate) fn apply(&self, record: &Value) -> Result<Value, InputTemplateError> {
        self.write_out(|path| path.find(record))
    }

    fn write_out<'a>(
        &'a self,
        find: impl Fn(&'a JsonPath) -> Result<&'a Value, InputTemplateError>,
    ) -> Result<Value, InputTemplateError> {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Value(path) => text.push_str(&find(path)?.to_string()),
            }
        }
        serde_json::from_str(&text).map_err(|_| InputTemplateError::NotJson)
    }
}

impl JsonPath {
    /// Parses a path.
    pub(crate) fn parse(text: &str) -> Result<Self, InputTemplateError> {
        let is_name = |name: &str| {
            !name.is_empty()
                && name
                    .chars()
                    .all(|it| it.is_ascii_alphanumeric() || it == '_' || it == '-')
        };
        match text.strip_prefix("$.") {
            Some(names) if names.split('.').all(is_name) => Ok(Self(text.to_owned())),
            _ => Err(InputTemplateError::NoPath(text.to_owned())),
        }
    }

    /// The value in `record` at the path.
    pub(crate) fn find<'a>(&self, record: &'a Value) -> Result<&'a Value, InputTemplateError> {
        let mut names = self.0.split('.').skip(1);
        names
            .try_fold(record, |value, name| value.get(name))
            .ok_or_else(|| InputTemplateError::Missing(self.0.clone()))
    }
}

/// Whether a JSON string is open after `literal`, given whether one was open before it.
fn ends_inside_text(mut is_inside: bool, literal: &str) -> bool {
    let mut is_escaped = false;
    for character in literal.chars() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_inside => is_escaped = true,
            '"' => is_inside = !is_inside,
            _ => {}
        }
    }
    is_inside
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_is_replaced_by_a_value_of_any_type() {
        let template = InputTemplate::parse(r#"{"a": <$.x.text>, "b": {"c": <$.x>}, "d": "e"}"#);
        let record = json!({"x": {"text": "says \"hi\"\nand <$.x> more"}});
        assert_eq!(
            template.unwrap().apply(&record).unwrap(),
            json!({"a": "says \"hi\"\nand <$.x> more", "b": {"c": record["x"]}, "d": "e"})
        );
    }

    #[test]
    fn a_path_without_a_value_is_refused() {
        let template = InputTemplate::parse(r#"{"a": <$.x.y>}"#).unwrap();
        let missing = InputTemplateError::Missing("$.x.y".to_owned());
        assert_eq!(template.apply(&json!({"x": {}})), Err(missing));
    }

    #[test]
    fn templates_with_undocumented_behaviour_are_refused() {
        for source in [
            r#"{"a": "<$.x>"}"#,
            r#"{"a": "quote \" and <$.x>"}"#,
            r#"{"a": <aws.pipes.event.json>}"#,
            r#"{"a": <$.x[0]>}"#,
            r#"{"a": <$.>}"#,
            r#"{"a": <$.x>"#,
            r#"{"a": <$.x"#,
            r#"{<$.x>: 1}"#,
        ] {
            assert!(InputTemplate::parse(source).is_err(), "{source}");
        }
    }
}
