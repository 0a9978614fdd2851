use domain::{DaySpan, InvalidValue, ReportDay};
use errors::Refusal;
use lambda::http::{HttpResponse, ResponseBudget};
use serde::Serialize;

use crate::grouped_counts::GroupedCounts;
use crate::grouping::Grouping;
use crate::report::request::Report;
use crate::responses::json_response;
use crate::statistics::Statistics;

/// The report as JSON.
#[derive(Serialize)]
struct ReportBody<'a> {
    time_zone: &'a str,
    group_by: &'static str,
    #[serde(flatten)]
    current: SpanBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<SpanBody<'a>>,
}

/// One span of the report.
#[derive(Serialize)]
struct SpanBody<'a> {
    from: ReportDay,
    to: ReportDay,
    total: Statistics,
    groups: Vec<GroupBody<'a>>,
}

/// A group of the report as JSON.
#[derive(Serialize)]
struct GroupBody<'a> {
    key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(flatten)]
    statistics: Statistics,
}

/// Returns the report as JSON.
pub(super) fn json(
    time_zone: &str,
    report: &Report,
    [current, previous]: &[GroupedCounts; 2],
) -> Result<HttpResponse, Refusal> {
    let grouping = report.grouping;
    let response = json_response(ReportBody {
        time_zone,
        group_by: grouping.as_str(),
        current: SpanBody::new(report.span, grouping, current),
        previous: report
            .previous
            .map(|span| SpanBody::new(span, grouping, previous)),
    });
    if ResponseBudget::of_body().take(response.body_text()) {
        Ok(response)
    } else {
        let rule = "results in more groups than one response can contain: request fewer days, or text/csv, which is paginated";
        Err(Refusal::invalid_field("group_by", &InvalidValue::new(rule)))
    }
}

impl<'a> SpanBody<'a> {
    fn new(span: DaySpan, grouping: Grouping, grouped_counts: &'a GroupedCounts) -> Self {
        let groups = grouped_counts.groups.iter().map(|(key, group)| GroupBody {
            key,
            name: group.name.as_deref(),
            statistics: grouping.statistics(&group.counts),
        });
        Self {
            from: span.from(),
            to: span.to(),
            total: Statistics::of(&grouped_counts.total),
            groups: groups.collect(),
        }
    }
}
