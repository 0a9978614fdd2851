//! A moment's date and time of day where the reader is.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use shared::domain::TimeZoneName;

/// The calendar and the clock of one time zone.
pub(super) struct Calendar {
    zone: TimeZone,
}

impl Calendar {
    /// Those of `time_zone`, or of UTC.
    pub(super) fn new(time_zone: Option<&TimeZoneName>) -> Self {
        Self {
            zone: time_zone.map_or(TimeZone::UTC, TimeZoneName::to_time_zone),
        }
    }

    /// The date at `moment`.
    pub(super) fn date(&self, moment: Timestamp) -> Date {
        self.zone.to_datetime(moment).date()
    }

    /// The clock on `date`.
    pub(super) fn clock(&self, date: Date) -> Clock<'_> {
        Clock {
            zone: &self.zone,
            is_changed: self.changes_clocks(date),
        }
    }

    /// Whether a day begins and ends at different offsets from UTC.
    fn changes_clocks(&self, date: Date) -> bool {
        let start = |date: Date| self.zone.to_timestamp(date.at(0, 0, 0, 0)).ok();
        let end = date
            .tomorrow()
            .ok()
            .and_then(start)
            .and_then(|next| next.checked_sub(SignedDuration::from_nanos(1)).ok());
        match (start(date), end) {
            (Some(start), Some(end)) => self.zone.to_offset(start) != self.zone.to_offset(end),
            _ => false,
        }
    }
}

/// Tells the time of day on one date.
pub(super) struct Clock<'a> {
    zone: &'a TimeZone,
    is_changed: bool,
}

impl Clock<'_> {
    /// The time at `moment`, such as `09:05`; on a day on which the clocks change, and may show
    /// an hour twice, with the offset: `01:30 (UTC+1)`.
    pub(super) fn time(&self, moment: Timestamp) -> String {
        let local = self.zone.to_datetime(moment);
        let time = format!("{:02}:{:02}", local.hour(), local.minute());
        if self.is_changed {
            let offset = offset_name(self.zone.to_offset(moment));
            format!("{time} ({offset})")
        } else {
            time
        }
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
    use super::*;

    fn time(zone: &str, moment: &str) -> String {
        let calendar = Calendar::new(Some(&TimeZoneName::parse(zone).unwrap()));
        let moment = moment.parse().unwrap();
        let date = calendar.date(moment);
        format!("{date} {}", calendar.clock(date).time(moment))
    }

    #[test]
    fn an_ordinary_day_shows_the_time_alone() {
        assert_eq!(
            time("Asia/Kathmandu", "2026-03-28T23:20:00Z"),
            "2026-03-29 05:05"
        );
    }

    #[test]
    fn an_hour_that_comes_twice_is_told_apart_by_its_offset() {
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
    fn offsets_that_are_no_whole_hours_are_told_in_full() {
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
    fn a_change_at_midnight_marks_the_day_that_repeats_an_hour() {
        // In Beirut the last hour of 24 October 2026 comes twice.
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
