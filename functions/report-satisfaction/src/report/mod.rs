//! `GET /v1/satisfaction` counts the ratings of a span of days.

mod csv;
mod json;
mod request;
mod row;
mod spans;

use std::sync::Arc;

use domain::DaySpan;
use dynamodb::Table;
use errors::{Failure, Fault};
use lambda::http::{HttpRequest, HttpResponse, TenantResolver};
use settings::Settings;
use settings_cache::SettingsCache;
use store::{CountedBy, Counts, CountsQuery, ReasonsOf, sum_counts};

use self::csv::csv;
use self::json::json;
use self::request::Report;
use self::spans::group_spans;
use crate::grouped_counts::Sums;
use crate::grouping::Grouping;
use crate::representation::{Representation, representation};

/// Counts the ratings of a span.
pub(crate) async fn report(
    table: &Table,
    tenants: &TenantResolver,
    settings: &SettingsCache,
    time_zone: &str,
    request: &HttpRequest,
) -> Result<HttpResponse, Failure> {
    let report = Report::decode(request, tenants)?;
    let (counts, settings) = tokio::join!(
        count(table, &report),
        read_settings(table, settings, &report),
    );
    let spans = group_spans(&report, counts?, settings);
    match representation(request) {
        Representation::Json => Ok(json(time_zone, &report, &spans)?),
        Representation::Csv => Ok(csv(&report, request, &spans)?),
    }
}

/// Reads the settings, which contain the labels of reasons, if the report needs them. A report whose
/// settings cannot be read has no labels.
async fn read_settings(
    table: &Table,
    settings: &SettingsCache,
    report: &Report,
) -> Option<Arc<Settings>> {
    if report.grouping != Grouping::Reason {
        return None;
    }
    let settings = settings.read_or_last(table, &report.organisation, report.now);
    Some(settings.await)
}

/// Reads the span and the previous span together, because they are contiguous. Returns the sums
/// of each.
async fn count(table: &Table, report: &Report) -> Result<Counts<[Sums; 2]>, Fault> {
    let from = report.previous.unwrap_or(report.span).from();
    let whole = DaySpan::new(from, report.span.to())
        .ok_or_else(|| Fault::internal("the previous span begins after the span"))?;
    let by_agent = report.filter.agent.is_some() || report.grouping == Grouping::Agent;
    let by = if by_agent {
        CountedBy::Agent
    } else {
        CountedBy::Channel
    };
    let reasons = match (&report.filter.agent, report.grouping) {
        (Some(agent), Grouping::Reason) => ReasonsOf::Agent(agent),
        (None, Grouping::Reason) => ReasonsOf::AllAgents,
        _ => ReasonsOf::Nobody,
    };
    let query = CountsQuery {
        organisation: &report.organisation,
        span: whole,
        by,
        asked_by: report.filter.asked_by,
        reasons,
        now: report.now,
    };
    sum_counts(
        table,
        query,
        |[current, previous]: &mut [Sums; 2], count| {
            let is_current = count.day >= report.span.from();
            let sums = if is_current { current } else { previous };
            sums.add(&count, report.grouping, &report.filter);
        },
    )
    .await
}
