//! Checks the template's parameters as CloudFormation does before a deployment.

use std::collections::BTreeMap;

use regex_lite::Regex;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::template::decode::decoded;
use crate::template::error::TemplateError;
use crate::template::value_text::text_of;

/// The maximum number of allowed values that an error lists.
const SHOWN_VALUES: usize = 20;

/// A parameter declaration of the template.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Declaration {
    #[serde(rename = "Type")]
    kind: String,
    default: Option<Value>,
    allowed_values: Option<Vec<Value>>,
    allowed_pattern: Option<String>,
    min_value: Option<Value>,
    max_value: Option<Value>,
    min_length: Option<usize>,
    max_length: Option<usize>,
}

/// The value of each parameter that `template` declares: the given value, or the default.
pub(super) fn values(
    template: &Value,
    given: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, Value>, TemplateError> {
    let declared = template.get("Parameters").unwrap_or(&Value::Null);
    let declared: Option<BTreeMap<String, Declaration>> = decoded(declared)?;
    let declared = declared.unwrap_or_default();
    if let Some(unknown) = given.keys().find(|name| !declared.contains_key(*name)) {
        let names: Vec<_> = declared.keys().map(String::as_str).collect();
        return Err(TemplateError::new(format!(
            "the template has no parameter {unknown}. Its parameters are {}",
            names.join(", ")
        )));
    }
    declared
        .into_iter()
        .map(|(name, declaration)| {
            let value = declaration.value(&name, given.get(&name))?;
            Ok((name, value))
        })
        .collect()
}

impl Declaration {
    fn value(&self, name: &str, given: Option<&String>) -> Result<Value, TemplateError> {
        let text = match (given, &self.default) {
            (Some(given), _) => given.clone(),
            (None, Some(default)) => text_of(default)?,
            (None, None) => {
                return Err(TemplateError::new(format!(
                    "the parameter {name} needs a value, because it has no Default"
                )));
            }
        };
        let broken = |rule: String| {
            TemplateError::new(format!(
                "the parameter {name} does not accept \"{text}\": {rule}"
            ))
        };
        match self.kind.as_str() {
            "String" | "Number" => {
                self.check(&text).map_err(broken)?;
                Ok(json!(text))
            }
            "CommaDelimitedList" => {
                let items: Vec<_> = text.split(',').map(str::trim).collect();
                for item in &items {
                    self.check(item).map_err(broken)?;
                }
                Ok(json!(items))
            }
            other => Err(TemplateError::new(format!(
                "the parameter {name} has the type {other}, which the local server does not support"
            ))),
        }
    }

    /// Checks one value. Returns the rule that it breaks as the error.
    fn check(&self, text: &str) -> Result<(), String> {
        if self.kind == "Number" {
            self.check_number(text)?;
        }
        if let Some(allowed) = &self.allowed_values {
            let allowed = allowed.iter().map(text_of).collect::<Result<Vec<_>, _>>();
            let allowed = allowed.map_err(|error| error.to_string())?;
            if !allowed.iter().any(|it| it == text) {
                // A parameter can have too many allowed values to list, such as all time zones.
                let others = allowed.len().saturating_sub(SHOWN_VALUES);
                let shown = allowed.iter().take(SHOWN_VALUES).cloned();
                let mut shown: Vec<_> = shown.collect();
                if others > 0 {
                    shown.push(format!("and {others} others in the template"));
                }
                return Err(format!("AllowedValues are [{}]", shown.join(", ")));
            }
        }
        if let Some(pattern) = &self.allowed_pattern {
            // CloudFormation matches the pattern against the whole value.
            let whole = Regex::new(&format!("^(?:{pattern})$")).map_err(|e| e.to_string())?;
            if !whole.is_match(text) {
                return Err(format!("AllowedPattern is {pattern}"));
            }
        }
        let length = text.chars().count();
        if let Some(least) = self.min_length.filter(|least| length < *least) {
            return Err(format!("MinLength is {least}"));
        }
        if let Some(most) = self.max_length.filter(|most| length > *most) {
            return Err(format!("MaxLength is {most}"));
        }
        Ok(())
    }

    fn check_number(&self, text: &str) -> Result<(), String> {
        let value = number(text).ok_or_else(|| "Type is Number".to_owned())?;
        let bound = |bound: &Option<Value>| {
            let bound = bound.as_ref().map(text_of)?.ok()?;
            Some((number(&bound)?, bound))
        };
        if let Some((_, least)) = bound(&self.min_value).filter(|(least, _)| value < *least) {
            return Err(format!("MinValue is {least}"));
        }
        if let Some((_, most)) = bound(&self.max_value).filter(|(most, _)| value > *most) {
            return Err(format!("MaxValue is {most}"));
        }
        Ok(())
    }
}

/// Parses an integer or a decimal number.
fn number(text: &str) -> Option<f64> {
    let is_written_in_digits = text
        .bytes()
        .all(|it| matches!(it, b'0'..=b'9' | b'.' | b'-'));
    text.parse().ok().filter(|_| is_written_in_digits)
}

#[cfg(test)]
mod tests {
    use super::super::yaml_to_json;
    use super::*;

    const TEMPLATE: &str = "Parameters:
  Days: {Type: Number, Default: 0, MinValue: 0, MaxValue: 365}
  Level: {Type: String, Default: INFO, AllowedValues: [INFO, WARN]}
  Keep: {Type: Number, Default: 30, AllowedValues: [1, 30]}
  Name: {Type: String, Default: Support, AllowedPattern: '[^\\x00-\\x1f]{1,10}'}
  Code: {Type: String, Default: abc, MinLength: 2, MaxLength: 3}
  Origins: {Type: CommaDelimitedList, Default: 'a, b', AllowedPattern: '[a-z]+'}
";

    fn given(name: &str, value: &str) -> Result<Value, String> {
        let template = yaml_to_json(TEMPLATE).unwrap();
        let given = BTreeMap::from([(name.to_owned(), value.to_owned())]);
        let values = super::values(&template, &given).map_err(|error| error.to_string())?;
        Ok(values[name].clone())
    }

    #[test]
    fn a_valid_value_is_used_unchanged() {
        for (name, value) in [
            ("Days", "0"),
            ("Days", "365"),
            ("Days", "1.5"),
            ("Level", "WARN"),
            ("Keep", "1"),
            ("Name", "Acme chat"),
            ("Code", "ab"),
        ] {
            assert_eq!(given(name, value), Ok(json!(value)));
        }
        assert_eq!(given("Origins", "x,y , z"), Ok(json!(["x", "y", "z"])));
    }

    #[test]
    fn an_invalid_value_is_refused_with_its_parameter_and_the_rule() {
        for (name, value, rule) in [
            ("Days", "-1", "MinValue is 0"),
            ("Days", "366", "MaxValue is 365"),
            ("Days", "ten", "Type is Number"),
            ("Days", "", "Type is Number"),
            ("Days", "inf", "Type is Number"),
            ("Days", "1e2", "Type is Number"),
            ("Level", "info", "AllowedValues are [INFO, WARN]"),
            ("Keep", "2", "AllowedValues are [1, 30]"),
            ("Name", "", "AllowedPattern"),
            ("Name", "01234567890", "AllowedPattern"),
            ("Name", "a\nb", "AllowedPattern"),
            ("Code", "a", "MinLength is 2"),
            ("Code", "abcd", "MaxLength is 3"),
            ("Origins", "a,B", "AllowedPattern"),
        ] {
            let problem = given(name, value).unwrap_err();
            assert!(problem.contains(&format!("parameter {name}")), "{problem}");
            assert!(problem.contains(rule), "{problem}");
        }
    }

    #[test]
    fn an_unknown_parameter_is_refused_with_the_known_ones() {
        let problem = given("Day", "1").unwrap_err();
        assert!(problem.contains("no parameter Day"), "{problem}");
        assert!(problem.contains("Code, Days, Keep"), "{problem}");
    }

    #[test]
    fn a_parameter_without_a_default_needs_a_value() {
        let template = yaml_to_json("Parameters:\n  Name: {Type: String}\n").unwrap();
        let problem = super::values(&template, &BTreeMap::new()).unwrap_err();
        assert!(problem.to_string().contains("parameter Name"), "{problem}");
    }
}
