/// The percentiles of a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Summary {
    pub(crate) median: f64,
    pub(crate) p90: f64,
    pub(crate) p99: f64,
    /// The size of the sample.
    pub(crate) n: usize,
}

impl Summary {
    /// The summary of a sample of at least one figure.
    pub(crate) fn of(mut sample: Vec<f64>) -> Self {
        sample.sort_by(f64::total_cmp);
        Self {
            median: percentile(&sample, 50),
            p90: percentile(&sample, 90),
            p99: percentile(&sample, 99),
            n: sample.len(),
        }
    }

    /// The summary of a figure that does not vary.
    pub(crate) fn exact(figure: f64) -> Self {
        Self::of(vec![figure])
    }
}

/// The least figure that at least `percent` of a sorted sample do not exceed. If the sample has two
/// middle figures, the median is halfway between them.
fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let rank = sorted.len() * percent;
    let upper = sorted[rank.div_ceil(100).max(1) - 1];
    if percent == 50 && sorted.len().is_multiple_of(2) {
        f64::midpoint(upper, sorted[sorted.len() / 2])
    } else {
        upper
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_does_not_depend_on_the_order() {
        let sample = (1..=100).rev().map(f64::from).collect();
        let summary = Summary::of(sample);
        assert_eq!((summary.median, summary.p90), (50.5, 90.0));
        assert_eq!((summary.p99, summary.n), (99.0, 100));
    }

    #[test]
    fn the_99th_percentile_of_few_figures_is_the_highest() {
        let summary = Summary::of(vec![3.0, 1.0, 2.0]);
        assert_eq!((summary.median, summary.p90), (2.0, 3.0));
        assert_eq!(summary.p99, 3.0);
        assert_eq!(Summary::exact(4.0).median, 4.0);
    }
}
