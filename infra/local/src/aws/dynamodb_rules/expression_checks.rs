//! Checks the expressions of an action and their placeholders.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::aws::dynamodb_rules::action::Action;
use crate::aws::dynamodb_rules::condition::check_condition;
use crate::aws::dynamodb_rules::expression::Expression;
use crate::aws::dynamodb_rules::kind::Kind;
use crate::aws::dynamodb_rules::paths::check_overlaps;
use crate::aws::dynamodb_rules::schema::Schema;
use crate::aws::dynamodb_rules::token::{self, Token};
use crate::aws::dynamodb_rules::update::check_update;

/// Checks all expressions of an action.
pub(super) fn check(action: &Action<'_>, schema: &Schema) -> Result<(), String> {
    let mut used = BTreeSet::new();
    for kind in Kind::ALL {
        let Some(text) = action.text(kind.member()) else {
            continue;
        };
        let expression = Expression::read(kind, text, action)?;
        check_expression(&expression, schema).map_err(|error| expression.invalid(&error))?;
        used.extend(expression.placeholders());
    }
    for (member, sign) in [
        ("ExpressionAttributeNames", '#'),
        ("ExpressionAttributeValues", ':'),
    ] {
        let Some(defined) = action.input.get(member).and_then(Value::as_object) else {
            continue;
        };
        if defined.is_empty() {
            return Err(format!("{member} must not be empty"));
        }
        for placeholder in defined.keys() {
            let is_valid = placeholder.starts_with(sign)
                && matches!(token::tokens(placeholder).as_deref(), Ok([_]));
            if !is_valid {
                return Err(format!(
                    "{member} contains invalid key: Syntax error; key: \"{placeholder}\""
                ));
            }
            if !used.contains(placeholder.as_str()) {
                return Err(format!(
                    "Value provided in {member} unused in expressions: keys: {{{placeholder}}}"
                ));
            }
        }
    }
    Ok(())
}

fn check_expression(expression: &Expression<'_>, schema: &Schema) -> Result<(), String> {
    for token in expression.tokens() {
        match token {
            Token::Name(name) if expression.resolve(token).is_none() => {
                return Err(format!(
                    "An expression attribute name used in the document path is not defined; \
                     attribute name: {name}"
                ));
            }
            Token::Value(value) if expression.value(value).is_none() => {
                return Err(format!(
                    "An expression attribute value used in expression is not defined; \
                     attribute value: {value}"
                ));
            }
            _ => {}
        }
    }
    match expression.kind {
        Kind::Update => check_update(expression, schema),
        Kind::Projection => check_overlaps(&expression.paths()),
        _ => check_condition(expression),
    }
}
