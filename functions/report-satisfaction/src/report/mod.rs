//! `GET /v1/satisfaction` counts the ratings of a span of days.

mod csv;
mod json;
mod request;
mod row;
mod spans;

use domain::DaySpan;
use dynamodb::Table;
use errors::{Failure, Fault};
use lambda::http::{HttpRequest, HttpResponse, TenantResolver};
use store::{CountedBy, Counts, sum_counts};

use self::csv::csv;
use self::json::json;
use self::request::Report;
use crate::grouped_counts::Sums;
use crate::grouping::Grouping;
use crate::representation::{Representation, representation};

/// Counts the ratings of a span.
pub(crate) async fn report(
    table: &Table,
    tenants: &TenantResolver,
    time_zone: &str,
    request: &HttpRequest,
) -> Result<HttpResponse, Failure> {
    let report = Report::decode(request, tenants)?;
    let counts = count(table, &report).await?;
    match representation(request) {
        Representation::Json => Ok(json(time_zone, &report, counts)?),
        Representation::Csv => Ok(csv(&report, request, counts)?),
    }
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
    sum_counts(
        table,
        &report.organisation,
        whole,
        by,
        report.now,
        |[current, previous]: &mut [Sums; 2], count| {
            let is_current = count.day >= report.span.from();
            let sums = if is_current { current } else { previous };
            sums.add(&count, report.grouping, &report.filter);
        },
    )
    .await
}
