//! Rules of expressions: placeholders, reserved words, functions, paths, bounds.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use serde_json::Value;

use super::action::{Action, Attributes};
use super::schema::Schema;
use super::token::{self, Token};
use super::values;

/// The maximum length of an expression, in bytes.
const LENGTH: usize = 4_096;

/// The maximum number of operators and functions in an expression.
const OPERATORS: usize = 300;

/// The maximum number of values in `IN`.
const OPERANDS: usize = 100;

/// The words that need a placeholder if they are used as an attribute name. The list is AWS's page
/// "Reserved words in DynamoDB".
static RESERVED: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("reserved_words.txt").lines().collect());

/// The type of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Condition,
    Filter,
    KeyCondition,
    Projection,
    Update,
}

/// An expression with the names and values of its placeholders.
#[derive(Debug)]
pub(super) struct Expression<'a> {
    kind: Kind,
    tokens: Vec<(Token<'a>, Role)>,
    names: Option<&'a Attributes>,
    values: Option<&'a Attributes>,
}

/// The role of a token in its expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Keyword,
    Function,
    Attribute,
    Other,
}

/// A part of a path to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Element<'a> {
    Attribute(&'a str),
    Index(&'a str),
}

/// A change that an update makes to the value at a path.
#[derive(Debug)]
struct Change<'a> {
    path: Vec<Element<'a>>,
    /// The value placeholders in the change.
    values: Vec<&'a str>,
}

impl Kind {
    const ALL: [Self; 5] = [
        Self::Condition,
        Self::Filter,
        Self::KeyCondition,
        Self::Projection,
        Self::Update,
    ];

    /// The field of a request that contains this type of expression.
    pub(super) fn member(self) -> &'static str {
        match self {
            Self::Condition => "ConditionExpression",
            Self::Filter => "FilterExpression",
            Self::KeyCondition => "KeyConditionExpression",
            Self::Projection => "ProjectionExpression",
            Self::Update => "UpdateExpression",
        }
    }

    fn keywords(self) -> &'static [&'static str] {
        match self {
            Self::Condition | Self::Filter => &["AND", "OR", "NOT", "BETWEEN", "IN"],
            Self::KeyCondition => &["AND", "BETWEEN"],
            Self::Projection => &[],
            Self::Update => &["SET", "REMOVE", "ADD", "DELETE"],
        }
    }

    fn functions(self) -> &'static [&'static str] {
        match self {
            Self::Condition | Self::Filter => &[
                "attribute_exists",
                "attribute_not_exists",
                "attribute_type",
                "begins_with",
                "contains",
                "size",
            ],
            Self::KeyCondition => &["begins_with"],
            Self::Projection => &[],
            Self::Update => &["if_not_exists", "list_append"],
        }
    }
}

