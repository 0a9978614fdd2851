//! Readers of JSON values by the rules of their types.

use domain::InvalidValue;
use serde_json::Value;

/// Reads a JSON string by a rule for text.
pub fn text<T>(
    parse: impl FnOnce(&str) -> Result<T, InvalidValue>,
) -> impl FnOnce(&Value) -> Result<T, InvalidValue> {
    |value| {
        value
            .as_str()
            .ok_or_else(|| InvalidValue::new("must be a string"))
            .and_then(parse)
    }
}

/// Reads a JSON `true` or `false`.
///
/// # Errors
/// If `value` is neither.
pub fn flag(value: &Value) -> Result<bool, InvalidValue> {
    value
        .as_bool()
        .ok_or_else(|| InvalidValue::new("must be true or false"))
}

/// Reads a JSON number that is whole, not negative and less than 2^53. `5` and `5.0` are both
/// accepted, because they are equal in JSON Schema and JavaScript.
///
/// # Errors
/// If `value` is not such a number.
pub fn whole_number(value: &Value) -> Result<u64, InvalidValue> {
    value
        .as_f64()
        .and_then(exact)
        .ok_or_else(|| InvalidValue::new("must be a whole number less than 2^53"))
}

/// `number` if it is whole, not negative and less than 2^53. Up to there each whole number is
/// exact.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is whole and in range"
)]
fn exact(number: f64) -> Option<u64> {
    const GREATEST: f64 = 9_007_199_254_740_991.0;
    (number.fract() == 0.0 && (0.0..=GREATEST).contains(&number)).then_some(number as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_may_be_written_with_a_decimal_point() {
        for (text, number) in [("5", 5), ("5.0", 5), ("5e0", 5), ("0.0", 0), ("1e3", 1_000)] {
            let value = serde_json::from_str(text).unwrap();
            assert_eq!(whole_number(&value).unwrap(), number, "{text}");
        }
        let greatest = Value::from(9_007_199_254_740_991_u64);
        assert_eq!(whole_number(&greatest).unwrap(), 9_007_199_254_740_991);
    }

    #[test]
    fn other_values_than_whole_numbers_are_refused() {
        for text in [
            "5.5",
            "-1",
            "-1.0",
            "1e300",
            "9007199254740992",
            "9007199254740993",
            "true",
            "null",
            "\"5\"",
            "[5]",
        ] {
            let value = serde_json::from_str(text).unwrap();
            assert!(whole_number(&value).is_err(), "{text}");
        }
    }
}
