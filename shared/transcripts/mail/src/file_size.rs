//! File sizes in words.

use crate::language::MailLanguage;

/// Formats `bytes` in the largest unit of which there is at least one, with at least two digits: `1
/// byte`, `1.5 kB`, `250 MB`.
pub(crate) fn file_size(bytes: u64, language: &MailLanguage) -> String {
    let mut unit_bytes: u128 = 1;
    for unit in language.texts().byte_units {
        unit_bytes *= 1_000;
        if bytes < 1_000 {
            break;
        }
        if let Some(number) = in_unit(u128::from(bytes), unit_bytes, language) {
            return format!("{number} {unit}");
        }
    }
    let number = language.formats().number(bytes);
    language.fill_plural(&language.texts().bytes, bytes, &[("count", &number)])
}

/// Formats `bytes` in a unit of `unit_bytes`, or returns `None` if they round to 1,000 or more of it.
fn in_unit(bytes: u128, unit_bytes: u128, language: &MailLanguage) -> Option<String> {
    let rounded = |numerator: u128| u64::try_from((numerator + unit_bytes / 2) / unit_bytes).ok();
    match (rounded(bytes * 10)?, rounded(bytes)?) {
        (tenths @ 0..100, _) => Some(language.formats().tenths(tenths)),
        (_, whole @ 0..1_000) => Some(language.formats().number(whole)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use texts::VisitorLanguage;

    use super::*;

    #[test]
    fn a_size_has_the_largest_suitable_unit() {
        let sizes = [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1.0 kB"),
            (1_549, "1.5 kB"),
            (9_949, "9.9 kB"),
            (9_950, "10 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (25_000_000, "25 MB"),
            (u64::MAX, "18 EB"),
        ];
        let english = MailLanguage::choose([], VisitorLanguage::English).unwrap();
        for (bytes, text) in sizes {
            assert_eq!(file_size(bytes, &english), text);
        }
    }
}
