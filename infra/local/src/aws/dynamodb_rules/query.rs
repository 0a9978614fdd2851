//! Rules of queries.

use serde_json::Value;

use crate::aws::dynamodb_rules::action::Action;
use crate::aws::dynamodb_rules::expression::Expression;
use crate::aws::dynamodb_rules::kind::Kind;
use crate::aws::dynamodb_rules::paths::Element;
use crate::aws::dynamodb_rules::schema::Schema;
use crate::aws::dynamodb_rules::token::Token;
use crate::aws::dynamodb_rules::values;

/// Checks a query. Its key condition must not have an empty value, and its filter must not use a
/// key. A read from a global index must not be consistent.
pub(super) fn check(action: &Action<'_>, schema: &Schema) -> Result<(), String> {
    let index = action.text("IndexName").map(|name| {
        let unknown = || format!("The table does not have the specified index: {name}");
        schema.index(name).ok_or_else(unknown)
    });
    let index = index.transpose()?;
    let is_consistent = action.input.get("ConsistentRead") == Some(&Value::Bool(true));
    if is_consistent && index.is_some_and(|index| !index.is_local) {
        return Err("Consistent reads are not supported on global secondary indexes".to_owned());
    }
    let keys = index.map_or(&schema.keys, |index| &index.keys);
    let start = action
        .input
        .get("ExclusiveStartKey")
        .and_then(Value::as_object);
    if let Some(start) = start {
        values::check_keys(start, keys, true)?;
    }
    let Some(condition) = action.text(Kind::KeyCondition.member()) else {
        return Err(
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in the \
             request."
                .to_owned(),
        );
    };
    let condition = Expression::read(Kind::KeyCondition, condition, action)?;
    let mut name = "";
    for token in condition.tokens() {
        match token {
            Token::Word(_) | Token::Name(_) => {
                let attribute = condition.resolve(token).unwrap_or_default();
                if keys.names().any(|key| key == attribute) {
                    name = attribute;
                }
            }
            Token::Value(placeholder) => {
                let value = condition.value(placeholder);
                if value.is_some_and(values::is_empty) {
                    return Err(values::empty_key(name));
                }
            }
            _ => {}
        }
    }
    if let Some(filter) = action.text(Kind::Filter.member()) {
        let filter = Expression::read(Kind::Filter, filter, action)?;
        for path in filter.paths() {
            if let Some(key) = keys
                .names()
                .find(|key| path.first() == Some(&Element::Attribute(key)))
            {
                return Err(format!(
                    "Filter Expression can only contain non-primary key attributes: Primary key \
                     attribute: {key}"
                ));
            }
        }
    }
    Ok(())
}
