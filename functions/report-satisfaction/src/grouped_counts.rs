use std::collections::BTreeMap;

use domain::{CountsDelta, DayCount, DaySpan, RatingCounts};

use crate::filter::Filter;
use crate::grouping::{GroupKey, Grouping};
use crate::names::Names;

/// The sums of a span: in total, and by group in the order of the groups' keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct GroupedCounts {
    pub(crate) total: RatingCounts,
    pub(crate) groups: BTreeMap<String, Group>,
}

/// One group of a report.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    /// The agent's name on the latest day, or the reason's label.
    pub(crate) name: Option<String>,
    pub(crate) counts: RatingCounts,
}

/// Sums up the counts of a span.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    total: CountsDelta,
    groups: BTreeMap<GroupKey, CountsDelta>,
}

impl Sums {
    /// Adds `count` if `filter` admits it.
    pub(crate) fn add(&mut self, count: &DayCount, grouping: Grouping, filter: &Filter) {
        if !filter.admits(count) {
            return;
        }
        if count.reason.is_none() {
            self.total += count.amount;
        }
        if let Some(key) = grouping.key(count) {
            *self.groups.entry(key).or_default() += count.amount;
        }
    }
}

impl GroupedCounts {
    /// Groups `sums`. Includes all periods of `span`, but only agents, channels and reasons with
    /// counts.
    pub(crate) fn of(sums: Sums, span: DaySpan, grouping: Grouping, names: &Names) -> Self {
        let mut groups = BTreeMap::new();
        for period in grouping.periods(span) {
            groups
                .entry(period.to_string())
                .or_insert_with(Group::default);
        }
        for (key, amount) in sums.groups {
            let counts = amount.to_counts();
            if counts != RatingCounts::default() {
                let name = names.name(&key);
                groups.insert(key.to_string(), Group { name, counts });
            }
        }
        Self {
            total: sums.total.to_counts(),
            groups,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{AgentId, Channel, PersonName, ReasonId, ReportDay};
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> ReportDay {
        ReportDay::parse(text).unwrap()
    }

    fn span(from: &str, to: &str) -> DaySpan {
        DaySpan::new(day(from), day(to)).unwrap()
    }

    fn count(at: &str, channel: &str, agent: &str, amount: [i64; 6]) -> DayCount {
        DayCount {
            day: day(at),
            channel: Channel::parse(channel).unwrap(),
            agent: AgentId::parse(agent).ok(),
            reason: None,
            amount: amount.into(),
        }
    }

    fn group_counts(
        counts: &[DayCount],
        span: DaySpan,
        grouping: Grouping,
        filter: &Filter,
    ) -> GroupedCounts {
        let mut sums = Sums::default();
        for count in counts {
            sums.add(count, grouping, filter);
        }
        let jo = AgentId::parse("jo").unwrap();
        let jos_name = PersonName::parse("Jo Okafor").unwrap();
        let names = Names::new(BTreeMap::from([(jo, jos_name)]), None);
        GroupedCounts::of(sums, span, grouping, &names)
    }

    fn history() -> Vec<DayCount> {
        vec![
            count("2026-11-03", "widget", "jo", [3, 0, 0, 1, 0, 1]),
            count("2026-11-01", "widget", "jo", [2, 1, 0, 0, 0, 0]),
            count("2026-11-02", "widget", "kim", [1, 0, 0, 0, 1, 0]),
            count("2026-11-03", "messenger", "kim", [1, 0, 0, 0, 0, 0]),
        ]
    }

    fn keys(grouped_counts: &GroupedCounts) -> Vec<&str> {
        grouped_counts.groups.keys().map(String::as_str).collect()
    }

    #[test]
    fn an_empty_day_has_its_group() {
        let span = span("2026-10-31", "2026-11-04");
        let filter = Filter::default();
        let days = group_counts(&history(), span, Grouping::Day, &filter);
        assert_eq!(keys(&days).len(), 5);
        assert_eq!(days.groups["2026-10-31"].counts, RatingCounts::default());
        assert_eq!(days.groups["2026-11-03"].counts, [4, 0, 0, 1, 0, 1].into());
        assert_eq!(days.total, [7, 1, 0, 1, 1, 1].into());
    }

    #[test]
    fn an_agent_has_a_name_if_one_is_known() {
        let span = span("2026-11-01", "2026-11-03");
        let agents = group_counts(&history(), span, Grouping::Agent, &Filter::default());
        assert_eq!(keys(&agents), ["jo", "kim"]);
        let name = agents.groups["jo"].name.as_ref().unwrap();
        assert_eq!(name, "Jo Okafor");
        assert_eq!(agents.groups["kim"].name, None);
    }

    #[test]
    fn an_agent_without_counts_has_no_group() {
        let span = span("2026-11-01", "2026-11-03");
        let mut counts = history();
        counts.push(count("2026-11-02", "widget", "kim", [-1, 0, 0, 0, -1, 0]));
        counts.push(count("2026-11-03", "messenger", "kim", [-1, 0, 0, 0, 0, 0]));
        let agents = group_counts(&counts, span, Grouping::Agent, &Filter::default());
        assert_eq!(keys(&agents), ["jo"]);
    }

    #[test]
    fn a_filter_applies_to_the_groups_and_the_total() {
        let span = span("2026-11-01", "2026-11-03");
        let filter = Filter {
            agent: AgentId::parse("kim").ok(),
            channel: Some(Channel::widget()),
            asked_by: None,
        };
        let channels = group_counts(&history(), span, Grouping::Channel, &filter);
        assert_eq!(keys(&channels), ["widget"]);
        assert_eq!(channels.total, [1, 0, 0, 0, 1, 0].into());
    }

    #[test]
    fn a_reason_has_the_ratings_that_name_it_and_the_total_has_each_rating_once() {
        let span = span("2026-11-01", "2026-11-03");
        let with_reason = |reason: &str, amount| DayCount {
            reason: ReasonId::parse(reason).ok(),
            ..count("2026-11-03", "widget", "jo", amount)
        };
        let mut counts = history();
        counts.push(with_reason("slow", [0, 1, 0, 1, 0, 0]));
        counts.push(with_reason("rude", [0, 1, 0, 0, 0, 0]));
        let reasons = group_counts(&counts, span, Grouping::Reason, &Filter::default());
        assert_eq!(keys(&reasons), ["rude", "slow"]);
        assert_eq!(reasons.groups["slow"].counts, [0, 1, 0, 1, 0, 0].into());
        assert_eq!(reasons.total, [7, 1, 0, 1, 1, 1].into());
        let days = group_counts(&counts, span, Grouping::Day, &Filter::default());
        assert_eq!(days.groups["2026-11-03"].counts, [4, 0, 0, 1, 0, 1].into());
    }

    proptest! {
        #[test]
        fn however_it_is_grouped_the_groups_add_up_to_the_total(
            counted in prop::collection::vec((0..60_i32, 0..4_u8, 0..3_u8, prop::array::uniform5(0..9_i64)), 0..50),
        ) {
            let span = span("2026-11-01", "2026-12-30");
            let counts: Vec<_> = counted.into_iter().map(|(days, agent, channel, scores)| {
                let day = span.from().plus_days(days).to_string();
                let [one, two, three, four, five] = scores;
                let requests = scores.iter().sum::<i64>() + 1;
                let (agent, channel) = (format!("agent-{agent}"), format!("channel-{channel}"));
                count(&day, &channel, &agent, [requests, one, two, three, four, five])
            }).collect();
            for grouping in Grouping::ALL.into_iter().filter(|it| *it != Grouping::Reason) {
                let grouped_counts = group_counts(&counts, span, grouping, &Filter::default());
                let mut sum = [0; 6];
                for group in grouped_counts.groups.values() {
                    let counts: [u64; 6] = group.counts.into();
                    for (sum, count) in sum.iter_mut().zip(counts) {
                        *sum += count;
                    }
                }
                prop_assert_eq!(RatingCounts::from(sum), grouped_counts.total);
            }
        }
    }
}
