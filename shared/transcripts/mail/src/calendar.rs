//! Dates and times of day in the time zone of the reader.

use std::ops::Range;

use domain::TimeZoneName;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use locale::Formats;

/// The calendar of one time zone.
#[derive(Debug)]
pub(crate) struct Calendar {
    zone: TimeZone,
}

/// One date, with its offset from UTC.
#[derive(Debug)]
pub(crate) struct Day {
    /// The date.
    pub(crate) date: Date,
    zone: TimeZone,
    offset: DayOffset,
}

/// The offset from UTC during one date.
#[derive(Debug)]
enum DayOffset {
    /// The offset is the same from the first moment of the date until the next date begins.
    Constant(Range<Timestamp>, Offset),
    /// The offset changes, so an hour may occur twice.
    Changed,
    /// The offset is not known, because the range of timestamps ends before the date does.
    Unknown,
}

impl Calendar {
    /// Creates the calendar of `time_zone`, or of UTC.
    pub(crate) fn new(time_zone: Option<&TimeZoneName>) -> Self {
        Self {
            zone: time_zone.map_or(TimeZone::UTC, TimeZoneName::to_time_zone),
        }
    }

    /// Returns the day of `moment`.
    pub(crate) fn day(&self, moment: Timestamp) -> Day {
        let date = self.zone.to_datetime(moment).date();
        Day {
            date,
            zone: self.zone.clone(),
            offset: self.offset(date).unwrap_or(DayOffset::Unknown),
        }
    }

    fn offset(&self, date: Date) -> Option<DayOffset> {
        let start_of = |date: Date| self.zone.to_timestamp(date.at(0, 0, 0, 0)).ok();
        let start = start_of(date)?;
        let end = date.tomorrow().ok().and_then(start_of)?;
        let last = end.checked_sub(SignedDuration::from_nanos(1)).ok()?;
        let offset = self.zone.to_offset(start);
        Some(if self.zone.to_offset(last) == offset {
            DayOffset::Constant(start..end, offset)
        } else {
            DayOffset::Changed
        })
    }
}

impl Day {
    /// Whether `moment` is certainly on this date. If it returns `false`, call [`Calendar::day`] to
    /// find out.
    pub(crate) fn contains_for_certain(&self, moment: Timestamp) -> bool {
        matches!(&self.offset, DayOffset::Constant(moments, _) if moments.contains(&moment))
    }

    /// Formats the time of `moment`, such as `09:05`. If the offset changes on this date, an hour
    /// may occur twice, so the offset is added: `01:30 (UTC+1)`.
    pub(crate) fn time(&self, moment: Timestamp, formats: &Formats) -> String {
        let offset = match &self.offset {
            DayOffset::Constant(moments, offset) if moments.contains(&moment) => *offset,
            _ => self.zone.to_offset(moment),
        };
        let local = offset.to_datetime(moment);
        let [hour, minute] = [local.hour(), local.minute()].map(i8::unsigned_abs);
        let mut time = formats.time(hour, minute);
        if matches!(self.offset, DayOffset::Changed) {
            time.push_str(&format!(" ({})", offset_name(offset)));
        }
        time
    }
}

/// `UTC`, `UTC+1`, `UTC-3:30`.
fn offset_name(offset: Offset) -> String {
    let minutes = offset.seconds().unsigned_abs() / 60;
    let sign = if offset.is_negative() { '-' } else { '+' };
    match (minutes / 60, minutes % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

#[cfg(test)]
mod tests {
    use texts::VisitorLanguage;

    use super::*;

    fn time(zone: &str, moment: &str) -> String {
        let calendar = Calendar::new(Some(&TimeZoneName::parse(zone).unwrap()));
        let moment = moment.parse().unwrap();
        let day = calendar.day(moment);
        let formats = Formats::new(VisitorLanguage::English, "en").unwrap();
        format!("{} {}", day.date, day.time(moment, &formats))
    }

    #[test]
    fn an_ordinary_day_shows_the_time_alone() {
        assert_eq!(
            time("Asia/Kathmandu", "2026-03-28T23:20:00Z"),
            "2026-03-29 05:05"
        );
    }

    #[test]
    fn a_repeated_hour_shows_its_offset() {
        assert_eq!(
            time("Europe/Lisbon", "2026-10-25T00:30:00Z"),
            "2026-10-25 01:30 (UTC+1)"
        );
        assert_eq!(
            time("Europe/Lisbon", "2026-10-25T01:30:00Z"),
            "2026-10-25 01:30 (UTC)"
        );
    }

    #[test]
    fn an_offset_with_minutes_shows_them() {
        assert_eq!(
            time("America/St_Johns", "2026-03-08T05:00:00Z"),
            "2026-03-08 01:30 (UTC-3:30)"
        );
        assert_eq!(
            time("America/St_Johns", "2026-03-08T06:00:00Z"),
            "2026-03-08 03:30 (UTC-2:30)"
        );
    }

    #[test]
    fn after_a_change_at_midnight_the_earlier_day_shows_offsets() {
        // In Beirut the last hour of 24 October 2026 occurs twice.
        assert_eq!(
            time("Asia/Beirut", "2026-10-24T20:30:00Z"),
            "2026-10-24 23:30 (UTC+3)"
        );
        assert_eq!(
            time("Asia/Beirut", "2026-10-24T21:30:00Z"),
            "2026-10-24 23:30 (UTC+2)"
        );
        assert_eq!(
            time("Asia/Beirut", "2026-10-24T22:30:00Z"),
            "2026-10-25 00:30"
        );
    }

    #[test]
    fn the_last_moments_of_time_have_a_date() {
        assert_eq!(
            time("Pacific/Kiritimati", "9999-12-30T22:00:00Z"),
            "9999-12-31 12:00"
        );
    }
}