/// Checks all expressions of an action.
pub(super) fn check(action: &Action<'_>, schema: &Schema) -> Result<(), String> {
    let mut used = BTreeSet::new();
    for kind in Kind::ALL {
        let Some(text) = action.text(kind.member()) else {
            continue;
        };
        let expression = Expression::read(kind, text, action)?;
        expression
            .check(schema)
            .map_err(|error| expression.invalid(&error))?;
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

    fn invalid(&self, error: &str) -> String {
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

    fn placeholders(&self) -> impl Iterator<Item = &'a str> {
        self.tokens().filter_map(|token| match token {
            Token::Name(placeholder) | Token::Value(placeholder) => Some(placeholder),
            _ => None,
        })
    }

    fn check(&self, schema: &Schema) -> Result<(), String> {
        for token in self.tokens() {
            match token {
                Token::Name(name) if self.resolve(token).is_none() => {
                    return Err(format!(
                        "An expression attribute name used in the document path is not defined; \
                         attribute name: {name}"
                    ));
                }
                Token::Value(value) if self.value(value).is_none() => {
                    return Err(format!(
                        "An expression attribute value used in expression is not defined; \
                         attribute value: {value}"
                    ));
                }
                _ => {}
            }
        }
        match self.kind {
            Kind::Update => self.check_update(schema),
            Kind::Projection => check_overlaps(&self.paths()),
            _ => self.check_condition(),
        }
    }

    fn check_condition(&self) -> Result<(), String> {
        let is_operator = |(token, role): &&(Token<'_>, Role)| {
            matches!(token, Token::Operator(_)) || matches!(role, Role::Keyword | Role::Function)
        };
        if self.tokens.iter().filter(is_operator).count() > OPERATORS {
            return Err(too_many_operators());
        }
        let tokens: Vec<_> = self.tokens().collect();
        for (place, (token, role)) in self.tokens.iter().enumerate() {
            let Token::Word(word) = token else { continue };
            let after = tokens.get(place + 1..).unwrap_or_default();
            if *role == Role::Keyword && word.eq_ignore_ascii_case("BETWEEN") {
                self.check_bounds(after)?;
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
    fn check_bounds(&self, after: &[Token<'_>]) -> Result<(), String> {
        let [Token::Value(lower), Token::Word(_), Token::Value(upper), ..] = after else {
            return Ok(());
        };
        let bounds = self.value(lower).zip(self.value(upper));
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

    fn check_update(&self, schema: &Schema) -> Result<(), String> {
        let is_operator = |(token, role): &&(Token<'_>, Role)| {
            matches!(token, Token::Operator("+" | "-")) || *role == Role::Function
        };
        if self.tokens.iter().filter(is_operator).count() > OPERATORS {
            return Err(too_many_operators());
        }
        let changes = self.changes()?;
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
                let mut values = change.values.iter().filter_map(|value| self.value(value));
                if is_key && values.any(|value| values::is_empty(value) || value.get("S").is_none())
                {
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

    /// The changes that an update makes.
    fn changes(&self) -> Result<Vec<Change<'a>>, String> {
        let mut clauses = BTreeSet::new();
        let mut parts: Vec<Vec<(Token<'a>, Role)>> = Vec::new();
        let mut depth = 0_u32;
        for (token, role) in &self.tokens {
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
            let part = Self { tokens, ..*self };
            Change {
                path: part.paths().into_iter().next().unwrap_or_default(),
                values,
            }
        });
        Ok(changes.collect())
    }
}

/// The tokens with their roles.
fn with_roles<'a>(kind: Kind, tokens: &[Token<'a>]) -> Result<Vec<(Token<'a>, Role)>, String> {
    let mut read: Vec<(Token<'a>, Role)> = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let role = match token {
            Token::Name(_) => Role::Attribute,
            Token::Word(word) => {
                let is_call = tokens.get(place + 1) == Some(&Token::Symbol('('));
                role(kind, word, read.last(), is_call)?
            }
            _ => Role::Other,
        };
        read.push((*token, role));
    }
    Ok(read)
}

fn role(
    kind: Kind,
    word: &str,
    before: Option<&(Token<'_>, Role)>,
    is_call: bool,
) -> Result<Role, String> {
    let upper = word.to_ascii_uppercase();
    let may_be_keyword = match (kind, before) {
        // A new section may begin only after a complete one.
        (
            Kind::Update,
            Some((Token::Value(_) | Token::Symbol(')' | ']'), _) | (_, Role::Attribute)),
        ) => true,
        (Kind::Update, before) => before.is_none(),
        (_, before) => !matches!(before, Some((Token::Symbol('.'), _))),
    };
    if may_be_keyword && kind.keywords().contains(&upper.as_str()) {
        return Ok(Role::Keyword);
    }
    if is_call {
        return if kind.functions().contains(&word) {
            Ok(Role::Function)
        } else {
            Err(format!("Invalid function name; function: {word}"))
        };
    }
    if RESERVED.contains(upper.as_str()) {
        return Err(format!(
            "Attribute name is a reserved keyword; reserved keyword: {word}"
        ));
    }
    Ok(Role::Attribute)
}

/// Two paths must not be equal, and one must not be a prefix of the other. They also must not use
/// the same value both as a map and as a list.
fn check_overlaps(paths: &[Vec<Element<'_>>]) -> Result<(), String> {
    for (place, one) in paths.iter().enumerate() {
        for other in paths.iter().skip(place + 1) {
            let mut pairs = one
                .iter()
                .zip(other)
                .skip_while(|(one, other)| one == other);
            let problem = match pairs.next() {
                None => "overlap",
                Some((Element::Attribute(_), Element::Index(_)))
                | Some((Element::Index(_), Element::Attribute(_))) => "conflict",
                Some(_) => continue,
            };
            return Err(format!(
                "Two document paths {problem} with each other; must remove or rewrite one of these \
                 paths; path one: {one:?}, path two: {other:?}"
            ));
        }
    }
    Ok(())
}

fn too_many_operators() -> String {
    format!("The expression contains too many operators; maximum number of operators: {OPERATORS}")
}
