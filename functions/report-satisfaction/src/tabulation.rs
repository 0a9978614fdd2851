use std::collections::BTreeMap;

use shared::domain::{AgentId, Channel, DayCount, DaySpan, PersonName, Tally};

use crate::grouping::Grouping;

/// Which of what was counted a report is about; all of it where nothing is said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) agent: Option<AgentId>,
    pub(crate) channel: Option<Channel>,
}

impl Filter {
    pub(crate) fn admits(&self, count: &DayCount) -> bool {
        let agent = count.agent.as_ref().map(|agent| &agent.id);
        let is_agents = self.agent.is_none() || self.agent.as_ref() == agent;
        let is_of_channel = self.channel.as_ref().is_none_or(|it| *it == count.channel);
        is_agents && is_of_channel
    }
}

/// What was counted in a span, added up: in all, and by group in the order of the groups' keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tabulation {
    pub(crate) total: Tally,
    pub(crate) groups: BTreeMap<String, Group>,
}

/// One group of a report.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    /// The agent's name as it was when they last asked.
    pub(crate) name: Option<PersonName>,
    pub(crate) tally: Tally,
}

impl Tabulation {
    /// Adds up those of `counts` that `filter` admits. All periods of `span` are there, and only
    /// those agents and channels of which something was counted.
    pub(crate) fn of(
        mut counts: Vec<DayCount>,
        span: DaySpan,
        grouping: Grouping,
        filter: &Filter,
    ) -> Self {
        counts.retain(|count| filter.admits(count));
        // The name of the last day stays.
        counts.sort_by_key(|count| count.day);
        let mut tabulation = Self::default();
        for period in grouping.periods(span) {
            tabulation.groups.entry(period).or_default();
        }
        for count in counts {
            tabulation.total += count.tally;
            let Some(key) = grouping.key(&count) else {
                continue;
            };
            let group = tabulation.groups.entry(key).or_default();
            group.tally += count.tally;
            if grouping == Grouping::Agent {
                group.name = count
                    .agent
                    .and_then(|agent| agent.name)
                    .or(group.name.take());
            }
        }
        tabulation
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared::domain::{Agent, ReportDay};

    use super::*;

    fn day(text: &str) -> ReportDay {
        ReportDay::parse(text).unwrap()
    }

    fn span(from: &str, to: &str) -> DaySpan {
        DaySpan::new(day(from), day(to)).unwrap()
    }

    fn count(at: &str, channel: &str, agent: &str, name: &str, tally: [u64; 6]) -> DayCount {
        DayCount {
            day: day(at),
            channel: Channel::parse(channel).unwrap(),
            agent: Some(Agent {
                id: AgentId::parse(agent).unwrap(),
                name: PersonName::parse(name).ok(),
            }),
            tally: tally.into(),
        }
    }

    fn history() -> Vec<DayCount> {
        vec![
            count(
                "2026-11-03",
                "widget",
                "jo",
                "Jo Okafor",
                [3, 0, 0, 1, 0, 1],
            ),
            count("2026-11-01", "widget", "jo", "Jo", [2, 1, 0, 0, 0, 0]),
            count("2026-11-02", "widget", "kim", "", [1, 0, 0, 0, 1, 0]),
            count("2026-11-03", "messenger", "kim", "", [1, 0, 0, 0, 0, 0]),
        ]
    }

    fn keys(tabulation: &Tabulation) -> Vec<&str> {
        tabulation.groups.keys().map(String::as_str).collect()
    }

    #[test]
    fn an_empty_day_has_its_group() {
        let span = span("2026-10-31", "2026-11-04");
        let filter = Filter::default();
        let days = Tabulation::of(history(), span, Grouping::Day, &filter);
        assert_eq!(keys(&days).len(), 5);
        assert_eq!(days.groups["2026-10-31"].tally, Tally::default());
        assert_eq!(days.groups["2026-11-03"].tally, [4, 0, 0, 1, 0, 1].into());
        assert_eq!(days.total, [7, 1, 0, 1, 1, 1].into());
    }

    #[test]
    fn an_agent_has_the_name_of_the_last_day() {
        let span = span("2026-11-01", "2026-11-03");
        let agents = Tabulation::of(history(), span, Grouping::Agent, &Filter::default());
        assert_eq!(keys(&agents), ["jo", "kim"]);
        let name = agents.groups["jo"].name.as_ref().unwrap();
        assert_eq!(name.as_str(), "Jo Okafor");
        assert_eq!(agents.groups["kim"].name, None);
    }

    #[test]
    fn a_filter_leaves_out_what_it_does_not_admit_in_groups_and_total() {
        let span = span("2026-11-01", "2026-11-03");
        let filter = Filter {
            agent: AgentId::parse("kim").ok(),
            channel: Some(Channel::widget()),
        };
        let channels = Tabulation::of(history(), span, Grouping::Channel, &filter);
        assert_eq!(keys(&channels), ["widget"]);
        assert_eq!(channels.total, [1, 0, 0, 0, 1, 0].into());
    }

    proptest! {
        #[test]
        fn however_it_is_grouped_the_groups_add_up_to_the_total(
            counted in prop::collection::vec((0..60_i32, 0..4_u8, 0..3_u8, prop::array::uniform5(0..9_u64)), 0..50),
        ) {
            let span = span("2026-11-01", "2026-12-30");
            let counts: Vec<_> = counted.into_iter().map(|(days, agent, channel, scores)| {
                let day = span.from().plus_days(days).to_string();
                let [one, two, three, four, five] = scores;
                let requests = scores.iter().sum::<u64>() + 1;
                let (agent, channel) = (format!("agent-{agent}"), format!("channel-{channel}"));
                count(&day, &channel, &agent, "", [requests, one, two, three, four, five])
            }).collect();
            for grouping in Grouping::ALL {
                let tabulation = Tabulation::of(counts.clone(), span, grouping, &Filter::default());
                let mut sum = Tally::default();
                for group in tabulation.groups.values() {
                    sum += group.tally;
                }
                prop_assert_eq!(sum, tabulation.total);
            }
        }
    }
}
