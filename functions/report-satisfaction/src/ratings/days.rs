use std::cmp::Reverse;
use std::collections::BTreeMap;

use domain::{CountsDelta, DayCount, ReportDay};

use crate::ratings::listing::Listing;
use crate::ratings::page_position::PagePosition;

/// A day that has matching ratings according to the counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MatchingDay {
    pub(super) day: ReportDay,
    /// The number of matching ratings.
    pub(super) matching: usize,
    /// The number of all ratings.
    pub(super) ratings: usize,
}

/// The sums of each day, newest first: of all counts, and of those that the listing's filter
/// admits.
#[derive(Debug, Default)]
pub(super) struct DaySums(BTreeMap<Reverse<ReportDay>, [CountsDelta; 2]>);

impl DaySums {
    pub(super) fn add(&mut self, count: &DayCount, listing: &Listing) {
        let [all, admitted] = self.0.entry(Reverse(count.day)).or_default();
        *all += count.amount;
        if listing.filter.admits(count) {
            *admitted += count.amount;
        }
    }

    /// Returns the days that are still to be read, newest first.
    pub(super) fn matching(self, listing: &Listing) -> Vec<MatchingDay> {
        let after = listing.after.as_ref();
        let days = self.0.into_iter();
        days.map(|(Reverse(day), [all, admitted])| MatchingDay {
            day,
            matching: number(listing.scores.count_in(&admitted.to_counts())),
            ratings: number(all.to_counts().ratings()),
        })
        .filter(|day| day.matching > 0)
        .filter(|day| after.is_none_or(|position: &PagePosition| position.leaves(day.day)))
        .collect()
    }
}

/// Returns how many of `days` together have `wanted` ratings, or the number of all days if they
/// have fewer.
pub(super) fn enough(days: &[MatchingDay], wanted: usize) -> usize {
    let mut found = 0;
    let missing = |day: &&MatchingDay| {
        let is_missing = found < wanted;
        found += day.matching;
        is_missing
    };
    days.iter().take_while(missing).count()
}

fn number(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: &str, matching: usize) -> MatchingDay {
        MatchingDay {
            day: ReportDay::parse(day).unwrap(),
            matching,
            ratings: matching,
        }
    }

    #[test]
    fn only_the_days_that_fill_a_page_are_read() {
        let days = [
            day("2026-11-03", 4),
            day("2026-11-02", 1),
            day("2026-11-01", 9),
        ];
        for (wanted, expected) in [(1, 1), (4, 1), (5, 2), (6, 3), (99, 3)] {
            assert_eq!(enough(&days, wanted), expected, "{wanted}");
        }
        assert_eq!(enough(&[], 1), 0);
    }
}
