//! File sizes in words.

/// The units from 1,000 bytes on. Each is 1,000 times the one before.
const UNITS: [(&str, u128); 6] = [
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("PB", 1_000_000_000_000_000),
    ("EB", 1_000_000_000_000_000_000),
];

/// Formats `bytes` in the largest unit of which there is at least one: `1 byte`, `1.5 kB`, `250 MB`.
/// From 1 kB on, with two digits or more.
pub(crate) fn file_size(bytes: u64) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        0..1_000 => format!("{bytes} bytes"),
        _ => UNITS
            .iter()
            .find_map(|&(unit, size)| in_unit(u128::from(bytes), unit, size))
            .unwrap_or_else(|| format!("{bytes} bytes")),
    }
}

/// Formats `bytes` in `unit`, or returns `None` if they round to 1,000 or more of it.
fn in_unit(bytes: u128, unit: &str, size: u128) -> Option<String> {
    let rounded = |numerator: u128| (numerator + size / 2) / size;
    match (rounded(bytes * 10), rounded(bytes)) {
        (tenths @ 0..100, _) => Some(format!("{}.{} {unit}", tenths / 10, tenths % 10)),
        (_, whole @ 0..1_000) => Some(format!("{whole} {unit}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
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
        for (bytes, text) in sizes {
            assert_eq!(file_size(bytes), text);
        }
    }
}
