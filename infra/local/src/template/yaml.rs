//! Converts CloudFormation YAML to JSON, with each short form (`!Ref X`) expanded (`{"Ref": "X"}`).

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};

/// The YAML could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct YamlError(String);

impl YamlError {
    fn new(problem: impl Into<String>) -> Self {
        Self(problem.into())
    }
}

/// Converts one YAML document to JSON, with CloudFormation's short forms (`!Ref X`) expanded
/// (`{"Ref": "X"}`).
///
/// # Errors
/// If `yaml` is not exactly one document, or has aliases or keys that are not text.
pub fn yaml_to_json(source: &str) -> Result<Value, YamlError> {
    let documents =
        Yaml::load_from_str(source).map_err(|error| YamlError::new(error.to_string()))?;
    match documents.as_slice() {
        [document] => node(document),
        _ => Err(YamlError::new("one YAML document is expected")),
    }
}

fn node(yaml: &Yaml<'_>) -> Result<Value, YamlError> {
    match yaml {
        Yaml::Value(scalar) => Ok(plain(scalar)),
        Yaml::Sequence(items) => items.iter().map(node).collect(),
        Yaml::Mapping(entries) => entries
            .iter()
            .map(|(key, value)| Ok((key_text(key)?, node(value)?)))
            .collect::<Result<Map<_, _>, _>>()
            .map(Value::Object),
        Yaml::Tagged(tag, inner) => Ok(long_form(&tag.suffix, node(inner)?)),
        Yaml::Representation(..) | Yaml::Alias(_) | Yaml::BadValue => {
            Err(YamlError::new("aliases are not supported"))
        }
    }
}

fn plain(scalar: &Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(value) => json!(value),
        Scalar::Integer(value) => json!(value),
        Scalar::FloatingPoint(value) => json!(value.into_inner()),
        Scalar::String(value) => json!(value),
    }
}

fn key_text(key: &Yaml<'_>) -> Result<String, YamlError> {
    match key {
        Yaml::Value(Scalar::String(text)) => Ok(text.to_string()),
        Yaml::Value(Scalar::Integer(number)) => Ok(number.to_string()),
        _ => Err(YamlError::new("a key is text")),
    }
}

fn long_form(function: &str, argument: Value) -> Value {
    match (function, &argument) {
        ("Ref" | "Condition", _) => json!({ function: argument }),
        ("GetAtt", Value::String(path)) => {
            let (resource, attribute) = path.split_once('.').unwrap_or((path, ""));
            json!({ "Fn::GetAtt": [resource, attribute] })
        }
        _ => json!({ format!("Fn::{function}"): argument }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_are_expanded() {
        let json =
            yaml_to_json("a: !Ref X\nb: !Sub '${X}-y'\nc: !GetAtt T.Arn\nd: !If [C, !Ref X, 1]\n");
        assert_eq!(
            json.unwrap(),
            json!({
                "a": {"Ref": "X"},
                "b": {"Fn::Sub": "${X}-y"},
                "c": {"Fn::GetAtt": ["T", "Arn"]},
                "d": {"Fn::If": ["C", {"Ref": "X"}, 1]},
            })
        );
    }

    #[test]
    fn the_attribute_type_n_is_text_and_not_a_boolean() {
        assert_eq!(
            yaml_to_json("AttributeType: N").unwrap(),
            json!({"AttributeType": "N"})
        );
    }
}
