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

/// Fills `text` as [`fill`] does. If the result contains letters that read from right to left, each
/// value is isolated, so that it does not affect the order of the other words.
pub fn fill_isolated(text: &str, values: &[(&str, &str)]) -> String {
    let filled = fill(text, values);
    if !has_right_to_left(&filled) {
        return filled;
    }
    let isolated: Vec<_> = values
        .iter()
        .map(|(name, value)| (*name, format!("{ISOLATE}{value}{END_OF_ISOLATE}")))
        .collect();
    let isolated: Vec<_> = isolated
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    fill(text, &isolated)
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
}
