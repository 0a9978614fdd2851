//! How satisfied visitors are: `GET /v1/satisfaction` counts the ratings of a span of days,
//! `GET /v1/ratings` lists them. Both count a rating on the day on which it was asked for, whenever
//! it was given, so that what was answered is a part of what was asked. Both come as JSON or, to
//! whoever prefers that, as CSV.

mod cursor;
mod figures;
mod grouping;
mod next_page;
mod ratings;
mod report;
mod representation;
mod sheet;
mod span;
mod tabulation;

use aws::{Environment, EnvironmentError};
use domain::{DaySpan, TimeZoneName};
use dynamodb::Table;
use errors::{Failure, Fault};
use lambda::http::{HttpHandler, HttpRequest, HttpResponse, TenantResolver};
use lambda_http::http::HeaderValue;
use lambda_http::http::header::{ACCEPT, CONTENT_DISPOSITION, LINK, VARY};
use serde::Serialize;

use crate::next_page::NextPage;
use crate::representation::Representation;
use crate::sheet::CsvTable;

/// The function.
#[derive(Clone, Debug)]
pub struct ReportSatisfaction {
    table: Table,
    tenancy: TenantResolver,
    /// `REPORT_TIME_ZONE` (default UTC): the days are fixed when ratings are asked for, and here
    /// only named after it.
    time_zone: Option<TimeZoneName>,
}

impl ReportSatisfaction {
    /// The function as the environment wires it.
    ///
    /// # Errors
    /// Where a variable is missing or breaks its rule.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            tenancy: TenantResolver::from_environment(environment)?,
            time_zone: environment.parsed("REPORT_TIME_ZONE", TimeZoneName::parse)?,
        })
    }

    fn time_zone(&self) -> &str {
        self.time_zone.as_ref().map_or("UTC", TimeZoneName::as_str)
    }
}

impl HttpHandler for ReportSatisfaction {
    async fn handle(&self, call: HttpRequest) -> Result<HttpResponse, Failure> {
        match call.route() {
            "GET /v1/satisfaction" => self.report(&call).await,
            "GET /v1/ratings" => self.list_ratings(&call).await,
            _ => Err(Fault::internal("a route of another function came here").into()),
        }
    }
}

/// The form in which `call` wants its answer.
fn representation(call: &HttpRequest) -> Representation {
    Representation::preferred(call.header(&ACCEPT))
}

fn json_answer(body: impl Serialize) -> HttpResponse {
    HttpResponse::ok(body).with_header(VARY, HeaderValue::from_static("accept"))
}

/// One page of a file called `name` with the days that it is about.
fn csv_answer(sheet: CsvTable, name: &str, span: DaySpan, next: Option<&NextPage>) -> HttpResponse {
    let answer = HttpResponse::text("text/csv; charset=utf-8; header=present", sheet.into_text())
        .with_header(VARY, HeaderValue::from_static("accept"));
    let (from, to) = (span.from(), span.to());
    let file = format!("attachment; filename=\"{name}-{from}-{to}.csv\"");
    let link = next.map(NextPage::link);
    [(CONTENT_DISPOSITION, Some(file)), (LINK, link)]
        .into_iter()
        .filter_map(|(header, value)| Some((header, HeaderValue::try_from(value?).ok()?)))
        .fold(answer, |answer, (header, value)| {
            answer.with_header(header, value)
        })
}
