//! The format of figures in tables.

/// A figure with about three significant digits.
pub(crate) fn readable(figure: f64) -> String {
    let size = figure.abs();
    if figure.fract() == 0.0 || size >= 1_000.0 {
        grouped(figure)
    } else if size >= 100.0 {
        format!("{figure:.0}")
    } else if size >= 10.0 {
        format!("{figure:.1}")
    } else if size >= 0.1 {
        format!("{figure:.2}")
    } else {
        format!("{figure:.4}")
    }
}

/// A whole number with thousands separators.
fn grouped(figure: f64) -> String {
    let digits = format!("{:.0}", figure.abs());
    let mut text = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if figure < 0.0 {
        format!("-{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_about_three_significant_digits() {
        for (figure, text) in [
            (0.0, "0"),
            (0.01234, "0.0123"),
            (0.5, "0.50"),
            (4.321, "4.32"),
            (43.21, "43.2"),
            (432.1, "432"),
            (4321.5, "4,322"),
            (1_234_567.0, "1,234,567"),
            (-1_000.0, "-1,000"),
        ] {
            assert_eq!(readable(figure), text);
        }
    }
}
