use std::fmt;

use domain::{
    AgentId, Channel, DayCount, DaySpan, InvalidValue, RatingCounts, ReasonId, ReportDay,
};

use crate::statistics::Statistics;

/// What a report is grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grouping {
    Day,
    Week,
    Month,
    Agent,
    Channel,
    Reason,
}

/// The key of a group. Its `Display` output is the key in the response.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum GroupKey {
    Day(ReportDay),
    Week { year: i16, week: i8 },
    Month { year: i16, month: i8 },
    Agent(AgentId),
    Channel(Channel),
    Reason(ReasonId),
}

impl fmt::Display for GroupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Week { year, week } => write!(f, "{year:04}-W{week:02}"),
            Self::Month { year, month } => write!(f, "{year:04}-{month:02}"),
            Self::Agent(agent) => write!(f, "{agent}"),
            Self::Channel(channel) => write!(f, "{channel}"),
            Self::Reason(reason) => write!(f, "{reason}"),
        }
    }
}

impl Grouping {
    pub(crate) const ALL: [Self; 6] = [
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Agent,
        Self::Channel,
        Self::Reason,
    ];

    /// Parses the `group_by` parameter.
    ///
    /// # Errors
    /// If `text` is not a supported grouping.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidValue> {
        Self::ALL
            .into_iter()
            .find(|grouping| grouping.as_str() == text)
            .ok_or_else(|| InvalidValue::new("must be day, week, month, agent, channel or reason"))
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Agent => "agent",
            Self::Channel => "channel",
            Self::Reason => "reason",
        }
    }

    /// Returns the key of the group that a count belongs to. Returns `None` if it belongs to no
    /// group, for example if it has no agent. A count of a reason belongs only to its reason.
    pub(crate) fn key(self, count: &DayCount) -> Option<GroupKey> {
        match self {
            Self::Reason => Some(GroupKey::Reason(count.reason.clone()?)),
            _ if count.reason.is_some() => None,
            Self::Agent => Some(GroupKey::Agent(count.agent.clone()?)),
            Self::Channel => Some(GroupKey::Channel(count.channel.clone())),
            Self::Day | Self::Week | Self::Month => self.period(count.day),
        }
    }

    /// Returns the statistics of one of the groups. A request has no reason, only a rating has.
    pub(crate) fn statistics(self, counts: &RatingCounts) -> Statistics {
        match self {
            Self::Reason => Statistics::of_ratings(counts),
            _ => Statistics::of(counts),
        }
    }

    /// Returns the keys of the groups that exist even if nothing was counted in them.
    pub(crate) fn periods(self, span: DaySpan) -> impl Iterator<Item = GroupKey> {
        span.days().filter_map(move |day| self.period(day))
    }

    /// Returns the period that contains a day. The keys of periods sort chronologically.
    fn period(self, day: ReportDay) -> Option<GroupKey> {
        let date = day.to_jiff();
        match self {
            Self::Day => Some(GroupKey::Day(day)),
            Self::Week => {
                let week = date.iso_week_date();
                Some(GroupKey::Week {
                    year: week.year(),
                    week: week.week(),
                })
            }
            Self::Month => Some(GroupKey::Month {
                year: date.year(),
                month: date.month(),
            }),
            Self::Agent | Self::Channel | Self::Reason => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: &str, to: &str) -> DaySpan {
        let day = |text| ReportDay::parse(text).unwrap();
        DaySpan::new(day(from), day(to)).unwrap()
    }

    fn periods(grouping: Grouping, span: DaySpan) -> Vec<String> {
        let periods = grouping.periods(span).map(|period| period.to_string());
        let mut periods: Vec<_> = periods.collect();
        assert!(periods.is_sorted());
        periods.dedup();
        periods
    }

    #[test]
    fn a_week_is_the_iso_week_even_if_the_years_differ() {
        let new_year = span("2026-12-27", "2027-01-04");
        let weeks = periods(Grouping::Week, new_year);
        assert_eq!(weeks, ["2026-W52", "2026-W53", "2027-W01"]);
        let sunday = span("2026-11-22", "2026-11-22");
        assert_eq!(periods(Grouping::Week, sunday), ["2026-W47"]);
    }

    #[test]
    fn months_exist_from_the_first_to_the_last_of_the_span() {
        let months = periods(Grouping::Month, span("2026-01-31", "2026-04-01"));
        assert_eq!(months, ["2026-01", "2026-02", "2026-03", "2026-04"]);
    }

    #[test]
    fn each_day_exists_and_leap_days_too() {
        let days = periods(Grouping::Day, span("2024-02-28", "2024-03-01"));
        assert_eq!(days, ["2024-02-28", "2024-02-29", "2024-03-01"]);
    }

    #[test]
    fn agents_channels_and_reasons_exist_only_if_something_was_counted() {
        let span = span("2026-01-01", "2026-12-31");
        for grouping in [Grouping::Agent, Grouping::Channel, Grouping::Reason] {
            assert_eq!(periods(grouping, span), [""; 0]);
        }
    }
}
