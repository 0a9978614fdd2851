//! The load of each second, and its distribution over all seconds.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::scale::limits::Load;
use crate::statistics::Summary;

/// A partition, identified by the hash of its key. Collisions are unlikely among the partitions of a
/// second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Partition(u64);

impl From<String> for Partition {
    fn from(key: String) -> Self {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        Self(hasher.finish())
    }
}

/// The load of one second.
#[derive(Default)]
pub(super) struct Tally {
    totals: [f64; Load::COUNT],
    partitions: HashMap<(Load, Partition), f64>,
}

/// The number of seconds by load, which is rounded up.
pub(super) struct Totals {
    seconds: [Vec<usize>; Load::COUNT],
}

impl Default for Totals {
    fn default() -> Self {
        Self {
            seconds: std::array::from_fn(|_| Vec::new()),
        }
    }
}

impl Tally {
    /// Adds to a load of the whole stack.
    pub(super) fn add(&mut self, load: Load, amount: f64) {
        self.totals[load as usize] += amount;
    }

    /// Adds to a load of a partition. Only the hottest partition of a second counts.
    pub(super) fn add_to(&mut self, load: Load, partition: Partition, amount: f64) {
        if amount == 0.0 {
            return;
        }
        *self.partitions.entry((load, partition)).or_default() += amount;
    }
}

impl Totals {
    /// Adds a second's load, and resets `tally` for the next second.
    pub(super) fn end_second(&mut self, tally: &mut Tally) {
        let mut loads = std::mem::take(&mut tally.totals);
        for ((load, _), amount) in tally.partitions.drain() {
            let hottest = &mut loads[load as usize];
            *hottest = hottest.max(amount);
        }
        for (seconds, load) in self.seconds.iter_mut().zip(loads) {
            let load = load.ceil() as usize;
            if seconds.len() <= load {
                seconds.resize(load + 1, 0);
            }
            seconds[load] += 1;
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        for (seconds, others) in self.seconds.iter_mut().zip(&other.seconds) {
            if seconds.len() < others.len() {
                seconds.resize(others.len(), 0);
            }
            for (count, other) in seconds.iter_mut().zip(others) {
                *count += other;
            }
        }
    }

    /// The highest load in a second.
    pub(super) fn peak(&self, load: Load) -> f64 {
        let highest = self.seconds[load as usize].len().saturating_sub(1);
        highest as f64
    }

    pub(super) fn summary(&self, load: Load) -> Summary {
        let seconds = &self.seconds[load as usize];
        let n: usize = seconds.iter().sum();
        let percentile = |percent: usize| {
            let rank = (n * percent).div_ceil(100);
            let mut below = 0;
            let figure = seconds.iter().position(|count| {
                below += count;
                below >= rank
            });
            figure.unwrap_or_default() as f64
        };
        Summary {
            median: percentile(50),
            p90: percentile(90),
            p99: percentile(99),
            n,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hottest_partition_counts() {
        let mut tally = Tally::default();
        tally.add_to(Load::VisitorWrites, "a".to_owned().into(), 2.0);
        tally.add_to(Load::VisitorWrites, "b".to_owned().into(), 2.0);
        tally.add_to(Load::VisitorWrites, "b".to_owned().into(), 0.5);
        tally.add(Load::Mails, 1.0);
        tally.add(Load::Mails, 1.0);
        let mut totals = Totals::default();
        totals.end_second(&mut tally);
        totals.end_second(&mut tally);
        assert_eq!(totals.peak(Load::VisitorWrites), 3.0);
        assert_eq!(totals.peak(Load::Mails), 2.0);
        let summary = totals.summary(Load::Mails);
        assert_eq!((summary.median, summary.p99, summary.n), (0.0, 2.0, 2));
    }
}
