use domain::InvalidValue;
use serde::Serialize;

/// A text of one line that an organisation wrote: not blank, without control characters, and with
/// no placeholders except those of its [`TextRule`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SettingText(String);

/// What a text may contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextRule {
    /// The maximum number of characters.
    pub maximum: usize,
    /// The names of the placeholders that the text may contain.
    pub placeholders: &'static [&'static str],
}

impl TextRule {
    /// A text of at most `maximum` characters, without placeholders.
    pub const fn plain(maximum: usize) -> Self {
        Self {
            maximum,
            placeholders: &[],
        }
    }

    fn describe(self) -> String {
        let maximum = self.maximum;
        format!(
            "must be 1 to {maximum} characters on one line, not blank, without control characters"
        )
    }

    fn describe_placeholders(self) -> String {
        if self.placeholders.is_empty() {
            return "must not contain { or }".to_owned();
        }
        let known: Vec<_> = self
            .placeholders
            .iter()
            .map(|name| format!("{{{name}}}"))
            .collect();
        format!("must have no placeholders except {}", known.join(", "))
    }
}

impl SettingText {
    /// Reads a text.
    ///
    /// # Errors
    /// If `text` breaks `rule`.
    pub fn parse(text: &str, rule: TextRule) -> Result<Self, InvalidValue> {
        let length = text.chars().take(rule.maximum + 1).count();
        if length > rule.maximum || !text.contains(is_visible) || text.contains(is_hidden) {
            return Err(InvalidValue::new(rule.describe()));
        }
        let mut rest = text;
        while let Some(start) = rest.find(['{', '}']) {
            let placeholder = rest.get(start..).and_then(|rest| rest.strip_prefix('{'));
            let ended = placeholder.and_then(|placeholder| placeholder.split_once('}'));
            match ended {
                Some((name, after)) if rule.placeholders.contains(&name) => rest = after,
                _ => return Err(InvalidValue::new(rule.describe_placeholders())),
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a reader sees something of `character`. Of a text without such characters, nothing is seen.
fn is_visible(character: char) -> bool {
    let is_blank = character.is_whitespace()
        || matches!(
            character,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
                | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2065}'
                | '\u{206A}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}'
        );
    !is_blank && !is_hidden(character)
}

/// Whether `character` can begin a new line, or change the order in which a text is displayed.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: TextRule = TextRule {
        maximum: 20,
        placeholders: &["agent", "brand"],
    };

    #[test]
    fn a_text_may_have_known_placeholders_in_any_order() {
        for text in ["{agent}", "Hi {brand}{agent}", "Zażółć 😊", "ماذا"] {
            assert_eq!(SettingText::parse(text, RULE).unwrap().as_str(), text);
        }
    }

    #[test]
    fn an_unknown_or_broken_placeholder_is_refused_with_the_known_ones() {
        for text in [
            "{agnet}",
            "{Agent}",
            "{ agent }",
            "{",
            "}",
            "{{agent}}",
            "a} {agent",
            "{agent",
        ] {
            let error = SettingText::parse(text, RULE).unwrap_err().to_string();
            assert_eq!(
                error, "must have no placeholders except {agent}, {brand}",
                "{text}"
            );
        }
        let error = SettingText::parse("{agent}", TextRule::plain(20)).unwrap_err();
        assert_eq!(error.to_string(), "must not contain { or }");
    }

    #[test]
    fn a_text_has_one_line_and_nothing_hidden() {
        for text in [
            "",
            " ",
            "a\nb",
            "a\0",
            "a\u{2028}b",
            "\u{202E}a",
            "a\u{2066}",
            "\u{200B}\u{FEFF}",
            "\u{3164}",
            "\u{2800}",
            &"ü".repeat(21),
        ] {
            assert!(SettingText::parse(text, RULE).is_err(), "{text:?}");
        }
        assert!(SettingText::parse(&"ü".repeat(20), RULE).is_ok());
    }
}
