//! Reports how satisfied visitors are. `GET /v1/satisfaction` counts the ratings of a span of days,
//! and `GET /v1/ratings` lists them.
//!
//! Both assign a rating to the day on which it was requested, whenever it was given. The answers
//! are therefore always a subset of the requests. Both return JSON, or CSV if the `Accept` header
//! prefers it.

mod csv_table;
mod cursor;
mod grouped_counts;
mod grouping;
mod next_page;
mod ratings;
mod report;
mod representation;
mod span;
mod statistics;

use aws::{Environment, EnvironmentError};
use domain::{DaySpan, TimeZoneName};
use dynamodb::Table;
use errors::Failure;
use lambda::http::{HttpHandler, HttpRequest, HttpResponse, TenantResolver};
use lambda::settings;
use lambda_http::http::HeaderValue;
use lambda_http::http::header::{ACCEPT, CONTENT_DISPOSITION, LINK, VARY};
use serde::Serialize;

use crate::csv_table::CsvTable;
use crate::next_page::NextPage;
use crate::representation::Representation;

/// Reports and lists ratings.
#[derive(Clone, Debug)]
pub struct ReportSatisfaction {
    table: Table,
    tenants: TenantResolver,
    /// The time zone of the days. `None` means UTC. It is only shown here: the day of a rating is
    /// fixed when the rating is requested.
    time_zone: Option<TimeZoneName>,
}

impl ReportSatisfaction {
    /// Creates the handler from environment variables.
    ///
    /// # Errors
    /// If a required variable is missing or a variable is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            tenants: TenantResolver::from_environment(environment)?,
            time_zone: settings::report_time_zone_name(environment)?,
        })
    }

    fn time_zone(&self) -> &str {
        self.time_zone.as_ref().map_or("UTC", TimeZoneName::as_str)
    }
}

/// The routes of this function.
#[derive(Clone, Copy, Debug)]
pub enum Route {
    /// Counts ratings.
    Satisfaction,
    /// Lists ratings.
    Ratings,
}

impl HttpHandler for ReportSatisfaction {
    type Route = Route;

    const ROUTES: &'static [(&'static str, Route)] = &[
        ("GET /v1/satisfaction", Route::Satisfaction),
        ("GET /v1/ratings", Route::Ratings),
    ];

    async fn handle(&self, route: Route, request: HttpRequest) -> Result<HttpResponse, Failure> {
        match route {
            Route::Satisfaction => self.report(&request).await,
            Route::Ratings => self.list_ratings(&request).await,
        }
    }
}

/// Returns the format that the request prefers.
fn representation(request: &HttpRequest) -> Representation {
    Representation::preferred(request.header(&ACCEPT))
}

fn json_response(body: impl Serialize) -> HttpResponse {
    HttpResponse::ok(body).with_header(VARY, HeaderValue::from_static("accept"))
}

/// Returns one page of a CSV file. The file name consists of `name` and the days of `span`.
fn csv_response(
    table: CsvTable,
    name: &str,
    span: DaySpan,
    next: Option<&NextPage>,
) -> HttpResponse {
    let response = HttpResponse::text("text/csv; charset=utf-8; header=present", table.into_text())
        .with_header(VARY, HeaderValue::from_static("accept"));
    let (from, to) = (span.from(), span.to());
    let file = format!("attachment; filename=\"{name}-{from}-{to}.csv\"");
    let link = next.map(NextPage::link);
    [(CONTENT_DISPOSITION, Some(file)), (LINK, link)]
        .into_iter()
        .filter_map(|(header, value)| Some((header, HeaderValue::try_from(value?).ok()?)))
        .fold(response, |response, (header, value)| {
            response.with_header(header, value)
        })
}
