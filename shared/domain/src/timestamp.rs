use std::fmt;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::invalid_value::InvalidValue;

/// A moment in UTC, whole milliseconds, in the years 1970 to 9999.
///
/// Its text is RFC 3339 with exactly three decimals and `Z`, so moments sort as their texts do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// The first moment in range, 1970-01-01T00:00:00.000Z.
    pub const EPOCH: Self = Self(jiff::Timestamp::UNIX_EPOCH);

    /// Reads RFC 3339 with any offset. Fractions of a millisecond are cut off.
    ///
    /// # Errors
    /// If `text` is not RFC 3339, is not a real moment or is outside the years 1970 to 9999.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        has_rfc_3339_shape(text)
            .then(|| text.parse::<jiff::Timestamp>().ok())
            .flatten()
            // Cutting off rounds towards 1970, so remove earlier moments first.
            .filter(|moment| *moment >= jiff::Timestamp::UNIX_EPOCH)
            .and_then(|moment| Self::from_epoch_milliseconds(moment.as_millisecond()))
            .ok_or_else(|| {
                InvalidValue::new(
                    "must be a time in RFC 3339 with an offset, such as 2026-01-31T09:30:00.000Z, in the years 1970 to 9999",
                )
            })
    }

    /// The moment `milliseconds` after 1970-01-01T00:00:00Z, if it is in range.
    pub fn from_epoch_milliseconds(milliseconds: i64) -> Option<Self> {
        jiff::Timestamp::from_millisecond(milliseconds)
            .ok()
            .map(Self)
            .filter(|moment| *moment >= Self::EPOCH)
    }

    /// The moment `seconds` after 1970-01-01T00:00:00Z, if it is in range.
    pub fn from_epoch_seconds(seconds: i64) -> Option<Self> {
        Self::from_epoch_milliseconds(seconds.checked_mul(1000)?)
    }

    /// The number of milliseconds since 1970-01-01T00:00:00Z.
    pub fn epoch_milliseconds(self) -> i64 {
        self.0.as_millisecond()
    }

    /// The number of whole seconds since 1970-01-01T00:00:00Z, rounded down.
    pub fn epoch_seconds(self) -> i64 {
        self.0.as_millisecond().div_euclid(1000)
    }

    /// This moment plus `seconds`, or the last moment in range if the sum is beyond it.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        self.0
            .saturating_add(SignedDuration::from_secs(seconds))
            .map_or(self, Self)
    }

    /// Seconds from this moment to `later`, rounded up; 0 if `later` has passed.
    pub fn seconds_until(self, later: Self) -> u64 {
        let milliseconds = later.epoch_milliseconds() - self.epoch_milliseconds();
        u64::try_from(milliseconds).unwrap_or(0).div_ceil(1000)
    }

    /// The moment as a value of the date-time library, for calendars and time zones.
    pub fn to_jiff(self) -> jiff::Timestamp {
        self.0
    }
}

/// Whether `text` has the format of RFC 3339. The date-time library also accepts other formats
/// (spaces, no seconds, zone names, offsets of more than a day).
fn has_rfc_3339_shape(text: &str) -> bool {
    let Some((date_time, rest)) = text.as_bytes().split_at_checked(19) else {
        return false;
    };
    let matches_shape = |bytes: &[u8], shape: &[u8]| {
        bytes.len() == shape.len()
            && bytes.iter().zip(shape).all(|(byte, wanted)| match wanted {
                b'0' => byte.is_ascii_digit(),
                _ => byte.eq_ignore_ascii_case(wanted),
            })
    };
    let offset = match rest.split_first() {
        Some((b'.', decimals)) => {
            let digits = decimals
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            if !(1..=9).contains(&digits) {
                return false;
            }
            decimals.split_at(digits).1
        }
        _ => rest,
    };
    let is_within_a_day = offset
        .get(1..3)
        .is_none_or(|hours| hours < b"24".as_slice());
    matches_shape(date_time, b"0000-00-00T00:00:00")
        && is_within_a_day
        && (matches_shape(offset, b"Z")
            || matches_shape(offset, b"+00:00")
            || matches_shape(offset, b"-00:00"))
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0)
    }
}

impl TryFrom<String> for Timestamp {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Timestamp> for String {
    fn from(moment: Timestamp) -> Self {
        moment.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        Timestamp::parse(text).unwrap().to_string()
    }

    #[test]
    fn a_moment_is_shown_in_utc_with_three_decimals() {
        assert_eq!(
            shown("2026-03-29T03:30:00+02:00"),
            "2026-03-29T01:30:00.000Z"
        );
        assert_eq!(
            shown("2026-03-29T01:30:00.123987Z"),
            "2026-03-29T01:30:00.123Z"
        );
        assert_eq!(shown("1970-01-01t00:00:00z"), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn a_text_that_is_not_rfc_3339_is_refused() {
        for text in [
            "",
            "2026-03-29",
            "2026-03-29T01:30:00",
            "2026-03-29 01:30:00Z",
            "2026-03-29T01:30Z",
            "2026-03-29T01:30:00.Z",
            "2026-03-29T01:30:00+0200",
            "2026-03-29T01:30:00+24:00",
            "2026-02-30T00:00:00Z",
            "2026-03-29T25:00:00Z",
            "1969-12-31T23:59:59.999Z",
            "1969-12-31T23:59:59.9999Z",
            "10000-01-01T00:00:00Z",
            "+010000-01-01T00:00:00Z",
            "2026-03-29T01:30:00Z[UTC]",
        ] {
            assert!(Timestamp::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn seconds_until_a_moment_are_rounded_up() {
        let now = Timestamp::parse("2026-01-01T00:00:00.001Z").unwrap();
        let later = Timestamp::parse("2026-01-01T00:00:02.000Z").unwrap();
        assert_eq!(now.seconds_until(later), 2);
        assert_eq!(later.seconds_until(now), 0);
    }
}
