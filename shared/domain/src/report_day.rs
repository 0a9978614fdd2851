use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::invalid_value::InvalidValue;
use crate::time_zone_name::TimeZoneName;
use crate::timestamp::Timestamp;

/// The time zone that divides the report's time into days. The default is UTC.
#[derive(Clone, Debug)]
pub struct ReportTimeZone(TimeZone);

impl ReportTimeZone {
    /// Reads the name of a time zone in the IANA database.
    ///
    /// # Errors
    /// If the database does not contain the zone.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        TimeZoneName::parse(text).map(|name| Self::of(&name))
    }

    /// The time zone with this name.
    pub fn of(name: &TimeZoneName) -> Self {
        Self(name.to_time_zone())
    }

    /// The day that includes `moment`, from midnight to midnight by the zone's own clocks. A day on
    /// which the clocks change has 23 or 25 hours.
    pub fn day_of(&self, moment: Timestamp) -> ReportDay {
        ReportDay(moment.to_jiff().to_zoned(self.0.clone()).date())
    }
}

impl Default for ReportTimeZone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

/// A day of the report, as a date. Its text, `2026-01-31`, sorts as days do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReportDay(Date);

impl ReportDay {
    /// Reads a date: four digits of year, two of month, two of day.
    ///
    /// # Errors
    /// If `text` has another format or is not a date.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        // The date-time library accepts more formats than this one.
        let has_shape = text.len() == 10
            && text.bytes().enumerate().all(|(place, byte)| match place {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        has_shape
            .then(|| text.parse().ok())
            .flatten()
            .map(Self)
            .ok_or_else(|| InvalidValue::new("must be a date, such as 2026-01-31"))
    }

    /// The day `days` later, or earlier if `days` is negative. The result is limited to the first
    /// and the last day that the type can represent.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        let (first, last) = (Date::constant(0, 1, 1), Date::constant(9999, 12, 31));
        Self(self.0.saturating_add(days.days()).clamp(first, last))
    }

    /// The first day of its week: a Monday.
    #[must_use]
    pub fn monday(self) -> Self {
        self.plus_days(-i32::from(self.0.weekday().since(Weekday::Monday)))
    }

    /// The last day of its month.
    #[must_use]
    pub fn end_of_month(self) -> Self {
        Self(self.0.last_of_month())
    }

    /// The date as a value of the date-time library, for calendars.
    pub fn to_jiff(self) -> Date {
        self.0
    }
}

impl std::fmt::Display for ReportDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<String> for ReportDay {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<ReportDay> for String {
    fn from(day: ReportDay) -> Self {
        day.to_string()
    }
}

/// A span of one or more consecutive days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaySpan {
    from: ReportDay,
    to: ReportDay,
}

impl DaySpan {
    /// The days from `from` to `to`, both included; `None` if `to` is before `from`.
    pub fn new(from: ReportDay, to: ReportDay) -> Option<Self> {
        (from <= to).then_some(Self { from, to })
    }

    /// The first day of the span.
    pub fn from(self) -> ReportDay {
        self.from
    }

    /// The last day of the span.
    pub fn to(self) -> ReportDay {
        self.to
    }

    /// How many days the span has, at least 1.
    pub fn length(self) -> u32 {
        let days = (self.to.0 - self.from.0).get_days();
        u32::try_from(days).unwrap_or(0) + 1
    }

    /// The span of the same length that ends the day before this one begins.
    #[must_use]
    pub fn previous(self) -> Self {
        let length = i32::try_from(self.length()).unwrap_or(i32::MAX);
        Self {
            from: self.from.plus_days(-length),
            to: self.from.plus_days(-1),
        }
    }

    /// The days of the span, in order.
    pub fn days(self) -> impl Iterator<Item = ReportDay> {
        let length = i32::try_from(self.length()).unwrap_or(i32::MAX);
        (0..length).map(move |days| self.from.plus_days(days))
    }

