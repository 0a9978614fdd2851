//! Rules of updates.

use std::collections::BTreeSet;

use crate::aws::dynamodb_rules::expression::{Expression, OPERATORS, too_many_operators};
use crate::aws::dynamodb_rules::paths::{Element, check_overlaps};
use crate::aws::dynamodb_rules::roles::Role;
use crate::aws::dynamodb_rules::schema::Schema;
use crate::aws::dynamodb_rules::token::Token;
use crate::aws::dynamodb_rules::values;

/// A change that an update makes to the value at a path.
#[derive(Debug)]
struct Change<'a> {
    path: Vec<Element<'a>>,
    /// The value placeholders in the change.
    values: Vec<&'a str>,
}

/// Checks an update.
pub(super) fn check_update(expression: &Expression<'_>, schema: &Schema) -> Result<(), String> {
    let is_operator = |(token, role): &&(Token<'_>, Role)| {
        matches!(token, Token::Operator("+" | "-")) || *role == Role::Function
    };
    if expression.tokens.iter().filter(is_operator).count() > OPERATORS {
        return Err(too_many_operators());
    }
    let changes = changes(expression)?;
    let paths: Vec<_> = changes.iter().map(|change| change.path.clone()).collect();
    check_overlaps(&paths)?;
    for change in &changes {
        let Some(Element::Attribute(attribute)) = change.path.first() else {
            return Err("Syntax error".to_owned());
        };
        if schema.keys.names().any(|key| key == *attribute) {
            return Err(format!(
                "Cannot update attribute {attribute}. This attribute is part of the key"
            ));
        }
        for index in &schema.indexes {
            let is_key = index.keys.names().any(|key| key == *attribute);
            let mut values = change
                .values
                .iter()
                .filter_map(|value| expression.value(value));
            if is_key && values.any(|value| values::is_empty(value) || value.get("S").is_none()) {
                return Err(format!(
                    "The update expression attempted to update the secondary index key to \
                     unsupported type or to an empty value. IndexName: {}, IndexKey: {attribute}",
                    index.name
                ));
            }
        }
    }
    Ok(())
}

/// The changes that an update makes.
fn changes<'a>(expression: &Expression<'a>) -> Result<Vec<Change<'a>>, String> {
    let mut clauses = BTreeSet::new();
    let mut parts: Vec<Vec<(Token<'a>, Role)>> = Vec::new();
    let mut depth = 0_u32;
    for (token, role) in &expression.tokens {
        match token {
            Token::Word(word) if *role == Role::Keyword => {
                if !clauses.insert(word.to_ascii_uppercase()) {
                    return Err(format!(
                        "The \"{word}\" section can only be used once in an update expression;"
                    ));
                }
                parts.push(Vec::new());
                continue;
            }
            Token::Symbol(',') if depth == 0 => {
                parts.push(Vec::new());
                continue;
            }
            Token::Symbol('(') => depth += 1,
            Token::Symbol(')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push((*token, *role));
        }
    }
    let changes = parts.into_iter().map(|tokens| {
        let values = tokens.iter().filter_map(|(token, _)| match token {
            Token::Value(value) => Some(*value),
            _ => None,
        });
        let values = values.collect();
        let part = expression.part(tokens);
        Change {
            path: part.paths().into_iter().next().unwrap_or_default(),
            values,
        }
    });
    Ok(changes.collect())
}
