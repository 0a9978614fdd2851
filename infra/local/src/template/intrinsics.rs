//! Resolves CloudFormation's intrinsic functions as a deployment would.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::template::error::TemplateError;
use crate::template::parameters;
use crate::template::value_text::text_of;

/// The values that names refer to: parameters, conditions, and resources' names and attributes.
pub(super) struct Scope<'a> {
    parameters: BTreeMap<String, Value>,
    conditions: Option<&'a Map<String, Value>>,
    resources: &'a BTreeMap<String, String>,
}

impl<'a> Scope<'a> {
    /// Creates a scope with the template's default parameters, overridden by `given`. A resource
    /// that `resources` does not contain resolves to its logical ID.
    pub(super) fn new(
        template: &'a Value,
        given: &BTreeMap<String, String>,
        resources: &'a BTreeMap<String, String>,
    ) -> Result<Self, TemplateError> {
        Ok(Self {
            parameters: parameters::values(template, given)?,
            conditions: template.get("Conditions").and_then(Value::as_object),
            resources,
        })
    }

    /// Returns `value` with every intrinsic function replaced by its result.
    pub(super) fn resolve(&self, value: &Value) -> Result<Value, TemplateError> {
        Ok(self.resolve_present(value)?.unwrap_or(Value::Null))
    }

    /// Checks the template's `Rules`, as CloudFormation does before a deployment.
    pub(super) fn check_rules(&self, rules: &Value) -> Result<(), TemplateError> {
        for (name, rule) in rules.as_object().into_iter().flatten() {
            let applies = match rule.get("RuleCondition") {
                Some(condition) => self.truth(condition)?,
                None => true,
            };
            let assertions = rule.get("Assertions").and_then(Value::as_array);
            for assertion in assertions.into_iter().flatten().filter(|_| applies) {
                if !self.truth(assertion.get("Assert").unwrap_or(&Value::Null))? {
                    let description = assertion.get("AssertDescription");
                    let description = description.and_then(Value::as_str).unwrap_or_default();
                    return Err(TemplateError::new(format!(
                        "the parameters break the rule {name}: {description}"
                    )));
                }
            }
        }
        Ok(())
    }

    /// Whether the condition `name` is true.
    pub(super) fn is_true(&self, name: &str) -> Result<bool, TemplateError> {
        let condition = self
            .conditions
            .and_then(|conditions| conditions.get(name))
            .ok_or_else(|| TemplateError::new(format!("the template has no condition {name}")))?;
        self.truth(condition)
    }

    /// Returns `None` for `AWS::NoValue`, which removes the property.
    fn resolve_present(&self, value: &Value) -> Result<Option<Value>, TemplateError> {
        match value {
            Value::Array(items) => items
                .iter()
                .filter_map(|item| self.resolve_present(item).transpose())
                .collect::<Result<Vec<_>, _>>()
                .map(|items| Some(Value::Array(items))),
            Value::Object(entries) => {
                if let Some((function, argument)) = intrinsic(entries) {
                    return self.call(function, argument);
                }
                let mut resolved = Map::new();
                for (name, entry) in entries {
                    if let Some(entry) = self.resolve_present(entry)? {
                        resolved.insert(name.clone(), entry);
                    }
                }
                Ok(Some(Value::Object(resolved)))
            }
            plain => Ok(Some(plain.clone())),
        }
    }

    fn call(&self, function: &str, argument: &Value) -> Result<Option<Value>, TemplateError> {
        match (function, argument) {
            ("Ref", Value::String(name)) if name == "AWS::NoValue" => Ok(None),
            ("Ref", Value::String(name)) => self.reference(name).map(Some),
            ("Fn::GetAtt", Value::Array(path)) => {
                let path = path.iter().map(text_of).collect::<Result<Vec<_>, _>>()?;
                Ok(Some(json!(self.resource(&path.join(".")))))
            }
            ("Fn::If", Value::Array(branches)) => {
                let [condition, then, otherwise] = branches.as_slice() else {
                    return Err(misuse(function));
                };
                let branch = if self.is_true(&text_of(condition)?)? {
                    then
                } else {
                    otherwise
                };
                self.resolve_present(branch)
            }
            ("Fn::Sub", Value::String(text)) => self
                .substitute(text, &Map::new())
                .map(|text| Some(json!(text))),
            ("Fn::Sub", Value::Array(parts)) => {
                let [Value::String(text), Value::Object(names)] = parts.as_slice() else {
                    return Err(misuse(function));
                };
                self.substitute(text, names).map(|text| Some(json!(text)))
            }
            ("Fn::Join" | "Fn::Split" | "Fn::Select", Value::Array(parts)) => {
                self.call_on_list(function, parts).map(Some)
            }
            ("Fn::Equals" | "Fn::Not" | "Fn::And" | "Fn::Or" | "Condition", _) => {
                let truth = self.truth(&json!({ function: argument }))?;
                Ok(Some(json!(truth)))
            }
            _ => Err(misuse(function)),
        }
    }