    /// The span divided by calendar month, in order.
    pub fn months(self) -> Vec<Self> {
        let mut months = Vec::new();
        let mut from = self.from;
        while from <= self.to {
            let to = from.end_of_month().min(self.to);
            months.push(Self { from, to });
            let next = to.plus_days(1);
            if next <= to {
                break;
            }
            from = next;
        }
        months
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> ReportDay {
        ReportDay::parse(text).unwrap()
    }

    fn span(from: &str, to: &str) -> DaySpan {
        DaySpan::new(day(from), day(to)).unwrap()
    }

    fn day_in(zone: &str, moment: &str) -> String {
        let zone = ReportTimeZone::parse(zone).unwrap();
        zone.day_of(Timestamp::parse(moment).unwrap()).to_string()
    }

    #[test]
    fn a_moment_belongs_to_the_local_day_of_the_time_zone() {
        assert_eq!(day_in("UTC", "2026-03-28T23:59:59.999Z"), "2026-03-28");
        assert_eq!(
            day_in("Asia/Kathmandu", "2026-03-28T18:15:00Z"),
            "2026-03-29"
        );
        assert_eq!(
            day_in("America/New_York", "2026-01-01T04:59:59Z"),
            "2025-12-31"
        );
    }

    #[test]
    fn a_day_on_which_clocks_change_has_23_or_25_hours() {
        // Clocks go ahead on 29 March 2026 and back on 25 October, both at 01:00 UTC.
        for (moment, expected) in [
            ("2026-03-28T22:59:59.999Z", "2026-03-28"),
            ("2026-03-28T23:00:00Z", "2026-03-29"),
            ("2026-03-29T21:59:59.999Z", "2026-03-29"),
            ("2026-03-29T22:00:00Z", "2026-03-30"),
            ("2026-10-24T21:59:59.999Z", "2026-10-24"),
            ("2026-10-24T22:00:00Z", "2026-10-25"),
            ("2026-10-25T22:59:59.999Z", "2026-10-25"),
            ("2026-10-25T23:00:00Z", "2026-10-26"),
        ] {
            assert_eq!(day_in("Europe/Berlin", moment), expected, "{moment}");
        }
    }

    #[test]
    fn a_zone_must_be_in_the_database() {
        for text in ["", "Mars/Olympus", "+02:00"] {
            assert!(ReportTimeZone::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_day_is_a_date_of_ten_characters() {
        assert_eq!(day("2024-02-29").to_string(), "2024-02-29");
        for text in [
            "",
            "2026-2-03",
            "2026-02-30",
            "20260203",
            "2026-02-03T00:00:00Z",
            "+002026-02-03",
            "2026-02-0٣",
        ] {
            assert!(ReportDay::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_span_includes_its_first_and_last_day() {
        assert_eq!(span("2026-02-27", "2026-03-02").length(), 4);
        let days: Vec<_> = span("2026-02-28", "2026-03-01").days().collect();
        assert_eq!(days, [day("2026-02-28"), day("2026-03-01")]);
        assert_eq!(
            DaySpan::new(day("2026-03-02"), day("2026-03-01")),
            None,
            "the end comes before the beginning"
        );
    }

    #[test]
    fn the_previous_span_has_the_same_length_and_ends_the_day_before() {
        let previous = span("2026-03-01", "2026-03-31").previous();
        assert_eq!(previous, span("2026-01-29", "2026-02-28"));
        let one_day = span("2024-03-01", "2024-03-01").previous();
        assert_eq!(one_day, span("2024-02-29", "2024-02-29"));
    }

    #[test]
    fn a_span_is_divided_by_calendar_month() {
        let months = span("2025-12-30", "2026-02-01").months();
        assert_eq!(
            months,
            [
                span("2025-12-30", "2025-12-31"),
                span("2026-01-01", "2026-01-31"),
                span("2026-02-01", "2026-02-01"),
            ]
        );
        let last = span("9999-12-30", "9999-12-31");
        assert_eq!(last.months(), [last]);
    }

    #[test]
    fn a_week_begins_on_its_monday() {
        assert_eq!(day("2026-11-22").monday(), day("2026-11-16"));
        assert_eq!(day("2026-11-16").monday(), day("2026-11-16"));
    }
}
