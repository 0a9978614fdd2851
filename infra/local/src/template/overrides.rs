//! Parses values for the template's parameters from a command line.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::{Chars, FromStr};

/// Parameter values in the format of `sam deploy --parameter-overrides`: `Key=Value` or
/// `ParameterKey=Key,ParameterValue=Value`, separated by spaces. A value with spaces is quoted, as
/// in `Key="A value"`, or has a backslash before each space.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParameterOverrides(BTreeMap<String, String>);

/// The text is not in the format of [`ParameterOverrides`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParameterOverridesError(String);

impl IntoIterator for ParameterOverrides {
    type Item = (String, String);
    type IntoIter = std::collections::btree_map::IntoIter<String, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl FromStr for ParameterOverrides {
    type Err = ParameterOverridesError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut overrides = BTreeMap::new();
        let mut rest = text.chars().peekable();
        while let Some(word) = next_word(&mut rest)? {
            let (key, value) = key_and_value(&word)?;
            overrides.insert(key, value);
        }
        Ok(Self(overrides))
    }
}

/// Reads the next word, including its quotation marks and backslashes. A space ends the word unless
/// it is quoted or follows a backslash.
fn next_word(rest: &mut Peekable<Chars<'_>>) -> Result<Option<String>, ParameterOverridesError> {
    while rest.next_if(|next| next.is_whitespace()).is_some() {}
    let mut word = String::new();
    let mut quote = None;
    while let Some(next) = rest.next_if(|next| quote.is_some() || !next.is_whitespace()) {
        word.push(next);
        match (next, quote) {
            ('\\', _) => word.extend(rest.next()),
            (_, Some(open)) if next == open => quote = None,
            // A quotation mark inside a value is a normal character.
            ('"' | '\'', None) if opens_key_or_value(&word) => quote = Some(next),
            _ => {}
        }
    }
    if quote.is_some() {
        return Err(ParameterOverridesError(format!(
            "the quotation mark in {word} is not closed"
        )));
    }
    Ok((!word.is_empty()).then_some(word))
}

/// Whether the last character of `word` is the first character of a key or a value.
fn opens_key_or_value(word: &str) -> bool {
    let before = word.get(..word.len() - 1).unwrap_or_default();
    before.is_empty() || before.ends_with('=')
}

fn key_and_value(word: &str) -> Result<(String, String), ParameterOverridesError> {
    let pair = match word.strip_prefix("ParameterKey=") {
        Some(rest) => rest.split_once(",ParameterValue="),
        None => word.split_once('='),
    };
    let is_name = |key: &str| !key.is_empty() && key.bytes().all(|it| it.is_ascii_alphanumeric());
    match pair {
        Some((key, value)) if is_name(&unquoted(key)) => Ok((unquoted(key), unquoted(value))),
        _ => Err(ParameterOverridesError(format!(
            "{word} is neither Key=Value nor ParameterKey=Key,ParameterValue=Value. Quote a value \
             that has spaces, for the shell and once more: 'BrandName=\"Acme Chat\"'"
        ))),
    }
}

fn unquoted(text: &str) -> String {
    let inner = ['"', '\''].into_iter().find_map(|mark| {
        let inner = text.strip_prefix(mark)?.strip_suffix(mark)?;
        Some(inner)
    });
    let text = inner.unwrap_or(text);
    text.replace("\\ ", " ")
        .replace("\\\"", "\"")
        .replace("\\'", "'")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Vec<(String, String)> {
        let overrides: ParameterOverrides = text.parse().unwrap();
        overrides.into_iter().collect()
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn pairs_are_separated_by_spaces() {
        let days = pair("RetentionDays", "1");
        assert_eq!(parsed("RetentionDays=1"), std::slice::from_ref(&days));
        assert_eq!(
            parsed("  BrandName=Acme  RetentionDays=1 "),
            [pair("BrandName", "Acme"), days]
        );
        assert_eq!(parsed(""), []);
    }

    #[test]
    fn the_long_form_has_a_key_and_a_value() {
        assert_eq!(
            parsed("ParameterKey=A,ParameterValue=1 ParameterKey=B,ParameterValue=\"x y\""),
            [pair("A", "1"), pair("B", "x y")]
        );
        assert_eq!(
            parsed("AllowedOrigins=https://a.example,https://b.example"),
            [pair(
                "AllowedOrigins",
                "https://a.example,https://b.example"
            )]
        );
    }

    #[test]
    fn a_value_with_spaces_is_quoted() {
        for text in [
            "BrandName=\"Acme Chat\"",
            "BrandName='Acme Chat'",
            "BrandName=Acme\\ Chat",
            "'BrandName'=\"Acme Chat\"",
        ] {
            assert_eq!(parsed(text), [pair("BrandName", "Acme Chat")], "{text}");
        }
        let text = r#"A="say \"hi\" now" B=O'Neill C= D="" E=x=y"#;
        assert_eq!(
            parsed(text),
            [
                pair("A", "say \"hi\" now"),
                pair("B", "O'Neill"),
                pair("C", ""),
                pair("D", ""),
                pair("E", "x=y"),
            ]
        );
    }

    #[test]
    fn the_last_value_of_a_parameter_is_used() {
        assert_eq!(parsed("A=1 A=2"), [pair("A", "2")]);
    }

    #[test]
    fn text_that_is_not_a_pair_is_refused() {
        for text in [
            "RetentionDays",
            "=1",
            "Brand-Name=x",
            "BrandName=Acme Chat",
            "ParameterKey=A",
            "file://parameters.yaml",
            "A=\"x",
        ] {
            let problem = text.parse::<ParameterOverrides>().unwrap_err();
            assert!(!problem.to_string().is_empty(), "{text}");
        }
    }
}
