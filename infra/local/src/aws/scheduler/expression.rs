//! One-time schedule expressions: `at(yyyy-mm-ddThh:mm:ss)`.

use domain::{TimeZoneName, Timestamp};
use jiff::civil::DateTime;

/// The format of the time in an expression. Each `0` is any digit.
const SHAPE: &[u8] = b"0000-00-00T00:00:00";

/// The moment of a one-time expression in `zone`. Returns `None` if the expression is invalid.
///
/// AWS refuses a zone offset and fractions of a second
/// (`tests/aws/services/scheduler/test_scheduler.snapshot.json` of LocalStack, which was recorded
/// from AWS).
pub(super) fn moment(expression: &str, zone: &TimeZoneName) -> Option<Timestamp> {
    let time = expression.strip_prefix("at(")?.strip_suffix(')')?;
    let local = civil(time)?;
    // A time that daylight saving time skips is moved by the skipped hour.
    let zoned = local.to_zoned(zone.to_time_zone()).ok()?;
    Timestamp::from_epoch_milliseconds(zoned.timestamp().as_millisecond())
}

fn civil(time: &str) -> Option<DateTime> {
    let has_shape = time.len() == SHAPE.len()
        && time.bytes().zip(SHAPE).all(|(byte, wanted)| match wanted {
            b'0' => byte.is_ascii_digit(),
            _ => byte == *wanted,
        });
    if !has_shape {
        return None;
    }
    let mut numbers = time.split(['-', 'T', ':']).map(str::parse::<i16>);
    let year = numbers.next()?.ok()?;
    let mut next = || i8::try_from(numbers.next()?.ok()?).ok();
    DateTime::new(year, next()?, next()?, next()?, next()?, next()?, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(expression: &str, zone: &str) -> Option<String> {
        let moment = moment(expression, &TimeZoneName::parse(zone).unwrap());
        moment.map(|moment| moment.to_string())
    }

    #[test]
    fn a_time_is_read_in_its_time_zone() {
        for (zone, expected) in [
            ("UTC", "2026-07-01T09:30:00.000Z"),
            ("Europe/Lisbon", "2026-07-01T08:30:00.000Z"),
            ("Asia/Tokyo", "2026-07-01T00:30:00.000Z"),
        ] {
            let moment = parsed("at(2026-07-01T09:30:00)", zone);
            assert_eq!(moment.as_deref(), Some(expected), "{zone}");
        }
    }

    #[test]
    fn an_invalid_expression_is_refused() {
        for expression in [
            "",
            "2026-07-01T09:30:00",
            "at()",
            "at(2026-07-01)",
            "at(2026-07-01T09:30)",
            "at(2026-07-01 09:30:00)",
            "at(2026-07-01T09:30:00Z)",
            "at(2026-07-01T09:30:00.000)",
            "at(2026-07-01T09:30:00+01:00)",
            " at(2026-07-01T09:30:00)",
            "at( 2026-07-01T09:30:00)",
            "At(2026-07-01T09:30:00)",
            "at(2026-02-30T09:30:00)",
            "at(2026-07-01T24:00:00)",
            "at(2026-07-01T09:30:60)",
            "rate(1 hour)",
            "cron(0 9 * * ? *)",
        ] {
            assert_eq!(parsed(expression, "UTC"), None, "{expression}");
        }
    }
}
