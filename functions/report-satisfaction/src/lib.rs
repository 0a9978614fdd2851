//! Reports how satisfied visitors are. `GET /v1/satisfaction` counts the ratings of a span of days,
//! and `GET /v1/ratings` lists them.
//!
//! Both assign a rating to the day on which it was requested, whenever it was given. The answers
//! are therefore always a subset of the requests. Both return JSON, or CSV if the `Accept` header
//! prefers it.

mod csv_table;
mod cursor;
mod filter;
mod grouped_counts;
mod grouping;
mod names;
mod next_page;
mod ratings;
mod report;
mod representation;
mod responses;
mod span;
mod statistics;

use aws::{Environment, EnvironmentError};
use domain::TimeZoneName;
use dynamodb::Table;
use errors::Failure;
use lambda::http::{HttpHandler, HttpRequest, HttpResponse, TenantResolver};
use lambda::settings;
use settings_cache::SettingsCache;

use crate::ratings::list_ratings;
use crate::report::report;

/// Reports and lists ratings.
#[derive(Clone, Debug)]
pub struct ReportSatisfaction {
    table: Table,
    tenants: TenantResolver,
    /// The time zone of the days. `None` means UTC. It is only shown here: the day of a rating is
    /// fixed when the rating is requested.
    time_zone: Option<TimeZoneName>,
    /// The labels of reasons.
    settings: SettingsCache,
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
            settings: SettingsCache::default(),
        })
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
            Route::Satisfaction => {
                let time_zone = self.time_zone.as_ref().map_or("UTC", TimeZoneName::as_str);
                let (table, tenants) = (&self.table, &self.tenants);
                report(table, tenants, &self.settings, time_zone, &request).await
            }
            Route::Ratings => list_ratings(&self.table, &self.tenants, &request).await,
        }
    }
}
