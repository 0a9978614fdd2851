use serde::{Deserialize, Serialize};

use crate::invalid_value::InvalidValue;
use crate::text::text_value;

/// The most characters of a tag.
const LONGEST: usize = 64;

/// A well-formed BCP 47 language tag, such as `pt-BR`.
///
/// It follows the rules of Unicode locale identifiers (UTS #35), so JavaScript's `Intl` accepts it.
/// It begins with a language of 2 or 3 letters, has no extended language subtag, and repeats
/// neither a variant nor an extension. Whether the language exists is not checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

text_value!(Language);

impl Language {
    /// Reads a language tag.
    ///
    /// # Errors
    /// If `text` is not a well-formed tag of at most 64 characters.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        match Self::closest(text) {
            Some(tag) if tag.as_str() == text => Ok(tag),
            _ => Err(InvalidValue::new(
                "must be a BCP 47 language tag, such as en or pt-BR",
            )),
        }
    }

    /// The well-formed tag that a malformed one most likely means. For example, it is `en-US` for
    /// the locales `en_US`, `en-US@posix` and `en_US.UTF-8` and for the header `en-US,en;q=0.9`,
    /// and `pt-BR` for `pt-BR-BR`.
    ///
    /// `None` if `text` does not begin with a language.
    pub fn closest(text: &str) -> Option<Self> {
        let tag = text.trim().split(['@', '.', ',', ';']).next()?.trim_end();
        let tag: String = tag.chars().take(LONGEST + 1).collect();
        let is_tag_character =
            |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
        if !tag.chars().all(is_tag_character) {
            return None;
        }
        let subtags: Vec<_> = tag.split(['-', '_']).collect();
        let mut well_formed = subtags.get(..count_well_formed(&subtags))?.join("-");
        while well_formed.len() > LONGEST {
            well_formed.truncate(well_formed.rfind('-')?);
        }
        (!well_formed.is_empty()).then_some(Self(well_formed))
    }
}

/// How many of the first `subtags` make a well-formed tag.
fn count_well_formed(subtags: &[&str]) -> usize {
    let is_alphabetic = |subtag: &&str| subtag.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_language = |subtag: &&str| matches!(subtag.len(), 2 | 3) && is_alphabetic(subtag);
    let is_script = |subtag: &&str| subtag.len() == 4 && is_alphabetic(subtag);
    let is_region = |subtag: &&str| {
        subtag.len() == 2 && is_alphabetic(subtag)
            || subtag.len() == 3 && subtag.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_variant = |subtag: &&str| {
        matches!(subtag.len(), 5..=8)
            || subtag.len() == 4 && subtag.starts_with(|first: char| first.is_ascii_digit())
    };

    let mut rest = subtags.iter().copied().peekable();
    if rest.next_if(is_language).is_none() {
        return 0;
    }
    let mut count = 1;
    count += usize::from(rest.next_if(is_script).is_some());
    count += usize::from(rest.next_if(is_region).is_some());
    let mut seen: Vec<String> = Vec::new();
    let mut is_new = |subtag: &str| {
        let subtag = subtag.to_ascii_lowercase();
        let is_new = !seen.contains(&subtag);
        seen.push(subtag);
        is_new
    };
    while rest
        .next_if(|subtag| is_variant(subtag) && is_new(subtag))
        .is_some()
    {
        count += 1;
    }
    while let Some(singleton) = rest.next_if(|subtag| subtag.len() == 1 && is_new(subtag)) {
        let is_private = singleton.eq_ignore_ascii_case("x");
        let shortest = if is_private { 1 } else { 2 };
        let mut length = 0;
        while rest
            .next_if(|subtag| (shortest..=8).contains(&subtag.len()))
            .is_some()
        {
            length += 1;
        }
        if length == 0 {
            break;
        }
        count += 1 + length;
        if is_private {
            break;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closest(text: &str) -> Option<String> {
        Language::closest(text).map(String::from)
    }

    #[test]
    fn a_well_formed_tag_is_accepted_unchanged() {
        for text in [
            "en",
            "pt-BR",
            "pt-br",
            "fil",
            "zh-Hant-TW",
            "es-419",
            "de-1996",
            "sl-rozaj-biske",
            "de-DE-u-co-phonebk",
            "en-t-de-u-ca-gregory",
            "en-x-a-b",
        ] {
            assert_eq!(Language::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn a_malformed_tag_is_refused() {
        let long = format!("en-x-{}", ["abcdefgh"; 7].join("-"));
        for text in [
            "",
            "e",
            "x-private",
            "C",
            "POSIX",
            "english",
            "Latn",
            "en_US",
            "en-US@posix",
            "en-US.UTF-8",
            "pt-BR-BR",
            "zh-cmn-Hans",
            "en-",
            "-en",
            "en--US",
            "en-a",
            "en-u-ca-u-nu",
            "de-1996-1996",
            "en-toolongsubtag",
            " en",
            "en US",
            "日本",
            &long,
        ] {
            assert!(Language::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_malformed_tag_has_a_closest_one() {
        for (text, tag) in [
            ("en_US", "en-US"),
            ("zh_Hant_TW", "zh-Hant-TW"),
            ("en-US@posix", "en-US"),
            ("en_US.UTF-8", "en-US"),
            ("de_DE@euro", "de-DE"),
            ("en-US,en;q=0.9", "en-US"),
            (" en-GB ", "en-GB"),
            ("pt-BR-BR", "pt-BR"),
            ("zh-cmn-Hans", "zh"),
            ("en-", "en"),
            ("en-toolongsubtag", "en"),
            ("de-1996-1996", "de-1996"),
            ("en-u-ca-u-nu", "en-u-ca"),
        ] {
            assert_eq!(closest(text).as_deref(), Some(tag), "{text:?}");
        }
    }

    #[test]
    fn a_text_that_does_not_begin_with_a_language_has_no_closest_tag() {
        for text in [
            "", " ", "C", "POSIX", "english", "english!", "en US", "_US", "*", "日本", "null\0",
        ] {
            assert_eq!(closest(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_long_tag_is_truncated_between_subtags() {
        let long = format!("en-x-{}", ["abcdefgh"; 20].join("-"));
        let tag = closest(&long).unwrap();
        assert_eq!(tag, format!("en-x-{}", ["abcdefgh"; 6].join("-")));
        assert!(Language::parse(&tag).is_ok());
    }
}
