use crate::invalid_value::InvalidValue;
use crate::timestamp::Timestamp;

const DAY_SECONDS: i64 = 24 * 60 * 60;

const LONGEST_DAYS: i64 = 365;

/// How long a visitor's cooldown is: after a rating request, no agent may ask the visitor again in
/// any conversation. It is off, or a number of days of 24 hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VisitorAskInterval {
    days: Option<i64>,
}

impl VisitorAskInterval {
    /// Reads a number of days; 0 turns the interval off.
    ///
    /// # Errors
    /// If `text` is not a whole number from 0 to 365.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        match text.parse() {
            Ok(0) => Ok(Self { days: None }),
            Ok(days) if (1..=LONGEST_DAYS).contains(&days) => Ok(Self { days: Some(days) }),
            _ => Err(InvalidValue::new("must be a whole number from 0 to 365")),
        }
    }

    /// Whether any visitor may be asked at any time.
    pub fn is_off(self) -> bool {
        self.days.is_none()
    }

    /// When a visitor who is asked at `now` may be asked again, in epoch seconds.
    pub fn ends_at(self, now: Timestamp) -> i64 {
        now.epoch_seconds() + self.days.unwrap_or(0) * DAY_SECONDS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_24_hours_of_whole_seconds() {
        let now = Timestamp::parse("2026-03-28T12:00:00.999Z").unwrap();
        let ends_at = VisitorAskInterval::parse("30").unwrap().ends_at(now);
        let ends_at = Timestamp::from_epoch_seconds(ends_at).unwrap();
        assert_eq!(ends_at.to_string(), "2026-04-27T12:00:00.000Z");
    }

    #[test]
    fn zero_days_turns_the_interval_off() {
        let interval = VisitorAskInterval::parse("0").unwrap();
        assert!(interval.is_off());
        assert_eq!(interval, VisitorAskInterval::default());
    }

    #[test]
    fn an_interval_that_is_not_a_whole_number_of_days_is_refused() {
        for text in ["", "-1", "0.5", "366", "a month"] {
            assert!(VisitorAskInterval::parse(text).is_err(), "{text:?}");
        }
    }
}
