//! Finds the role of each token: keyword, function or attribute.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::aws::dynamodb_rules::kind::Kind;
use crate::aws::dynamodb_rules::token::Token;

/// The words that need a placeholder if they are used as an attribute name. The list is AWS's page
/// "Reserved words in DynamoDB".
static RESERVED: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("reserved_words.txt").lines().collect());

/// The role of a token in its expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Keyword,
    Function,
    Attribute,
    Other,
}

/// The tokens with their roles.
pub(super) fn with_roles<'a>(
    kind: Kind,
    tokens: &[Token<'a>],
) -> Result<Vec<(Token<'a>, Role)>, String> {
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
