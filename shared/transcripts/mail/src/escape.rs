//! Escapes text for HTML.

use std::fmt;

use crate::search::{each, find, mark_equal};

/// Writes `text` to an element or to an attribute in quotation marks. The escapes are those of askama's templates, whose
/// own function needs several times as long.
pub(crate) fn write_escaped(to: &mut dyn fmt::Write, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some((plain, escape, after)) = split_at_special(rest) {
        to.write_str(plain)?;
        to.write_str(escape)?;
        rest = after;
    }
    to.write_str(rest)
}

/// Returns the text before the first character that must be escaped, its escape, and the text after it.
fn split_at_special(text: &str) -> Option<(&str, &'static str, &str)> {
    let bytes = text.as_bytes();
    let place = find(bytes, |word| {
        let quotes = mark_equal(word, b'"');
        // The codes of these two characters differ in the lowest bit.
        let others = mark_equal(word | each(b'&' ^ b'\''), b'\'');
        let brackets = mark_equal(word | each(b'<' ^ b'>'), b'>');
        quotes | others | brackets
    })?;
    let escape = match bytes.get(place)? {
        b'"' => "&#34;",
        b'&' => "&#38;",
        b'\'' => "&#39;",
        b'<' => "&#60;",
        _ => "&#62;",
    };
    Some((text.get(..place)?, escape, text.get(place + 1..)?))
}

#[cfg(test)]
mod tests {
    use askama::filters::{Escaper, Html};

    use super::*;
    use crate::test_texts::for_each_text_of;

    fn assert_same_as_askama(text: &str) {
        let (mut ours, mut theirs) = (String::new(), String::new());
        write_escaped(&mut ours, text).unwrap();
        Html.write_escaped_str(&mut theirs, text).unwrap();
        assert_eq!(ours, theirs);
    }

    #[test]
    fn each_character_is_escaped_as_by_askama() {
        for character in char::MIN..=char::MAX {
            assert_same_as_askama(character.encode_utf8(&mut [0; 4]));
        }
    }

    #[test]
    fn each_text_is_escaped_as_by_askama() {
        let parts = [
            "\"", "&", "'<", ">", "=", "%", "a", "é", "こ", "\n😀", "seven b",
        ];
        for_each_text_of(&parts, 4, assert_same_as_askama);
    }
}
