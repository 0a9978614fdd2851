use crate::invalid_value::InvalidValue;
use crate::timestamp::Timestamp;

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// The longest retention: a hundred years, which does not overflow any time value.
const LONGEST_DAYS: i64 = 36_500;

/// How long the items of a conversation are kept after their last write: for ever, or a number of
/// days of 24 hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    days: Option<i64>,
}

impl Retention {
    /// Reads a number of days; 0 means for ever.
    ///
    /// # Errors
    /// If `text` is not a whole number from 0 to 36,500.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        match text.parse() {
            Ok(0) => Ok(Self { days: None }),
            Ok(days) if (1..=LONGEST_DAYS).contains(&days) => Ok(Self { days: Some(days) }),
            _ => Err(InvalidValue::new("must be a whole number from 0 to 36500")),
        }
    }

    /// Whether items are kept for ever, so that they never expire.
    pub fn is_for_ever(self) -> bool {
        self.days.is_none()
    }

    /// When an item that is written at `now` expires, in epoch seconds. `None` means never.
    pub fn expires_at(self, now: Timestamp) -> Option<i64> {
        self.days
            .map(|days| now.epoch_seconds() + days * DAY_SECONDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_24_hours_of_whole_seconds() {
        let now = Timestamp::parse("2026-03-28T12:00:00.999Z").unwrap();
        let expires_at = Retention::parse("2").unwrap().expires_at(now).unwrap();
        let expires_at = Timestamp::from_epoch_seconds(expires_at).unwrap();
        assert_eq!(expires_at.to_string(), "2026-03-30T12:00:00.000Z");
    }

    #[test]
    fn zero_days_means_that_items_never_expire() {
        let retention = Retention::parse("0").unwrap();
        assert_eq!(retention.expires_at(Timestamp::EPOCH), None);
        assert_eq!(retention, Retention::default());
    }

    #[test]
    fn a_retention_that_is_not_a_whole_number_of_days_is_refused() {
        for text in ["", "-1", "1.5", "36501", "a year", "99999999999999999999"] {
            assert!(Retention::parse(text).is_err(), "{text:?}");
        }
    }
}
