//! The tokens of an expression.

/// A token of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A keyword, a function or an attribute without a placeholder.
    Word(&'a str),
    /// A name placeholder, including its `#`.
    Name(&'a str),
    /// A value placeholder, including its `:`.
    Value(&'a str),
    /// The index of a list element.
    Number(&'a str),
    /// A comparison operator, `+` or `-`.
    Operator(&'a str),
    /// A parenthesis, a bracket, a comma or a dot.
    Symbol(char),
}

/// Splits `text` into tokens.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '#' | ':' => {
                let length = 1 + word(rest.get(1..).unwrap_or_default());
                let placeholder = rest.get(..length).unwrap_or_default();
                if length == 1 {
                    return Err(syntax_error(rest));
                }
                let token = if first == '#' {
                    Token::Name(placeholder)
                } else {
                    Token::Value(placeholder)
                };
                (token, length)
            }
            'a'..='z' | 'A'..='Z' => {
                let length = word(rest);
                (Token::Word(rest.get(..length).unwrap_or_default()), length)
            }
            '0'..='9' => {
                let length = rest.bytes().take_while(u8::is_ascii_digit).count();
                (
                    Token::Number(rest.get(..length).unwrap_or_default()),
                    length,
                )
            }
            '(' | ')' | '[' | ']' | ',' | '.' => (Token::Symbol(first), 1),
            '<' | '>' | '=' | '+' | '-' => {
                let pair = rest
                    .get(..2)
                    .filter(|pair| ["<>", "<=", ">="].contains(pair));
                let length = pair.map_or(1, str::len);
                (
                    Token::Operator(rest.get(..length).unwrap_or_default()),
                    length,
                )
            }
            _ => return Err(syntax_error(rest)),
        };
        tokens.push(token);
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(tokens)
}

/// The length of the word at the start of `text`.
fn word(text: &str) -> usize {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    text.bytes().take_while(is_part).count()
}

fn syntax_error(near: &str) -> String {
    let near: String = near.chars().take(20).collect();
    format!("Syntax error; near: \"{near}\"")
}
