use std::fmt;

use domain::{RatingRequestId, ReportDay, Timestamp};

/// The position where a page ended. The newest day comes first. Within a day, the rating with the
/// latest first answer comes first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PagePosition {
    /// The day on which the rating was requested.
    pub(super) day: ReportDay,
    /// The rating within the day. `None` is the position after all of them.
    pub(super) within: Option<(Timestamp, RatingRequestId)>,
}

impl PagePosition {
    /// Creates the position after the last rating of `day`.
    pub(super) fn after_day(day: ReportDay) -> Self {
        Self { day, within: None }
    }

    /// Parses the position in a cursor.
    pub(super) fn read(text: &str) -> Option<Self> {
        let Some((day, within)) = text.split_once('#') else {
            return ReportDay::parse(text).ok().map(Self::after_day);
        };
        let (at, id) = within.split_once('#')?;
        Some(Self {
            day: ReportDay::parse(day).ok()?,
            within: Some((Timestamp::parse(at).ok()?, RatingRequestId::parse(id).ok()?)),
        })
    }

    /// Whether there may be more ratings in `day` after this position: the position is within
    /// `day`, or before all of its ratings.
    pub(super) fn leaves(&self, day: ReportDay) -> bool {
        day < self.day || (day == self.day && self.within.is_some())
    }
}

impl fmt::Display for PagePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.within {
            Some((at, id)) => write!(f, "{}#{at}#{id}", self.day),
            None => write!(f, "{}", self.day),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> ReportDay {
        ReportDay::parse(text).unwrap()
    }

    #[test]
    fn a_position_is_parsed_as_it_was_written() {
        let within = PagePosition::read("2026-11-22#2026-11-23T09:30:00.123Z#r:1").unwrap();
        assert_eq!(within.day, day("2026-11-22"));
        assert_eq!(PagePosition::read(&within.to_string()), Some(within));
        let after = PagePosition::after_day(day("2026-11-22"));
        assert_eq!(PagePosition::read(&after.to_string()), Some(after));
    }

    #[test]
    fn invalid_text_is_not_a_position() {
        for text in [
            "",
            "2026-11-31",
            "2026-11-22#",
            "2026-11-22#x#r1",
            "2026-11-22#2026-11-23T09:30:00.123Z#a#b",
        ] {
            assert_eq!(PagePosition::read(text), None, "{text}");
        }
    }

    #[test]
    fn earlier_days_and_the_rest_of_the_day_follow_a_position() {
        let within = PagePosition::read("2026-11-22#2026-11-23T09:30:00.123Z#r1").unwrap();
        assert!(within.leaves(day("2026-11-22")) && within.leaves(day("2026-11-21")));
        assert!(!within.leaves(day("2026-11-23")));
        assert!(!PagePosition::after_day(day("2026-11-22")).leaves(day("2026-11-22")));
    }
}
