use crate::direction::has_right_to_left;

const ISOLATE: char = '\u{2068}';
const END_OF_ISOLATE: char = '\u{2069}';

/// Replaces each placeholder in `text`. `{agent}` becomes the value of `agent`. Text that a value
/// contains is not replaced again.
///
/// ```
/// assert_eq!(texts::fill("{a} and {b}", &[("a", "{b}"), ("b", "2")]), "{b} and 2");
/// ```
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let placeholder = after.split_once('}').and_then(|(name, after)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((value, after))
        });
        if let Some((value, after)) = placeholder {
            filled.push_str(value);
            rest = after;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled + rest
}

/// Fills `text` as [`fill`] does, but no value affects the order of the words around it: characters
/// that change the direction of the text after them are removed from the values. If the result
/// contains letters that read from right to left, each value is isolated.
pub fn fill_isolated(text: &str, values: &[(&str, &str)]) -> String {
    let plain = change_values(values, |value| value.replace(changes_direction, ""));
    let filled = fill(text, &borrow(&plain));
    if !has_right_to_left(&filled) {
        return filled;
    }
    let isolated = change_values(&borrow(&plain), isolate);
    fill(text, &borrow(&isolated))
}

/// Encloses `text` in an isolate, so that it does not affect the order of the words around it.
fn isolate(text: &str) -> String {
    format!("{ISOLATE}{text}{END_OF_ISOLATE}")
}

fn change_values<'a>(
    values: &[(&'a str, &str)],
    change: impl Fn(&str) -> String,
) -> Vec<(&'a str, String)> {
    values
        .iter()
        .map(|(name, value)| (*name, change(value)))
        .collect()
}

fn borrow<'a>(values: &'a [(&str, String)]) -> Vec<(&'a str, &'a str)> {
    values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

/// Whether a character embeds, overrides or isolates the text after it, or ends that.
fn changes_direction(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_placeholder_stays() {
        assert_eq!(fill("{x} {a}{", &[("a", "1")]), "{x} 1{");
    }

    #[test]
    fn a_value_is_isolated_if_anything_reads_from_right_to_left() {
        let fill = |text, name| fill_isolated(text, &[("agent", name)]);
        assert_eq!(fill("With {agent}?", "Kim"), "With Kim?");
        assert_eq!(fill("With {agent}?", "ليلى"), "With \u{2068}ليلى\u{2069}?");
        assert_eq!(fill("مع {agent}؟", "Kim"), "مع \u{2068}Kim\u{2069}؟");
    }

    #[test]
    fn a_value_cannot_change_the_direction_of_the_text_after_it() {
        let fill = |name| fill_isolated("With {agent}?", &[("agent", name)]);
        assert_eq!(fill("\u{202E}fdp.exe\u{2067}"), "With fdp.exe?");
        assert_eq!(fill("\u{2069}\u{2069}ليلى"), "With \u{2068}ليلى\u{2069}?");
        assert_eq!(fill("ليلى\u{2067}"), "With \u{2068}ليلى\u{2069}?");
    }
}
