//! An expression with its tokens and placeholders.

use serde_json::Value;

use crate::aws::dynamodb_rules::action::{Action, Attributes};
use crate::aws::dynamodb_rules::kind::Kind;
use crate::aws::dynamodb_rules::paths::Element;
use crate::aws::dynamodb_rules::roles::{Role, with_roles};
use crate::aws::dynamodb_rules::token::{self, Token};

/// The maximum number of operators and functions in an expression.
pub(super) const OPERATORS: usize = 300;

/// The maximum length of an expression, in bytes.
const LENGTH: usize = 4_096;

/// An expression with the names and values of its placeholders.
#[derive(Debug)]
pub(super) struct Expression<'a> {
    pub(super) kind: Kind,
    pub(super) tokens: Vec<(Token<'a>, Role)>,
    names: Option<&'a Attributes>,
    values: Option<&'a Attributes>,
}

impl<'a> Expression<'a> {
    /// Parses an expression of an action.
    pub(super) fn read(kind: Kind, text: &'a str, action: &Action<'a>) -> Result<Self, String> {
        let map = |member| action.input.get(member).and_then(Value::as_object);
        let mut expression = Self {
            kind,
            tokens: Vec::new(),
            names: map("ExpressionAttributeNames"),
            values: map("ExpressionAttributeValues"),
        };
        let tokens = if text.trim().is_empty() {
            Err("The expression can not be empty;".to_owned())
        } else if text.len() > LENGTH {
            Err("Expression size has exceeded the maximum allowed size;".to_owned())
        } else {
            token::tokens(text)
        };
        let tokens = tokens.and_then(|tokens| with_roles(kind, &tokens));
        expression.tokens = tokens.map_err(|error| expression.invalid(&error))?;
        Ok(expression)
    }

    /// The error of this expression, in DynamoDB's words.
    pub(super) fn invalid(&self, error: &str) -> String {
        format!("Invalid {}: {error}", self.kind.member())
    }

    pub(super) fn tokens(&self) -> impl Iterator<Item = Token<'a>> {
        self.tokens.iter().map(|(token, _)| *token)
    }

    /// The attribute that a token refers to.
    pub(super) fn resolve(&self, token: Token<'a>) -> Option<&'a str> {
        match token {
            Token::Word(name) => Some(name),
            Token::Name(placeholder) => self.names?.get(placeholder)?.as_str(),
            _ => None,
        }
    }

    /// The value that a placeholder refers to.
    pub(super) fn value(&self, placeholder: &str) -> Option<&'a Value> {
        self.values?.get(placeholder)
    }

    /// The placeholders in the expression.
    pub(super) fn placeholders(&self) -> impl Iterator<Item = &'a str> {
        self.tokens().filter_map(|token| match token {
            Token::Name(placeholder) | Token::Value(placeholder) => Some(placeholder),
            _ => None,
        })
    }

    /// The paths in the expression.
    pub(super) fn paths(&self) -> Vec<Vec<Element<'a>>> {
        let mut paths: Vec<Vec<Element<'a>>> = Vec::new();
        let mut goes_on = false;
        for (token, role) in &self.tokens {
            match (token, role) {
                (_, Role::Attribute) => {
                    let attribute = self.resolve(*token).unwrap_or_default();
                    match paths.last_mut() {
                        Some(path) if goes_on => path.push(Element::Attribute(attribute)),
                        _ => paths.push(vec![Element::Attribute(attribute)]),
                    }
                    goes_on = false;
                }
                (Token::Number(index), _) => {
                    if let Some(path) = paths.last_mut() {
                        path.push(Element::Index(index));
                    }
                }
                (Token::Symbol('.'), _) => goes_on = true,
                _ => {}
            }
        }
        paths
    }

    /// An expression of only these tokens, with the same placeholders.
    pub(super) fn part(&self, tokens: Vec<(Token<'a>, Role)>) -> Self {
        Self { tokens, ..*self }
    }
}

/// The error of an expression with more than [`OPERATORS`] operators and functions.
pub(super) fn too_many_operators() -> String {
    format!("The expression contains too many operators; maximum number of operators: {OPERATORS}")
}
