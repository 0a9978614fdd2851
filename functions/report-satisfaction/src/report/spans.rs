use std::sync::Arc;

use settings::Settings;
use store::Counts;

use crate::grouped_counts::{GroupedCounts, Sums};
use crate::names::Names;
use crate::report::request::Report;

/// Returns the groups of the span and of the previous span. The latter are empty if there is no
/// previous span. Reasons have the labels of `settings`.
pub(super) fn group_spans(
    report: &Report,
    counts: Counts<[Sums; 2]>,
    settings: Option<Arc<Settings>>,
) -> [GroupedCounts; 2] {
    let Counts {
        sums: [current, previous],
        names,
    } = counts;
    let names = Names::new(names, settings);
    let group_counts = |sums, span| GroupedCounts::of(sums, span, report.grouping, &names);
    [
        group_counts(current, report.span),
        report
            .previous
            .map(|span| group_counts(previous, span))
            .unwrap_or_default(),
    ]
}