    /// Calls a function that takes or returns a list.
    fn call_on_list(&self, function: &str, parts: &[Value]) -> Result<Value, TemplateError> {
        match (function, parts) {
            ("Fn::Join", [Value::String(separator), list]) => {
                let Value::Array(items) = self.resolve(list)? else {
                    return Err(misuse(function));
                };
                let items = items.iter().map(text_of).collect::<Result<Vec<_>, _>>()?;
                Ok(json!(items.join(separator)))
            }
            ("Fn::Split", [Value::String(separator), text]) => {
                let text = text_of(&self.resolve(text)?)?;
                Ok(text.split(separator.as_str()).collect())
            }
            ("Fn::Select", [index, list]) => {
                let index: usize = text_of(index)?.parse().map_err(|_| misuse(function))?;
                let list = self.resolve(list)?;
                list.get(index).cloned().ok_or_else(|| misuse(function))
            }
            _ => Err(misuse(function)),
        }
    }

    fn truth(&self, condition: &Value) -> Result<bool, TemplateError> {
        let call = condition.as_object().and_then(intrinsic);
        match call {
            Some(("Condition", Value::String(name))) => self.is_true(name),
            Some((function, Value::Array(operands))) => match (function, operands.as_slice()) {
                ("Fn::Equals", [left, right]) => {
                    Ok(text_of(&self.resolve(left)?)? == text_of(&self.resolve(right)?)?)
                }
                ("Fn::Not", [operand]) => Ok(!self.truth(operand)?),
                ("Fn::Contains", [list, text]) => {
                    let list = self.resolve(list)?;
                    let list = list.as_array().ok_or_else(|| misuse(function))?;
                    let text = text_of(&self.resolve(text)?)?;
                    let list = list.iter().map(text_of).collect::<Result<Vec<_>, _>>()?;
                    Ok(list.contains(&text))
                }
                ("Fn::And", operands) => self.truths(operands).map(|all| !all.contains(&false)),
                ("Fn::Or", operands) => self.truths(operands).map(|all| all.contains(&true)),
                _ => Err(misuse(function)),
            },
            _ => Err(TemplateError::new(format!(
                "{condition} is not a condition"
            ))),
        }
    }

    fn truths(&self, conditions: &[Value]) -> Result<Vec<bool>, TemplateError> {
        conditions
            .iter()
            .map(|condition| self.truth(condition))
            .collect()
    }

    fn reference(&self, name: &str) -> Result<Value, TemplateError> {
        let pseudo = match name {
            "AWS::AccountId" => super::account::ACCOUNT,
            "AWS::Partition" => "aws",
            "AWS::Region" => super::account::REGION,
            "AWS::StackName" => "afterchat",
            "AWS::URLSuffix" => "amazonaws.com",
            _ => {
                return Ok(self
                    .parameters
                    .get(name)
                    .cloned()
                    .unwrap_or_else(|| json!(self.resource(name))));
            }
        };
        Ok(json!(pseudo))
    }

    fn resource(&self, path: &str) -> String {
        self.resources
            .get(path)
            .cloned()
            .unwrap_or_else(|| path.to_owned())
    }

    fn substitute(&self, text: &str, names: &Map<String, Value>) -> Result<String, TemplateError> {
        let mut result = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, remainder) = after.split_once('}').ok_or_else(|| misuse("Fn::Sub"))?;
            result.push_str(before);
            if let Some(literal) = name.strip_prefix('!') {
                result.push_str(&format!("${{{literal}}}"));
            } else if let Some(value) = names.get(name) {
                result.push_str(&text_of(&self.resolve(value)?)?);
            } else {
                result.push_str(&text_of(&self.reference(name)?)?);
            }
            rest = remainder;
        }
        result.push_str(rest);
        Ok(result)
    }
}

fn intrinsic(entries: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, argument) = entries.iter().next()?;
    let is_function = name == "Ref" || name == "Condition" || name.starts_with("Fn::");
    (entries.len() == 1 && is_function).then_some((name.as_str(), argument))
}

fn misuse(function: &str) -> TemplateError {
    TemplateError::new(format!("{function} with these arguments is not supported"))
}

#[cfg(test)]
mod tests;
