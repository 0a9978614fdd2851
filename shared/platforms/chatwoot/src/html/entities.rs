/// Replaces character references. A malformed or unknown one stays as it is.
pub(super) fn decode_entities(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut parts = text.split('&');
    decoded.push_str(parts.next().unwrap_or_default());
    for part in parts {
        match part.split_once(';') {
            Some((name, rest)) if let Some(character) = decode_entity(name) => {
                decoded.push(character);
                decoded.push_str(rest);
            }
            _ => {
                decoded.push('&');
                decoded.push_str(part);
            }
        }
    }
    decoded
}

fn decode_entity(name: &str) -> Option<char> {
    let code = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        },
        None => {
            return Some(match name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                "nbsp" => '\u{A0}',
                "hellip" => '…',
                "ndash" => '–',
                "mdash" => '—',
                "lsquo" => '‘',
                "rsquo" => '’',
                "ldquo" => '“',
                "rdquo" => '”',
                "copy" => '©',
                "reg" => '®',
                "trade" => '™',
                "euro" => '€',
                _ => return None,
            });
        }
    };
    char::from_u32(code).filter(|character| *character != '\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn character_references_are_decoded() {
        for (text, decoded) in [
            ("a &lt;b&gt; &amp;amp;", "a <b> &amp;"),
            ("&#8364; &#x1F600; &nbsp;", "€ 😀 \u{A0}"),
            (
                "&bogus; &#0; &#x110000; &#-1; & &; &amp",
                "&bogus; &#0; &#x110000; &#-1; & &; &amp",
            ),
        ] {
            assert_eq!(decode_entities(text), decoded);
        }
    }
}
