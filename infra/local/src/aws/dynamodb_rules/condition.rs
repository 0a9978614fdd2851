//! Rules of conditions, filters and key conditions.

use serde_json::Value;

use crate::aws::dynamodb_rules::expression::{Expression, OPERATORS, too_many_operators};
use crate::aws::dynamodb_rules::roles::Role;
use crate::aws::dynamodb_rules::token::Token;

/// The maximum number of values in `IN`.
const OPERANDS: usize = 100;

/// Checks a condition, a filter or a key condition.
pub(super) fn check_condition(expression: &Expression<'_>) -> Result<(), String> {
    let is_operator = |(token, role): &&(Token<'_>, Role)| {
        matches!(token, Token::Operator(_)) || matches!(role, Role::Keyword | Role::Function)
    };
    if expression.tokens.iter().filter(is_operator).count() > OPERATORS {
        return Err(too_many_operators());
    }
    let tokens: Vec<_> = expression.tokens().collect();
    for (place, (token, role)) in expression.tokens.iter().enumerate() {
        let Token::Word(word) = token else { continue };
        let after = tokens.get(place + 1..).unwrap_or_default();
        if *role == Role::Keyword && word.eq_ignore_ascii_case("BETWEEN") {
            check_bounds(expression, after)?;
        }
        if *role == Role::Keyword && word.eq_ignore_ascii_case("IN") {
            let operands = after
                .iter()
                .take_while(|token| **token != Token::Symbol(')'));
            let commas = operands
                .filter(|token| **token == Token::Symbol(','))
                .count();
            if commas + 1 > OPERANDS {
                return Err(format!(
                    "The IN operator is provided with too many operands; number of operands: {}",
                    commas + 1
                ));
            }
        }
    }
    Ok(())
}

/// Checks the bounds that follow `BETWEEN`.
fn check_bounds<'a>(expression: &Expression<'a>, after: &[Token<'_>]) -> Result<(), String> {
    let [Token::Value(lower), Token::Word(_), Token::Value(upper), ..] = after else {
        return Ok(());
    };
    let bounds = expression.value(lower).zip(expression.value(upper));
    let Some((lower, upper)) = bounds else {
        return Ok(());
    };
    let texts = |kind| {
        let text = |value: &'a Value| value.get(kind).and_then(Value::as_str);
        text(lower).zip(text(upper))
    };
    let number = |text: &str| text.parse::<f64>().unwrap_or(f64::NAN);
    let is_reversed = match (texts("S"), texts("N")) {
        (Some((lower, upper)), _) => lower > upper,
        (None, Some((lower, upper))) => number(lower) > number(upper),
        (None, None) if texts("B").is_some() => false,
        (None, None) => {
            return Err(format!(
                "The BETWEEN operator requires same data type for lower and upper bounds; lower \
                 bound operand: {lower}, upper bound operand: {upper}"
            ));
        }
    };
    if is_reversed {
        return Err(format!(
            "The BETWEEN operator requires upper bound to be greater than or equal to lower \
             bound; lower bound operand: {lower}, upper bound operand: {upper}"
        ));
    }
    Ok(())
}
