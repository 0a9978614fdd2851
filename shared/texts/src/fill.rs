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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_placeholder_stays() {
        assert_eq!(fill("{x} {a}{", &[("a", "1")]), "{x} 1{");
    }
}
